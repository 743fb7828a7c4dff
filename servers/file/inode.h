// Inode: one inode of a volume in memory.
#pragma once

#include "servers/file/libext2fs.h"

#include <cstdint>

namespace file {

struct Time {
  int64_t seconds = 0;
  uint32_t nanoseconds = 0;
};

// A copy of the on-disk inode with accessors for the fields that are split or widened on disk.
// Changing it changes nothing on the volume until Volume::store().
struct Inode {
  enum class Stamp { kAccess, kChange, kModify };

  ext2_ino_t number = 0;
  ext2_inode_large raw = {};
  // Of a regular file: the size that Volume::store() writes. It follows size() when the data are on
  // the medium, so that after a crash a file does not end in bytes nobody wrote.
  uint64_t durable_size = 0;

  // The view libext2fs's functions take.
  ext2_inode* base() { return reinterpret_cast<ext2_inode*>(&raw); }
  [[nodiscard]] const ext2_inode* base() const {
    return reinterpret_cast<const ext2_inode*>(&raw);
  }

  [[nodiscard]] uint32_t mode() const { return raw.i_mode; }
  [[nodiscard]] bool is_directory() const { return LINUX_S_ISDIR(raw.i_mode); }
  [[nodiscard]] bool is_regular() const { return LINUX_S_ISREG(raw.i_mode); }
  [[nodiscard]] bool is_symlink() const { return LINUX_S_ISLNK(raw.i_mode); }
  [[nodiscard]] bool is_device() const {
    return LINUX_S_ISCHR(raw.i_mode) || LINUX_S_ISBLK(raw.i_mode);
  }

  [[nodiscard]] uint64_t size() const;
  [[nodiscard]] uint32_t uid() const { return inode_uid(raw); }
  [[nodiscard]] uint32_t gid() const { return inode_gid(raw); }
  void set_owner(uint32_t uid, uint32_t gid);

  [[nodiscard]] Time time(Stamp which) const;
  // Nanoseconds are dropped when the volume's inodes are too small for them.
  void set_time(Stamp which, Time t);

  // Device number in Linux's encoding for user programs (makedev with 12 and 20 bits).
  [[nodiscard]] uint32_t device() const;
  void set_device(uint32_t rdev);

 private:
  [[nodiscard]] bool has_extra_times() const;
};

}  // namespace file
