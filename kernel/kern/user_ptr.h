// The only way to user memory: typed, checked pointers into the current task.
#pragma once

#include <mach/kern_return.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "kernel/arch/user_copy.h"
#include "libs/base/result.h"

namespace kern {

using UserAddr = uint32_t;

// One past the last user address.
inline constexpr UserAddr kUserEnd = 0xC0000000;

constexpr bool in_user_space(UserAddr a, size_t size) {
  return a <= kUserEnd && size <= kUserEnd - a;
}

// Copies between kernel memory and the current task. The whole range must lie below kUserEnd.
// A fault is resolved as if the user had touched the page (so these may block and page in); what
// cannot be resolved gives KERN_INVALID_ADDRESS and an unspecified part copied.
[[nodiscard]] inline base::Status copy_in_bytes(void* to, UserAddr from, size_t size) {
  if (in_user_space(from, size) && arch::copy_from_user(to, from, size)) [[likely]] return {};
  return base::Error(KERN_INVALID_ADDRESS);
}
[[nodiscard]] inline base::Status copy_out_bytes(UserAddr to, const void* from, size_t size) {
  if (in_user_space(to, size) && arch::copy_to_user(to, from, size)) [[likely]] return {};
  return base::Error(KERN_INVALID_ADDRESS);
}

// After a failed copy: thread_abort interrupted the page fault it took, so the memory may be good.
[[nodiscard]] bool copy_was_aborted();

// Copies a zero-terminated string of at most `capacity` bytes, terminator included.
// KERN_INVALID_ADDRESS, or KERN_INVALID_ARGUMENT when no terminator comes in time.
[[nodiscard]] base::Status copy_in_string(char* to, UserAddr from, size_t capacity);

// A user address that is supposed to hold a T.
template <typename T>
  requires std::is_trivially_copyable_v<T>
struct UserPtr {
  UserAddr addr = 0;

  [[nodiscard]] base::Status copy_in(T& to) const { return copy_in_bytes(&to, addr, sizeof(T)); }
  [[nodiscard]] base::Status copy_out(const T& from) const {
    return copy_out_bytes(addr, &from, sizeof(T));
  }
  explicit operator bool() const { return addr != 0; }
};

}  // namespace kern
