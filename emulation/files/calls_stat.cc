// stat in its forms, statx, statfs, getdents64.
#include <algorithm>
#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/files/file_windows.h"
#include "emulation/files/names.h"
#include "emulation/files/transfer.h"
#include "emulation/linux_abi.h"
#include "emulation/mach/scoped_right.h"
#include "libs/mach/fs_user.h"
#include "libs/mach/io_user.h"

namespace emulation {
namespace {

using namespace linux_abi;

int32_t stat_path(int dirfd, uint32_t path_address, uint32_t flags, io_stat_t* attributes) {
  Path path;
  const bool empty_ok = (flags & AT_EMPTY_PATH) != 0;
  int32_t error = empty_ok ? path.load_maybe_empty(path_address) : path.load(path_address);
  if (error != 0) return error;
  if (path.empty()) {
    if (dirfd == AT_FDCWD) return error_from(io_stat(directories.current, attributes));
    OpenFile* file = descriptors.get(dirfd);
    return file == nullptr ? -EBADF : file_attributes(*file, *attributes);
  }
  const mach_port_t start =
      path.absolute() ? directories.root : directories.start_of(dirfd, &error);
  if (error != 0) return error;
  const int open_flags = (flags & AT_SYMLINK_NOFOLLOW) != 0 ? O_NOFOLLOW : 0;
  return walk(start, path, [&](mach_port_t dir, char* text, uint32_t size, Retry& t) {
    return fs_stat(dir, text, size, open_flags, attributes, &t.kind, &t.mount, t.path, &t.size);
  });
}

int32_t stat_descriptor(uint32_t fd, io_stat_t* attributes) {
  OpenFile* file = descriptors.get(static_cast<int>(fd));
  return file == nullptr ? -EBADF : file_attributes(*file, *attributes);
}

int32_t store_stat64(uint32_t address, const io_stat_t& a) {
  const Stat64 out{
      .st_dev = a.st_dev,
      .st_ino_low = static_cast<uint32_t>(a.st_ino),
      .st_mode = a.st_mode,
      .st_nlink = a.st_nlink,
      .st_uid = a.st_uid,
      .st_gid = a.st_gid,
      .st_rdev = a.st_rdev,
      .st_size = a.st_size,
      .st_blksize = a.st_blksize,
      .st_blocks = a.st_blocks,
      .st_atime_sec = static_cast<uint32_t>(a.st_atime_sec),
      .st_atime_nsec = a.st_atime_nsec,
      .st_mtime_sec = static_cast<uint32_t>(a.st_mtime_sec),
      .st_mtime_nsec = a.st_mtime_nsec,
      .st_ctime_sec = static_cast<uint32_t>(a.st_ctime_sec),
      .st_ctime_nsec = a.st_ctime_nsec,
      .st_ino = a.st_ino,
  };
  return copy_out(address, out) ? 0 : -EFAULT;
}

uint32_t device_major(uint64_t device) {
  return static_cast<uint32_t>((device >> 8 & 0xfff) | (device >> 32 & ~0xfffu));
}
uint32_t device_minor(uint64_t device) {
  return static_cast<uint32_t>((device & 0xff) | (device >> 12 & 0xffffff00u));
}

// Field by field: an initializer would write everything twice.
[[gnu::always_inline]] inline void fill_statx(Statx& out, const io_stat_t& a) {
  out.mask = kStatxBasic;
  out.blksize = a.st_blksize;
  out.attributes = 0;
  out.nlink = a.st_nlink;
  out.uid = a.st_uid;
  out.gid = a.st_gid;
  out.mode = static_cast<uint16_t>(a.st_mode);
  out.pad1 = 0;
  out.ino = a.st_ino;
  out.size = static_cast<uint64_t>(a.st_size);
  out.blocks = a.st_blocks;
  out.attributes_mask = 0;
  out.atime = {a.st_atime_sec, a.st_atime_nsec, 0};
  out.btime = {};
  out.ctime = {a.st_ctime_sec, a.st_ctime_nsec, 0};
  out.mtime = {a.st_mtime_sec, a.st_mtime_nsec, 0};
  out.rdev_major = device_major(a.st_rdev);
  out.rdev_minor = device_minor(a.st_rdev);
  out.dev_major = device_major(a.st_dev);
  out.dev_minor = device_minor(a.st_dev);
  out.mount_id = 0;
  for (uint32_t& word : out.alignment) word = 0;
  for (uint64_t& word : out.spare) word = 0;
}

int32_t store_statx(uint32_t address, const io_stat_t& a) {
  Statx out;
  fill_statx(out, a);
  return copy_out(address, out) ? 0 : -EFAULT;
}

// fstat() as C libraries make it, of a file whose slot shows it: without a message and from there
// into the program's memory. False: not this time.
bool statx_shown(const Registers& r, int32_t* result) {
  char first;
  if ((r.edx & AT_EMPTY_PATH) == 0 || !copy_in(first, r.ecx) || first != 0) return false;
  const OpenFile* file = descriptors.get(static_cast<int>(r.ebx));
  const file_slot* slot = file != nullptr ? file_windows.shown(*file) : nullptr;
  if (slot == nullptr) return false;
  *result = -EFAULT;
  if (!try_out(r.edi, sizeof(Statx))) return true;
  const unsigned sequence = slot->sequence;
  fill_statx(*reinterpret_cast<Statx*>(r.edi), slot->attributes);
  asm volatile("" ::: "memory");
  *result = 0;
  return (sequence & 1) == 0 && slot->sequence == sequence;
}

int32_t store_statfs64(uint32_t address, const fs_statfs_t& f) {
  const Statfs64 out{
      .type = f.f_type,
      .bsize = f.f_bsize,
      .blocks = f.f_blocks,
      .bfree = f.f_bfree,
      .bavail = f.f_bavail,
      .files = f.f_files,
      .ffree = f.f_ffree,
      .namelen = f.f_namelen,
      .frsize = f.f_bsize,
      .flags = f.f_flags,
  };
  return copy_out(address, out) ? 0 : -EFAULT;
}

int32_t store_statfs_of(mach_port_t port, uint32_t size, uint32_t address) {
  if (size != sizeof(Statfs64) && size != sizeof(Statfs64) - 4) return -EINVAL;
  fs_statfs_t info;
  const int32_t error = error_from(fs_statfs(port, &info));
  return error != 0 ? error : store_statfs64(address, info);
}

}  // namespace

namespace calls {

int32_t stat64(Registers& r) {
  io_stat_t a;
  const int32_t error = stat_path(AT_FDCWD, r.ebx, 0, &a);
  return error != 0 ? error : store_stat64(r.ecx, a);
}
int32_t lstat64(Registers& r) {
  io_stat_t a;
  const int32_t error = stat_path(AT_FDCWD, r.ebx, AT_SYMLINK_NOFOLLOW, &a);
  return error != 0 ? error : store_stat64(r.ecx, a);
}
int32_t fstat64(Registers& r) {
  io_stat_t a;
  const int32_t error = stat_descriptor(r.ebx, &a);
  return error != 0 ? error : store_stat64(r.ecx, a);
}
int32_t fstatat64(Registers& r) {
  io_stat_t a;
  const int32_t error = stat_path(static_cast<int>(r.ebx), r.ecx, r.esi, &a);
  return error != 0 ? error : store_stat64(r.edx, a);
}
// statx(dirfd, path, flags, mask, buffer)
int32_t statx(Registers& r) {
  int32_t error;
  if (statx_shown(r, &error)) return error;
  io_stat_t a;
  error = stat_path(static_cast<int>(r.ebx), r.ecx, r.edx, &a);
  return error != 0 ? error : store_statx(r.edi, a);
}

int32_t statfs64(Registers& r) {
  Path path;
  int32_t error = path.load(r.ebx);
  if (error != 0) return error;
  Found found;
  error = look_up(AT_FDCWD, path, O_PATH, 0, found);
  if (error != 0) return error;
  const ScopedRight right(found.port);
  return store_statfs_of(found.port, r.ecx, r.edx);
}
int32_t fstatfs64(Registers& r) {
  OpenFile* file = descriptors.get(static_cast<int>(r.ebx));
  return file == nullptr ? -EBADF : store_statfs_of(file->port, r.ecx, r.edx);
}

int32_t getdents64(Registers& r) {
  OpenFile* file = descriptors.get_io(static_cast<int>(r.ebx));
  if (file == nullptr) return -EBADF;
  if (file->kind != IO_KIND_DIRECTORY) return -ENOTDIR;
  constexpr uint32_t kMost = 64 * 1024;
  char in_line[POSIX_IO_INLINE];
  char* data = in_line;
  mach_msg_type_number_t size = sizeof in_line;
  const OffsetLock lock(*file->shared);
  const int32_t error = error_from(
      io_readdir(file->port, file->shared->offset, std::min(r.edx, kMost), &data, &size));
  if (error != 0) return error;
  int32_t result = -EFAULT;
  if (size <= r.edx && copy_out(r.ecx, data, size)) {
    result = static_cast<int32_t>(size);
    // The position behind the last entry is that entry's d_off; walk to it.
    for (uint32_t at = 0; at + 19 <= size;) {
      uint16_t length;
      __builtin_memcpy(&length, data + at + 16, sizeof length);
      if (length < 19 || length > size - at) break;
      __builtin_memcpy(&file->shared->offset, data + at + 8, sizeof(int64_t));
      at += length;
    }
  }
  if (data != in_line) {
    syscall_vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(data), size);
  }
  return result;
}

}  // namespace calls
}  // namespace emulation
