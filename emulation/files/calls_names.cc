// Calls that take names: open, mkdir, unlink, rename, link, symlink, readlink, access, chdir ...
#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/files/names.h"
#include "emulation/linux_abi.h"
#include "emulation/mach/interruptible.h"
#include "emulation/mach/scoped_right.h"
#include "emulation/process/process_state.h"
#include "emulation/process/renew.h"
#include "libs/mach/fs_user.h"
#include "libs/mach/process_user.h"

namespace emulation {
namespace {

using namespace linux_abi;

// A device node or fifo: the process server gives the real object.
int32_t open_special(Found& found, int flags) {
  const ScopedRight node(found.port);
  const int cookie = wait_cookie();
  const InterruptibleWait wait(PendingWait::Kind::kProcess, process_port(), cookie);
  return error_from(proc_open_special(process_port(), node.get(), flags, cookie, &found.port,
                                      &found.kind));
}

// A session leader without a terminal gets the one it opens, unless it says O_NOCTTY.
void take_controlling_terminal(const Found& found, int flags) {
  const process_page& page = shared_page();
  if (found.kind != IO_KIND_TERMINAL || (flags & O_NOCTTY) != 0) return;
  if (page.sid != page.pid || page.foreground != 0) return;
  proc_terminal(process_port(), found.port, PROC_TTY_SET);  // not to get it is no error
}

// What follows `prefix` in a path, or null.
template <uint32_t kSize>
const char* rest_after(const Path& path, const char (&prefix)[kSize]) {
  constexpr uint32_t kLength = kSize - 1;
  if (path.size() < kLength || __builtin_memcmp(path.data(), prefix, kLength) != 0) return nullptr;
  return path.data() + kLength;
}

// The descriptor that a path like /dev/fd/3 or /dev/stdin names; -1 when it is no such path.
int named_descriptor(const Path& path) {
  const char* const end = path.data() + path.size();
  if (rest_after(path, "/dev/stdin") == end) return 0;
  if (rest_after(path, "/dev/stdout") == end) return 1;
  if (rest_after(path, "/dev/stderr") == end) return 2;
  const char* number = rest_after(path, "/dev/fd/");
  if (number == nullptr) number = rest_after(path, "/proc/self/fd/");
  if (number == nullptr || number == end) return -1;
  int descriptor = 0;
  for (; number != end; ++number) {
    if (*number < '0' || *number > '9' || descriptor >= DescriptorTable::kSize) return -1;
    descriptor = descriptor * 10 + (*number - '0');
  }
  return descriptor;
}

// Opening such a name makes another descriptor of the same open file, as far as that allows what
// is asked.
int32_t open_descriptor(int descriptor, int flags) {
  OpenFile* file = descriptors.get_io(descriptor);
  if (file == nullptr) return -ENOENT;
  const int have = file->flags() & O_ACCMODE;
  if (have != O_RDWR && have != (flags & O_ACCMODE)) return -EACCES;
  return descriptors.duplicate(*file, 0, (flags & O_CLOEXEC) != 0);
}

int32_t open_path(int dirfd, uint32_t path_address, int flags, uint32_t mode) {
  Path path;
  int32_t error = path.load(path_address);
  if (error != 0) return error;
  if (const int descriptor = named_descriptor(path); descriptor >= 0 && (flags & O_PATH) == 0) {
    return open_descriptor(descriptor, flags);
  }
  Found found;
  error = look_up(dirfd, path, flags, static_cast<int>(mode & 07777 & ~process_state.umask), found);
  if (error != 0) return error;
  if (found.kind == IO_KIND_SPECIAL && (flags & O_PATH) == 0) {
    error = open_special(found, flags);
    if (error != 0) return error;
  }
  take_controlling_terminal(found, flags);
  return descriptors.open(found.port, found.kind, flags, 0, found.slot);
}

// One of the name operations that need nothing but a directory and a path.
template <typename Call>
int32_t name_operation(int dirfd, uint32_t path_address, Call call) {
  Path path;
  int32_t error = path.load(path_address);
  if (error != 0) return error;
  const mach_port_t start =
      path.absolute() ? directories.root : directories.start_of(dirfd, &error);
  return error != 0 ? error : walk(start, path, call);
}

int32_t make_node(int dirfd, uint32_t path, uint32_t mode, uint32_t rdev) {
  const uint32_t masked = mode & ~process_state.umask;
  return name_operation(dirfd, path, [&](mach_port_t dir, char* text, uint32_t size, Retry& t) {
    return fs_mknod(dir, text, size, static_cast<int>(masked), static_cast<int>(rdev), &t.kind,
                    &t.mount, t.path, &t.size);
  });
}

int32_t remove_name(int dirfd, uint32_t path, int flags) {
  return name_operation(dirfd, path, [&](mach_port_t dir, char* text, uint32_t size, Retry& t) {
    return fs_unlink(dir, text, size, flags, &t.kind, &t.mount, t.path, &t.size);
  });
}

int32_t make_symlink(uint32_t target_address, int dirfd, uint32_t path) {
  Path target;
  const int32_t error = target.load(target_address);
  if (error != 0) return error;
  return name_operation(dirfd, path, [&](mach_port_t dir, char* text, uint32_t size, Retry& t) {
    return fs_symlink(dir, text, size, target.buffer(), target.size(), &t.kind, &t.mount, t.path,
                      &t.size);
  });
}

int32_t read_link(int dirfd, uint32_t path, uint32_t buffer, uint32_t size) {
  if (static_cast<int32_t>(size) <= 0) return -EINVAL;
  Path target;
  const int32_t error =
      name_operation(dirfd, path, [&](mach_port_t dir, char* text, uint32_t length, Retry& t) {
        mach_msg_type_number_t target_size = POSIX_PATH_MAX;
        const kern_return_t kr = fs_readlink(dir, text, length, target.buffer(), &target_size,
                                             &t.kind, &t.mount, t.path, &t.size);
        target.set_size(kr == KERN_SUCCESS ? target_size : 0);
        return kr;
      });
  if (error != 0) return error;
  const uint32_t count = target.size() < size ? target.size() : size;
  return copy_out(buffer, target.data(), count) ? static_cast<int32_t>(count) : -EFAULT;
}

int32_t check_access(int dirfd, uint32_t path, int mode, int flags) {
  const process_page& page = shared_page();
  const bool effective = (flags & AT_EACCESS) != 0;
  const uint32_t uid = effective ? page.euid : page.uid;
  const uint32_t gid = effective ? page.egid : page.gid;
  if ((mode & ~7) != 0) return -EINVAL;
  return name_operation(dirfd, path, [&](mach_port_t dir, char* text, uint32_t size, Retry& t) {
    return fs_access(dir, text, size, mode, static_cast<int>(uid), static_cast<int>(gid), flags,
                     &t.kind, &t.mount, t.path, &t.size);
  });
}

// A path split for rename and link: the port of its parent directory and its last component.
struct Parent {
  Found directory;
  Path path;
  char* name = nullptr;
  uint32_t name_size = 0;

