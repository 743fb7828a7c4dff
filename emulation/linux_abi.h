// Numbers and structures of the Linux-i386 program interface that the library implements.
// Source: Linux man pages, sections 2 and 7.
#pragma once

#include <cstdint>

namespace emulation::linux_abi {

inline constexpr int O_RDONLY = 0;
inline constexpr int O_WRONLY = 1;
inline constexpr int O_RDWR = 2;
inline constexpr int O_ACCMODE = 3;
inline constexpr int O_CREAT = 0100;
inline constexpr int O_EXCL = 0200;
inline constexpr int O_NOCTTY = 0400;
inline constexpr int O_TRUNC = 01000;
inline constexpr int O_APPEND = 02000;
inline constexpr int O_NONBLOCK = 04000;
inline constexpr int O_DSYNC = 010000;
inline constexpr int O_ASYNC = 020000;
inline constexpr int O_DIRECT = 040000;
inline constexpr int O_LARGEFILE = 0100000;
inline constexpr int O_DIRECTORY = 0200000;
inline constexpr int O_NOFOLLOW = 0400000;
inline constexpr int O_NOATIME = 01000000;
inline constexpr int O_CLOEXEC = 02000000;
inline constexpr int O_PATH = 010000000;

// What F_SETFL may change, and what F_GETFL shows.
inline constexpr int kSettableFlags = O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME;
inline constexpr int kShownFlags = O_ACCMODE | O_DSYNC | O_DIRECTORY | O_NOFOLLOW | O_PATH |
                                   O_LARGEFILE | kSettableFlags;

inline constexpr int AT_FDCWD = -100;
inline constexpr int AT_SYMLINK_NOFOLLOW = 0x100;
inline constexpr int AT_REMOVEDIR = 0x200;
inline constexpr int AT_EACCESS = 0x200;
inline constexpr int AT_SYMLINK_FOLLOW = 0x400;
inline constexpr int AT_EMPTY_PATH = 0x1000;

inline constexpr uint32_t S_IFMT = 0170000;
inline constexpr uint32_t S_IFDIR = 0040000;
inline constexpr uint32_t S_IFREG = 0100000;
inline constexpr uint32_t S_IFIFO = 0010000;
inline constexpr uint32_t S_IFLNK = 0120000;

inline constexpr int FD_CLOEXEC = 1;
inline constexpr int F_DUPFD = 0;
inline constexpr int F_GETFD = 1;
inline constexpr int F_SETFD = 2;
inline constexpr int F_GETFL = 3;
inline constexpr int F_SETFL = 4;
inline constexpr int F_GETLK = 5;
inline constexpr int F_SETLK = 6;
inline constexpr int F_SETLKW = 7;
inline constexpr int F_SETOWN = 8;
inline constexpr int F_GETOWN = 9;
inline constexpr int F_GETLK64 = 12;
inline constexpr int F_SETLK64 = 13;
inline constexpr int F_SETLKW64 = 14;
inline constexpr int F_DUPFD_CLOEXEC = 1030;
inline constexpr int F_GETPIPE_SZ = 1032;

inline constexpr int SEEK_SET = 0;
inline constexpr int SEEK_CUR = 1;
inline constexpr int SEEK_END = 2;

struct IoVector {
  uint32_t base;
  uint32_t length;
};

struct Stat64 {
  uint64_t st_dev;
  uint32_t pad0;
  uint32_t st_ino_low;
  uint32_t st_mode;
  uint32_t st_nlink;
  uint32_t st_uid;
  uint32_t st_gid;
  uint64_t st_rdev;
  uint32_t pad3;
  int64_t st_size;
  uint32_t st_blksize;
  uint64_t st_blocks;
  uint32_t st_atime_sec;
  uint32_t st_atime_nsec;
  uint32_t st_mtime_sec;
  uint32_t st_mtime_nsec;
  uint32_t st_ctime_sec;
  uint32_t st_ctime_nsec;
  uint64_t st_ino;
} __attribute__((packed, aligned(4)));
static_assert(sizeof(Stat64) == 96);

struct StatxTime {
  int64_t sec;
  uint32_t nsec;
  int32_t pad;
} __attribute__((packed, aligned(4)));

struct Statx {
  uint32_t mask;
  uint32_t blksize;
  uint64_t attributes;
  uint32_t nlink;
  uint32_t uid;
  uint32_t gid;
  uint16_t mode;
  uint16_t pad1;
  uint64_t ino;
  uint64_t size;
  uint64_t blocks;
  uint64_t attributes_mask;
  StatxTime atime, btime, ctime, mtime;
  uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
  uint64_t mount_id;
  uint32_t alignment[2];
  uint64_t spare[12];
} __attribute__((packed, aligned(4)));
static_assert(sizeof(Statx) == 256);
inline constexpr uint32_t kStatxBasic = 0x7ff;

struct Statfs64 {
  uint32_t type;
  uint32_t bsize;
  uint64_t blocks, bfree, bavail, files, ffree;
  int32_t fsid[2];
  uint32_t namelen;
  uint32_t frsize;
  uint32_t flags;
  uint32_t spare[4];
} __attribute__((packed, aligned(4)));
static_assert(sizeof(Statfs64) == 84);

struct Timespec32 {
  int32_t sec;
  int32_t nsec;
};
struct Timespec64 {
  int64_t sec;
  int32_t nsec;
  int32_t pad;
} __attribute__((packed, aligned(4)));
struct Timeval {
  int32_t sec;
  int32_t usec;
};

struct PollFd {
  int32_t fd;
  int16_t events;
  int16_t revents;
};
inline constexpr int16_t POLLIN = 1;
inline constexpr int16_t POLLPRI = 2;
inline constexpr int16_t POLLOUT = 4;
inline constexpr int16_t POLLERR = 8;
inline constexpr int16_t POLLHUP = 0x10;
inline constexpr int16_t POLLNVAL = 0x20;

}  // namespace emulation::linux_abi
