// A thread's own segment descriptors (book appendix C, i386_set_ldt, and the GDT slots).
#pragma once

#include <cstdint>
#include <span>

#include "libs/base/result.h"
#include "platform/context.h"

namespace kern {
class Thread;
}

namespace arch {

// i386_set_ldt: descriptors for LDT entries from the one `first_selector` names. The four standard
// entries cannot be changed. KERN_INVALID_ARGUMENT, KERN_RESOURCE_SHORTAGE.
base::Status set_ldt(kern::Thread& thread, uint32_t first_selector,
                     std::span<const Descriptor> descriptors);

// i386_get_ldt: copies up to out.size() descriptors, at most `wanted`; the number copied.
base::Result<uint32_t> get_ldt(kern::Thread& thread, uint32_t first_selector, uint32_t wanted,
                               std::span<Descriptor> out);

// i386_set_gdt: sets a GDT slot of the thread. `selector` names the slot; 0 means the first free
// one of the slots for thread-local storage, and becomes its selector.
// KERN_INVALID_ARGUMENT: not a user slot, or not a safe descriptor; KERN_NO_SPACE.
base::Status set_gdt(kern::Thread& thread, uint32_t& selector, Descriptor descriptor);

// i386_get_gdt.
base::Result<Descriptor> get_gdt(kern::Thread& thread, uint32_t selector);

}  // namespace arch