  ~Parent() {
    if (directory.port != MACH_PORT_NULL) {
      syscall_mach_port_deallocate(mach_task_self(), directory.port);
    }
  }

  int32_t load(int dirfd, uint32_t address) {
    const int32_t error = path.load(address);
    if (error != 0) return error;
    uint32_t end = path.size();
    while (end > 1 && path.data()[end - 1] == '/') --end;
    uint32_t begin = end;
    while (begin > 0 && path.data()[begin - 1] != '/') --begin;
    name_size = end - begin;
    if (name_size == 0 || name_size > 255) return name_size == 0 ? -EBUSY : -ENAMETOOLONG;
    __builtin_memcpy(name_buffer, path.data() + begin, name_size);
    name = name_buffer;
    if (begin == 0) {
      path.set(".", 1);
    } else {
      path.set_size(begin);
    }
    return look_up(dirfd, path, O_PATH | O_DIRECTORY, 0, directory);
  }

 private:
  char name_buffer[256];
};

int32_t rename_path(int from_fd, uint32_t from_path, int to_fd, uint32_t to_path, uint32_t flags) {
  Parent from;
  int32_t error = from.load(from_fd, from_path);
  if (error != 0) return error;
  Parent to;
  error = to.load(to_fd, to_path);
  if (error != 0) return error;
  return error_from(fs_rename(from.directory.port, from.name, from.name_size, to.directory.port,
                              to.name, to.name_size, static_cast<int>(flags)));
}

int32_t link_path(int from_fd, uint32_t from_path, int to_fd, uint32_t to_path, uint32_t flags) {
  Path path;
  int32_t error = (flags & AT_EMPTY_PATH) != 0 ? path.load_maybe_empty(from_path)
                                               : path.load(from_path);
  if (error != 0) return error;
  Found file;
  const int follow = (flags & AT_SYMLINK_FOLLOW) != 0 ? 0 : O_NOFOLLOW;
  error = look_up(from_fd, path, O_PATH | follow, 0, file);
  if (error != 0) return error;
  const ScopedRight right(file.port);
  Parent to;
  error = to.load(to_fd, to_path);
  if (error != 0) return error;
  return error_from(fs_link(to.directory.port, to.name, to.name_size, file.port));
}

int32_t dirfd_of(uint32_t reg) { return static_cast<int32_t>(reg); }

}  // namespace

int32_t current_path(char* path, mach_msg_type_number_t* size) {
  return error_from(fs_getcwd(directories.current, path, size));
}

namespace calls {

int32_t open(Registers& r) { return open_path(AT_FDCWD, r.ebx, r.ecx, r.edx); }
int32_t openat(Registers& r) { return open_path(dirfd_of(r.ebx), r.ecx, r.edx, r.esi); }
int32_t creat(Registers& r) {
  return open_path(AT_FDCWD, r.ebx, O_CREAT | O_WRONLY | O_TRUNC, r.ecx);
}

int32_t mkdir(Registers& r) {
  return make_node(AT_FDCWD, r.ebx, (r.ecx & 01777) | S_IFDIR, 0);
}
int32_t mkdirat(Registers& r) {
  return make_node(dirfd_of(r.ebx), r.ecx, (r.edx & 01777) | S_IFDIR, 0);
}
int32_t mknod(Registers& r) { return make_node(AT_FDCWD, r.ebx, r.ecx, r.edx); }
int32_t mknodat(Registers& r) { return make_node(dirfd_of(r.ebx), r.ecx, r.edx, r.esi); }

int32_t unlink(Registers& r) { return remove_name(AT_FDCWD, r.ebx, 0); }
int32_t rmdir(Registers& r) { return remove_name(AT_FDCWD, r.ebx, AT_REMOVEDIR); }
int32_t unlinkat(Registers& r) {
  if ((r.edx & ~AT_REMOVEDIR) != 0) return -EINVAL;
  return remove_name(dirfd_of(r.ebx), r.ecx, static_cast<int>(r.edx));
}

int32_t symlink(Registers& r) { return make_symlink(r.ebx, AT_FDCWD, r.ecx); }
int32_t symlinkat(Registers& r) { return make_symlink(r.ebx, dirfd_of(r.ecx), r.edx); }
int32_t readlink(Registers& r) { return read_link(AT_FDCWD, r.ebx, r.ecx, r.edx); }
int32_t readlinkat(Registers& r) { return read_link(dirfd_of(r.ebx), r.ecx, r.edx, r.esi); }

int32_t access(Registers& r) {
  return check_access(AT_FDCWD, r.ebx, static_cast<int>(r.ecx), 0);
}
int32_t faccessat(Registers& r) {
  return check_access(dirfd_of(r.ebx), r.ecx, static_cast<int>(r.edx), 0);
}
int32_t faccessat2(Registers& r) {
  return check_access(dirfd_of(r.ebx), r.ecx, static_cast<int>(r.edx), static_cast<int>(r.esi));
}

int32_t rename(Registers& r) { return rename_path(AT_FDCWD, r.ebx, AT_FDCWD, r.ecx, 0); }
int32_t renameat(Registers& r) {
  return rename_path(dirfd_of(r.ebx), r.ecx, dirfd_of(r.edx), r.esi, 0);
}
int32_t renameat2(Registers& r) {
  return rename_path(dirfd_of(r.ebx), r.ecx, dirfd_of(r.edx), r.esi, r.edi);
}

int32_t link(Registers& r) { return link_path(AT_FDCWD, r.ebx, AT_FDCWD, r.ecx, 0); }
int32_t linkat(Registers& r) {
  return link_path(dirfd_of(r.ebx), r.ecx, dirfd_of(r.edx), r.esi, r.edi);
}

int32_t chdir(Registers& r) {
  Path path;
  int32_t error = path.load(r.ebx);
  if (error != 0) return error;
  Found found;
  error = look_up(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0, found);
  if (error == 0) directories.set_current(found.port);
  return error;
}

int32_t fchdir(Registers& r) {
  OpenFile* file = descriptors.get(static_cast<int>(r.ebx));
  if (file == nullptr) return -EBADF;
  if (file->kind != IO_KIND_DIRECTORY) return -ENOTDIR;
  // A right of its own: the descriptor may be closed.
  Path here;
  here.set(".", 1);
  Found found;
  const int32_t error = look_up(static_cast<int>(r.ebx), here, O_PATH | O_DIRECTORY, 0, found);
  if (error == 0) directories.set_current(found.port);
  return error;
}

int32_t chroot(Registers& r) {
  if (shared_page().euid != 0) return -EPERM;
  Path path;
  int32_t error = path.load(r.ebx);
  if (error != 0) return error;
  Found found;
  error = look_up(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0, found);
  if (error != 0) return error;
  const ScopedRight directory(found.port);
  mach_port_t root = MACH_PORT_NULL;
  error = error_from(fs_reroot(found.port, found.port, &root));
  if (error != 0) return error;
  syscall_mach_port_deallocate(mach_task_self(), directories.root);
  directories.root = root;
  return 0;
}

int32_t getcwd(Registers& r) {
  char path[POSIX_PATH_MAX];
  mach_msg_type_number_t size = sizeof path - 1;
  const int32_t error = current_path(path, &size);
  if (error != 0) return error;
  path[size] = 0;
  if (r.ecx < size + 1) return -ERANGE;
  return copy_out(r.ebx, path, size + 1) ? static_cast<int32_t>(size + 1) : -EFAULT;
}

int32_t umask(Registers& r) {
  const uint32_t old = process_state.umask;
  process_state.umask = r.ebx & 0777;
  return static_cast<int32_t>(old);
}

}  // namespace calls
}  // namespace emulation
