// Memory calls of libc. Results as of Linux: an address or 0, or a negative Errno.
#pragma once

namespace server_libc {

// Anonymous private memory only. Errors: kEnodev (a file), kEnomem, kEinval.
long map_memory(unsigned long address, unsigned long size, long protection, long flags, long fd);
long unmap_memory(unsigned long address, unsigned long size);
long protect_memory(unsigned long address, unsigned long size, long protection);
// Hints are accepted; kAdviceDontNeed empties the pages.
long advise_memory(unsigned long address, unsigned long size, long advice);

}  // namespace server_libc
