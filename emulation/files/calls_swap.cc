// swapon, swapoff.
#include <algorithm>
#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/entry/thread_block.h"
#include "emulation/files/names.h"
#include "emulation/linux_abi.h"
#include "emulation/mach/scoped_right.h"
#include "emulation/mach/servers.h"
#include "emulation/process/process_state.h"
#include "libs/mach/process_user.h"

namespace emulation::calls {
namespace {

// Longest path that the process server takes.
constexpr uint32_t kMaxName = 255;

// The process server knows what to do with a partition or file; paths of files that are kept are absolute.
int32_t set_swap(uint32_t address, bool on) {
  if (shared_page().euid != 0) return -EPERM;
  Path path;
  int32_t error = path.load(address);
  if (error != 0) return error;
  if (!path.absolute()) return -EINVAL;
  char name[kMaxName];
  const uint32_t size = path.size();
  if (size > sizeof name) return -ENAMETOOLONG;
  std::copy_n(path.data(), size, name);  // looking it up may change the path
  Found found;
  error = look_up(linux_abi::AT_FDCWD, path, linux_abi::O_PATH, 0, found);
  if (error != 0) return error;
  const ScopedRight right(found.port);
  return error_from(proc_set_swap(process_port(), name, size, found.port, on));
}

}  // namespace

int32_t swapon(Registers& r) { return set_swap(r.ebx, true); }
int32_t swapoff(Registers& r) { return set_swap(r.ebx, false); }

}  // namespace emulation::calls
