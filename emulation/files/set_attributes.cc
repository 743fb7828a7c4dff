// chmod, chown, utimes and their *at forms.
#include "emulation/files/set_attributes.h"

#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/files/names.h"
#include "emulation/linux_abi.h"
#include "emulation/memory/user_memory.h"
#include "libs/mach/io_user.h"

namespace emulation {

int32_t set_attributes(mach_port_t io, const AttributeChange& c) {
  return error_from(io_setattr(io, c.which, c.mode, c.uid, c.gid, c.size, c.atime, c.mtime));
}

int32_t set_size(mach_port_t io, int64_t size) {
  return set_attributes(io, {.which = FS_SET_SIZE, .size = size});
}

namespace {

using namespace linux_abi;

constexpr uint32_t kNobody = ~0u;  // chown's "leave alone"
constexpr int32_t kUtimeNow = 0x3fffffff;
constexpr int32_t kUtimeOmit = 0x3ffffffe;

// Changes what a path names. `flags`: AT_*.
int32_t change_path(int dirfd, uint32_t path_address, uint32_t flags,
                    const AttributeChange& change) {
  Path path;
  const bool empty_ok = (flags & AT_EMPTY_PATH) != 0;
  int32_t error = empty_ok ? path.load_maybe_empty(path_address) : path.load(path_address);
  if (error != 0) return error;
  if (path.empty() && dirfd != AT_FDCWD) {
    OpenFile* file = descriptors.get(dirfd);
    return file == nullptr ? -EBADF : set_attributes(file->port, change);
  }
  Found found;
  error = look_up(dirfd, path, O_PATH | ((flags & AT_SYMLINK_NOFOLLOW) != 0 ? O_NOFOLLOW : 0), 0,
                  found);
  if (error != 0) return error;
  const ScopedRight right(found.port);
  return set_attributes(found.port, change);
}

int32_t change_descriptor(uint32_t fd, const AttributeChange& change) {
  OpenFile* file = descriptors.get_io(static_cast<int>(fd));
  return file == nullptr ? -EBADF : set_attributes(file->port, change);
}

AttributeChange mode_change(uint32_t mode) {
  return {.which = FS_SET_MODE, .mode = mode & 07777};
}

AttributeChange owner_change(uint32_t uid, uint32_t gid) {
  AttributeChange change{.uid = uid, .gid = gid};
  if (uid != kNobody) change.which |= FS_SET_UID;
  if (gid != kNobody) change.which |= FS_SET_GID;
  return change;
}

// 16-bit ids of the oldest calls: 0xffff means -1.
uint32_t widen_id(uint32_t id) { return (id & 0xffff) == 0xffff ? kNobody : id & 0xffff; }

void set_time(AttributeChange& change, posix_timespec_t& field, int64_t sec, int32_t nsec,
              int which, int which_now) {
  if (nsec == kUtimeOmit) return;
  change.which |= nsec == kUtimeNow ? which_now : which;
  field = {sec, static_cast<uint32_t>(nsec)};
}

AttributeChange times_now() { return {.which = FS_SET_ATIME_NOW | FS_SET_MTIME_NOW}; }

// Two times of either width as utimensat takes them; null means now.
template <typename Time>
int32_t load_times(uint32_t address, AttributeChange& change) {
  if (address == 0) {
    change = times_now();
    return 0;
  }
  Time times[2];
  if (!copy_in(times, address)) return -EFAULT;
  for (const Time& t : times) {
    const bool special = t.nsec == kUtimeNow || t.nsec == kUtimeOmit;
    if (!special && (t.nsec < 0 || t.nsec >= 1000000000)) return -EINVAL;
  }
  set_time(change, change.atime, times[0].sec, times[0].nsec, FS_SET_ATIME, FS_SET_ATIME_NOW);
  set_time(change, change.mtime, times[1].sec, times[1].nsec, FS_SET_MTIME, FS_SET_MTIME_NOW);
  return 0;
}

int32_t load_timevals(uint32_t address, AttributeChange& change) {
  if (address == 0) {
    change = times_now();
    return 0;
  }
  Timeval times[2];
  if (!copy_in(times, address)) return -EFAULT;
  for (const Timeval& t : times) {
    if (t.usec < 0 || t.usec >= 1000000) return -EINVAL;
  }
  set_time(change, change.atime, times[0].sec, times[0].usec * 1000, FS_SET_ATIME, 0);
  set_time(change, change.mtime, times[1].sec, times[1].usec * 1000, FS_SET_MTIME, 0);
  return 0;
}

template <typename Time>
int32_t utimensat_of(Registers& r) {
  AttributeChange change;
  const int32_t error = load_times<Time>(r.edx, change);
  if (error != 0) return error;
  if (r.ecx == 0) return change_descriptor(r.ebx, change);  // futimens
  return change_path(static_cast<int>(r.ebx), r.ecx, r.esi, change);
}

}  // namespace

namespace calls {

int32_t chmod(Registers& r) { return change_path(AT_FDCWD, r.ebx, 0, mode_change(r.ecx)); }
int32_t fchmod(Registers& r) { return change_descriptor(r.ebx, mode_change(r.ecx)); }
int32_t fchmodat(Registers& r) {
  return change_path(static_cast<int>(r.ebx), r.ecx, 0, mode_change(r.edx));
}

int32_t chown32(Registers& r) {
  return change_path(AT_FDCWD, r.ebx, 0, owner_change(r.ecx, r.edx));
}
int32_t lchown32(Registers& r) {
  return change_path(AT_FDCWD, r.ebx, AT_SYMLINK_NOFOLLOW, owner_change(r.ecx, r.edx));
}
int32_t fchown32(Registers& r) { return change_descriptor(r.ebx, owner_change(r.ecx, r.edx)); }
int32_t chown(Registers& r) {
  return change_path(AT_FDCWD, r.ebx, 0, owner_change(widen_id(r.ecx), widen_id(r.edx)));
}
int32_t lchown(Registers& r) {
  return change_path(AT_FDCWD, r.ebx, AT_SYMLINK_NOFOLLOW,
                     owner_change(widen_id(r.ecx), widen_id(r.edx)));
}
int32_t fchown(Registers& r) {
  return change_descriptor(r.ebx, owner_change(widen_id(r.ecx), widen_id(r.edx)));
}
int32_t fchownat(Registers& r) {
  return change_path(static_cast<int>(r.ebx), r.ecx, r.edi, owner_change(r.edx, r.esi));
}

int32_t utimensat(Registers& r) { return utimensat_of<Timespec32>(r); }
int32_t utimensat_time64(Registers& r) { return utimensat_of<Timespec64>(r); }

int32_t utimes(Registers& r) {
  AttributeChange change;
  const int32_t error = load_timevals(r.ecx, change);
  return error != 0 ? error : change_path(AT_FDCWD, r.ebx, 0, change);
}
int32_t futimesat(Registers& r) {
  AttributeChange change;
  const int32_t error = load_timevals(r.edx, change);
  return error != 0 ? error : change_path(static_cast<int>(r.ebx), r.ecx, 0, change);
}
int32_t utime(Registers& r) {
  AttributeChange change = times_now();
  if (r.ecx != 0) {
    int32_t times[2];
    if (!copy_in(times, r.ecx)) return -EFAULT;
    change = {.which = FS_SET_ATIME | FS_SET_MTIME, .atime = {times[0], 0}, .mtime = {times[1], 0}};
  }
  return change_path(AT_FDCWD, r.ebx, 0, change);
}

}  // namespace calls
}  // namespace emulation
