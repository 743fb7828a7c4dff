// Raw copies between the kernel and the current address space with fault recovery.
// Callers outside kernel/kern use kernel/kern/user_ptr.h, which also checks the range.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/arch/phys.h"

namespace arch {

// The user range must have been checked to end at or below 0xC0000000. False: a page fault in it
// could not be resolved.
[[nodiscard]] bool copy_from_user(void* to, uint32_t from, size_t size);
[[nodiscard]] bool copy_to_user(uint32_t to, const void* from, size_t size);

// The same with a part of one physical page on the kernel's side, without resolving faults, so that nothing else can
// happen meanwhile. False: a page fault at last_user_fault_address(); what was copied by then is unspecified.
[[nodiscard]] bool copy_phys_to_user_now(uint32_t to, PhysAddr from, size_t size);
[[nodiscard]] bool copy_user_to_phys_now(PhysAddr to, uint32_t from, size_t size);

// copy_words_from_user(to, from, words) and copy_words_to_user(to, from, words): the same in line,
// for copies of known alignment, in platform/user_words.h.

// The user address whose fault made the last copy of the current thread fail.
uint32_t last_user_fault_address();

}  // namespace arch

#include "platform/user_words.h"
