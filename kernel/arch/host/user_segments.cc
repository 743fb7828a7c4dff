// The unit-test machine has no segment descriptors of a thread's own.
#include "kernel/arch/user_segments.h"

#include <mach/kern_return.h>

namespace arch {

base::Status set_ldt(kern::Thread&, uint32_t, std::span<const Descriptor>) {
  return base::Error(KERN_FAILURE);
}

base::Result<uint32_t> get_ldt(kern::Thread&, uint32_t, uint32_t, std::span<Descriptor>) {
  return base::Error(KERN_FAILURE);
}

base::Status set_gdt(kern::Thread&, uint32_t&, Descriptor) { return base::Error(KERN_FAILURE); }

base::Result<Descriptor> get_gdt(kern::Thread&, uint32_t) { return base::Error(KERN_FAILURE); }

}  // namespace arch
