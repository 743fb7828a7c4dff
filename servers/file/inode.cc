#include "servers/file/inode.h"

#include <cstddef>

namespace file {
namespace {

// i_*_extra: two bits that extend the seconds beyond 2038, thirty bits of nanoseconds.
constexpr uint32_t kEpochBits = 2;
constexpr uint32_t kEpochMask = (1u << kEpochBits) - 1;

}  // namespace

uint64_t Inode::size() const {
  const uint64_t high = is_regular() || is_directory() ? raw.i_size_high : 0;
  return high << 32 | raw.i_size;
}

void Inode::set_owner(uint32_t uid, uint32_t gid) {
  raw.i_uid = static_cast<uint16_t>(uid);
  raw.osd2.linux2.l_i_uid_high = static_cast<uint16_t>(uid >> 16);
  raw.i_gid = static_cast<uint16_t>(gid);
  raw.osd2.linux2.l_i_gid_high = static_cast<uint16_t>(gid >> 16);
}

bool Inode::has_extra_times() const {
  return 128u + raw.i_extra_isize >=
         offsetof(ext2_inode_large, i_atime_extra) + sizeof(raw.i_atime_extra);
}

Time Inode::time(Stamp which) const {
  uint32_t low = raw.i_atime;
  uint32_t extra = raw.i_atime_extra;
  if (which == Stamp::kChange) {
    low = raw.i_ctime;
    extra = raw.i_ctime_extra;
  } else if (which == Stamp::kModify) {
    low = raw.i_mtime;
    extra = raw.i_mtime_extra;
  }
  Time t{.seconds = static_cast<int32_t>(low)};
  if (has_extra_times()) {
    t.seconds += static_cast<int64_t>(extra & kEpochMask) << 32;
    t.nanoseconds = extra >> kEpochBits;
  }
  return t;
}

void Inode::set_time(Stamp which, Time t) {
  const auto low = static_cast<uint32_t>(t.seconds);
  const int64_t epoch = (t.seconds - static_cast<int32_t>(low)) >> 32;
  const uint32_t extra =
      (static_cast<uint32_t>(epoch) & kEpochMask) | t.nanoseconds << kEpochBits;
  const bool keep_extra = has_extra_times();
  switch (which) {
    case Stamp::kAccess:
      raw.i_atime = low;
      if (keep_extra) raw.i_atime_extra = extra;
      break;
    case Stamp::kChange:
      raw.i_ctime = low;
      if (keep_extra) raw.i_ctime_extra = extra;
      break;
    case Stamp::kModify:
      raw.i_mtime = low;
      if (keep_extra) raw.i_mtime_extra = extra;
      break;
  }
}

// On disk: i_block[0] holds the old 8+8 bit form, else i_block[1] the new one.
uint32_t Inode::device() const {
  if (!is_device()) return 0;
  if (raw.i_block[0] == 0) return raw.i_block[1];
  const uint32_t old = raw.i_block[0];
  return (old >> 8 & 0xff) << 8 | (old & 0xff);
}

void Inode::set_device(uint32_t rdev) {
  const uint32_t major = rdev >> 8 & 0xfff;
  const uint32_t minor = (rdev & 0xff) | (rdev >> 12 & 0xfff00);
  if (major < 256 && minor < 256) {
    raw.i_block[0] = major << 8 | minor;
  } else {
    raw.i_block[1] = rdev;
  }
}

}  // namespace file
