// Where names are looked up: the root and current directory, and mounted servers.
#pragma once

#include <cstdint>

#include <mach/message.h>
#include <mach/port.h>
#include <servers/posix_types.h>

#include "emulation/mach/servers.h"
#include "emulation/memory/user_memory.h"

namespace emulation {

// A path of the program, copied into the library. On the stack of one call.
class Path {
 public:
  // 0, -EFAULT, -ENAMETOOLONG, or -ENOENT for the empty string.
  int32_t load(uint32_t address);
  // As load, but an empty path is fine (AT_EMPTY_PATH).
  int32_t load_maybe_empty(uint32_t address);
  void set(const char* text, uint32_t size);

  const char* data() const { return text_; }
  char* buffer() { return text_; }
  uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool absolute() const { return size_ != 0 && text_[0] == '/'; }
  void set_size(uint32_t size) { size_ = size; }

 private:
  uint32_t size_ = 0;
  char text_[POSIX_PATH_MAX];
};

// Where a server says a walk goes on (fs.defs, FS_RETRY_*).
struct Retry {
  int kind = FS_RETRY_NONE;
  int mount = 0;
  mach_msg_type_number_t size = POSIX_PATH_MAX;
  char path[POSIX_PATH_MAX];
};

// The directories of the process. Send rights; copied by fork.
struct Directories {
  static constexpr int kMaxMounts = 16;
  mach_port_t root;
  mach_port_t current;
  mach_port_t mounts[kMaxMounts];  // roots of mounted servers, fetched when first needed

  // The directory that a relative path of an *at call starts from, or MACH_PORT_NULL with -EBADF or
  // -ENOTDIR in `error`.
  mach_port_t start_of(int dirfd, int32_t* error) const;
  // The root of mounted server `mount`, or MACH_PORT_NULL.
  mach_port_t mount_root(int mount);
  // A name operation found nobody at `directory` and so did nothing. If that was the root, its file
  // server is gone: the root of the next one takes its place, in `directory` too. False: it was not,
  // or there is no other. A current directory in the old one stays useless until chdir.
  bool replace_dead_root(mach_port_t& directory);
  // Takes a new root. Forgets the mounted roots: their credentials may be out of date.
  void set_root(mach_port_t port);
  void set_current(mach_port_t port);
  // One right becomes root and current directory of the first process.
  void set_first(mach_port_t port);
  // fork: the child gets root and current directory. Mounted roots belong to one process (/proc/self):
  // the child fetches its own, after forget_mounts() there.
  kern_return_t insert_rights(mach_port_t child) const;
  void forget_mounts();
};

extern Directories directories;

// Makes `call(directory, path, size, retry)` where `path` leads from `start`, again wherever servers
// say that it goes on. `call` is a name operation of fs.defs. Returns 0 or -errno.
template <typename Call>
int32_t walk(mach_port_t start, Path& path, Call call) {
  constexpr int kMaxRetries = 40;
  for (int i = 0; i < kMaxRetries; ++i) {
    Retry retry;
    const kern_return_t kr = call(start, path.buffer(), path.size(), retry);
    if (kr != KERN_SUCCESS) {
      if (kr == MACH_SEND_INVALID_DEST && directories.replace_dead_root(start)) continue;
      return error_from(kr);
    }
    if (retry.kind == FS_RETRY_NONE) return 0;
    start = retry.kind == FS_RETRY_ROOT ? directories.root : directories.mount_root(retry.mount);
    if (start == MACH_PORT_NULL) return -EIO;
    path.set(retry.path, retry.size);
  }
  return -ELOOP;
}

// An object that was looked up: fs_lookup's results.
struct Found {
  mach_port_t port = MACH_PORT_NULL;
  int kind = 0;
  uint32_t slot = 0;  // <servers/file_slots.h>
  io_stat_t attributes;
};

// fs_lookup from `dirfd`. `flags`: Linux O_*; `mode`: permissions with the umask applied.
int32_t look_up(int dirfd, Path& path, int flags, int mode, Found& found);

}  // namespace emulation
