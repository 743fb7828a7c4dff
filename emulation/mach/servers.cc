#include "emulation/mach/servers.h"

#include <mach/message.h>

#include "libs/mach/process_user.h"

namespace emulation {

int32_t error_from(kern_return_t kr) {
  if (kr == KERN_SUCCESS) [[likely]] return 0;
  if (IS_POSIX_ERROR(kr)) return -static_cast<int32_t>(POSIX_ERRNO(kr));
  switch (kr) {
    case MACH_SEND_INTERRUPTED: return -EINTR;
    case KERN_RESOURCE_SHORTAGE:
    case KERN_NO_SPACE: return -ENOMEM;
    case KERN_INVALID_ADDRESS: return -EFAULT;
    case KERN_PROTECTION_FAILURE:
    case KERN_NO_ACCESS: return -EACCES;
    case KERN_INVALID_ARGUMENT:
    case KERN_INVALID_VALUE: return -EINVAL;
    default: return -EIO;
  }
}

void count_unimplemented(int32_t number) { proc_unimplemented(process_port(), number); }

}  // namespace emulation
