/* Types and constants of the protocols between the emulation library and the servers below POSIX:
 * io.defs, fs.defs, process.defs. Numbers that programs see (modes, open flags, errnos, dirents)
 * are those of Linux on i386, so that they travel through unchanged. */
#ifndef SERVERS_POSIX_TYPES_H
#define SERVERS_POSIX_TYPES_H

#include <mach/kern_return.h>
#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An errno travels as a Mach error word: system "server" (2), subsystem 1. */
#define POSIX_ERROR_BASE 0x08004000
#define POSIX_ERROR(e) ((kern_return_t)(POSIX_ERROR_BASE | (e)))
#define IS_POSIX_ERROR(kr) (((kr) & ~0x3fff) == POSIX_ERROR_BASE)
#define POSIX_ERRNO(kr) ((kr) & 0x3fff)

/* The answer to a name operation whose path left the server: see fs.defs. */
#define FS_RETRY ((kern_return_t)(POSIX_ERROR_BASE | 0x3000))

#define POSIX_PATH_MAX 4096
#define POSIX_IO_INLINE 2048 /* io_read/io_write data up to this size travels in line */

typedef long long posix_off_t;

/* Seconds and nanoseconds. 3 words. */
typedef struct posix_timespec {
  long long sec;
  unsigned int nsec;
} __attribute__((packed, aligned(4))) posix_timespec_t;

/* What stat returns. 24 words. Times are seconds and nanoseconds since 1970. */
typedef struct io_stat {
  unsigned long long st_dev;
  unsigned long long st_ino;
  unsigned int st_mode; /* file type and permissions, as in <sys/stat.h> */
  unsigned int st_nlink;
  unsigned int st_uid;
  unsigned int st_gid;
  unsigned long long st_rdev;
  long long st_size;
  unsigned long long st_blocks; /* of 512 bytes */
  long long st_atime_sec;
  long long st_mtime_sec;
  long long st_ctime_sec;
  unsigned int st_atime_nsec;
  unsigned int st_mtime_nsec;
  unsigned int st_ctime_nsec;
  unsigned int st_blksize;
} __attribute__((packed, aligned(4))) io_stat_t;

/* What statfs returns. 14 words. */
typedef struct fs_statfs {
  unsigned int f_type;
  unsigned int f_bsize;
  unsigned long long f_blocks;
  unsigned long long f_bfree;
  unsigned long long f_bavail;
  unsigned long long f_files;
  unsigned long long f_ffree;
  unsigned int f_namelen;
  unsigned int f_flags;
} __attribute__((packed, aligned(4))) fs_statfs_t;

/* Whose rights a root port carries. Trusted: only made by holders of a server's control port. */
#define POSIX_NGROUPS 32
typedef struct posix_creds {
  unsigned int uid; /* effective (file system) user and group */
  unsigned int gid;
  unsigned int group_count;
  unsigned int groups[POSIX_NGROUPS];
} posix_creds_t; /* 35 words */

/* How io_read and io_write treat the offset and waiting. */
#define IO_OFFSET_NONE (-1LL) /* a stream: pipes, terminals; or the end of file with IO_APPEND */
#define IO_NONBLOCK 0x1       /* answer EAGAIN instead of waiting */
#define IO_APPEND 0x2         /* write at the end of file, atomically */

/* Kinds of object behind an open port, told by fs_lookup and io_kind: how the client treats it. */
#define IO_KIND_FILE 1      /* regular file: offsets count, io_map works */
#define IO_KIND_DIRECTORY 2
#define IO_KIND_STREAM 3    /* pipe, fifo, terminal, character device without position */
#define IO_KIND_SEEKABLE 4  /* device or /proc file with a position, not mappable */
#define IO_KIND_SPECIAL 5   /* a device node or fifo on a disk: ask the process server to open it */
#define IO_KIND_SYMLINK 6   /* opened itself (O_PATH|O_NOFOLLOW) */
#define IO_KIND_TERMINAL 7  /* a stream that is a terminal: job control applies */
#define IO_KIND_NULL 8      /* always at the end, takes everything: the client need not ask */
#define IO_KIND_ZERO 9      /* the same, but endless zeros are read */

/* Readiness, as in poll(2): POLLIN 1, POLLPRI 2, POLLOUT 4, POLLERR 8, POLLHUP 0x10. */

/* fs_setattr: which fields count. */
#define FS_SET_MODE 0x1
#define FS_SET_UID 0x2
#define FS_SET_GID 0x4
#define FS_SET_SIZE 0x8
#define FS_SET_ATIME 0x10
#define FS_SET_MTIME 0x20
#define FS_SET_ATIME_NOW 0x40
#define FS_SET_MTIME_NOW 0x80

/* fs_lookup, beside Linux's O_*: the file is to be executed. */
#define FS_LOOKUP_EXEC 0x40000000
/* The same: the file's slot (<servers/file_slots.h>, 0: none) is wanted, above the kind. */
#define FS_LOOKUP_SLOT 0x20000000
#define FS_KIND(k) ((k) & 0xff)
#define FS_SLOT(k) ((unsigned int)(k) >> 8)

/* FS_RETRY: where to go on. */
#define FS_RETRY_NONE 0
#define FS_RETRY_ROOT 1  /* from the client's root directory, with the path given */
#define FS_RETRY_MOUNT 2 /* at the root of the mounted server `retry_mount`, with the path given */

typedef char *posix_path_t;
typedef char *posix_name_t;
typedef char *posix_small_t;
typedef char *posix_data_t;
typedef int *posix_ints_t;

#ifdef __cplusplus
}
#endif
#endif
