#include "emulation/files/names.h"

#include "emulation/files/descriptor_table.h"
#include "emulation/files/file_windows.h"
#include "emulation/linux_abi.h"
#include "emulation/mach/child_right.h"
#include "emulation/mach/traps.h"
#include "libs/mach/fs_user.h"
#include "libs/mach/process_user.h"

namespace emulation {

constinit Directories directories{};

namespace {

bool is_dead(mach_port_t port) {
  mach_port_type_t type = 0;
  return mach_port_type(mach_task_self(), port, &type) != KERN_SUCCESS ||
         (type & MACH_PORT_TYPE_SEND) == 0;
}

}  // namespace

int32_t Path::load_maybe_empty(uint32_t address) {
  if (!program_range(address, 1)) return -EFAULT;
  const auto* string = reinterpret_cast<const char*>(address);
  const uint32_t length = emulation_string_length(string, POSIX_PATH_MAX);
  if (length == ~0u) return -EFAULT;
  if (length >= POSIX_PATH_MAX) return -ENAMETOOLONG;
  if (!copy_in(text_, address, length)) return -EFAULT;
  size_ = length;
  return 0;
}

int32_t Path::load(uint32_t address) {
  const int32_t error = load_maybe_empty(address);
  if (error != 0) return error;
  return size_ == 0 ? -ENOENT : 0;
}

void Path::set(const char* text, uint32_t size) {
  size_ = size < POSIX_PATH_MAX ? size : POSIX_PATH_MAX;
  __builtin_memcpy(text_, text, size_);
}

mach_port_t Directories::start_of(int dirfd, int32_t* error) const {
  *error = 0;
  if (dirfd == linux_abi::AT_FDCWD) return current;
  const OpenFile* file = descriptors.get(dirfd);
  *error = file == nullptr ? -EBADF : file->kind != IO_KIND_DIRECTORY ? -ENOTDIR : 0;
  return *error == 0 ? file->port : MACH_PORT_NULL;
}

mach_port_t Directories::mount_root(int mount) {
  if (mount <= 0 || mount >= kMaxMounts) return MACH_PORT_NULL;
  if (mounts[mount] == MACH_PORT_NULL) {
    mach_port_t root = MACH_PORT_NULL;
    if (proc_get_root(process_port(), mount, &root) == KERN_SUCCESS) mounts[mount] = root;
  }
  return mounts[mount];
}

void Directories::set_first(mach_port_t port) {
  root = current = port;
  mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, 1);
}

bool Directories::replace_dead_root(mach_port_t& directory) {
  mach_port_t fresh = MACH_PORT_NULL;
  if (directory != root || proc_get_root(process_port(), 0, &fresh) != KERN_SUCCESS) return false;
  set_root(fresh);
  directory = fresh;
  return true;
}

void Directories::set_root(mach_port_t port) {
  if (is_dead(root)) file_windows.forget_server();
  syscall_mach_port_deallocate(mach_task_self(), root);
  root = port;
  for (mach_port_t& mount : mounts) {
    if (mount != MACH_PORT_NULL) syscall_mach_port_deallocate(mach_task_self(), mount);
    mount = MACH_PORT_NULL;
  }
}

void Directories::set_current(mach_port_t port) {
  syscall_mach_port_deallocate(mach_task_self(), current);
  current = port;
}

kern_return_t Directories::insert_rights(mach_port_t child) const {
  const auto insert = [child](mach_port_t port) {
    return port == MACH_PORT_NULL ? KERN_SUCCESS : give_to_child(child, port);
  };
  // Root and current directory may have one name, which then has two references there as here.
  const kern_return_t kr = insert(root);
  return kr == KERN_SUCCESS ? insert(current) : kr;
}

// The names denote nothing in the child's port space: there is nothing to release.
void Directories::forget_mounts() {
  for (mach_port_t& mount : mounts) mount = MACH_PORT_NULL;
}

int32_t look_up(int dirfd, Path& path, int flags, int mode, Found& found) {
  int32_t error = 0;
  const mach_port_t start =
      path.absolute() ? directories.root : directories.start_of(dirfd, &error);
  if (error != 0) return error;
  int kind = 0;
  error = walk(start, path, [&](mach_port_t dir, char* text, uint32_t size, Retry& retry) {
    return fs_lookup(dir, text, size, flags | FS_LOOKUP_SLOT, mode, &found.port, &kind,
                     &found.attributes, &retry.kind, &retry.mount, retry.path, &retry.size);
  });
  found.kind = FS_KIND(kind);
  found.slot = FS_SLOT(kind);
  return error;
}

}  // namespace emulation
