/* A full disk, a full inode table and the largest file, as system calls see them. Arguments: where ext3 file systems
 * without much room are mounted; the last one has few inodes. Prints TAP. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PAGE 4096
#define CHUNK 65536
/* The file server's largest file: LIMITATIONS.md. */
#define LARGEST 0xfff00000ll

static int cases, failures;
static const char *directory;
static unsigned long block_size;

static void check(int condition, const char *name) {
  printf("%s %d - %s: %s\n", condition ? "ok" : "not ok", ++cases, directory, name);
  fflush(stdout);
  failures += !condition;
}
/* A call's result and errno. */
static void refused(long result, int error, const char *name) {
  const int found = errno;
  if (result != -1 || found != error) printf("# result %ld, %s\n", result, strerror(found));
  check(result == -1 && found == error, name);
}

static char data[CHUNK], back[CHUNK];

static void fill(char *to, size_t size, long long offset) {
  for (size_t i = 0; i < size; i++) to[i] = (char)((offset + (long long)i) * 131 / 127);
}

static int holds(int fd, long long offset, size_t size) {
  fill(data, size, offset);
  return pread(fd, back, size, offset) == (ssize_t)size && memcmp(data, back, size) == 0;
}

static int zeros(int fd, long long offset, size_t size) {
  if (pread(fd, back, size, offset) != (ssize_t)size) return 0;
  for (size_t i = 0; i < size; i++) {
    if (back[i] != 0) return 0;
  }
  return 1;
}

static ssize_t put(int fd, long long offset, size_t size) {
  fill(data, size, offset);
  return pwrite(fd, data, size, offset);
}

static long long size_of(int fd) {
  struct stat s;
  return fstat(fd, &s) == 0 ? s.st_size : -1;
}

static int is_absent(const char *path) {
  struct stat s;
  return lstat(path, &s) == -1 && errno == ENOENT;
}

/* Used so much that its data moves through windows (emulation/files/file_windows.h). */
static int warm(int fd) {
  int good = 1;
  for (int i = 0; i < 64; i++) {
    good &= put(fd, i % 4 * PAGE, PAGE) == PAGE && holds(fd, i % 4 * PAGE, PAGE);
  }
  return good;
}

static int file_of(const char *path, size_t size) {
  const int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0644);
  for (size_t at = 0; at < size; at += PAGE) {
    const size_t part = size - at < PAGE ? size - at : PAGE;
    if (put(fd, (long long)at, part) != (ssize_t)part) return -1;
  }
  return fd;
}

/* Writes until nothing more fits; the file's size, or -1 when there was another error than ENOSPC. */
static long long fill_up(int fd) {
  long long size = size_of(fd);
  ssize_t got = 0;
  for (size_t part = CHUNK; part >= 512; part /= 2) {
    while (fill(data, part, size), (got = pwrite(fd, data, part, size)) > 0) size += got;
    if (got == 0 || errno != ENOSPC) return -1;
  }
  return size == size_of(fd) ? size : -1;
}

/* Valid until the next call. */
static const char *name_of(const char *parent, unsigned number, int length) {
  static char path[600];
  snprintf(path, sizeof path, "%s/%0*u", parent, length, number);
  return path;
}

/* Makes a directory whose only block has no room for another name of that length. */
static int make_full_directory(const char *path, int length) {
  const unsigned dots = 24, entry = 8 + (unsigned)length;
  struct stat s;
  int good = mkdir(path, 0755) == 0;
  for (unsigned i = 0; i < (block_size - dots) / entry; i++) {
    good &= close(creat(name_of(path, i, length), 0644)) == 0;
  }
  return good && stat(path, &s) == 0 && s.st_size == (long)block_size;
}

/* What the file server keeps back for the blocks that list other blocks is there for names only. */
static int use_up(void) {
  char path[20];
  unsigned count = 0;
  while (snprintf(path, sizeof path, "d%u", count), mkdir(path, 0755) == 0) count++;
  printf("# %u directories\n", count);
  return errno == ENOSPC;
}

static int remove_directories(void) {
  char path[20];
  unsigned count = 0;
  while (snprintf(path, sizeof path, "d%u", count), rmdir(path) == 0) count++;
  return errno == ENOENT;
}

static void test_names(void) {
  char target[200];
  memset(target, 't', sizeof target - 1);
  target[sizeof target - 1] = 0;
  refused(mkdir("directory", 0755), ENOSPC, "mkdir has no block");
  refused(symlink(target, "longlink"), ENOSPC, "a long symbolic link has no block");
  check(is_absent("directory") && is_absent("longlink"), "neither has left a name");
  check(symlink("short", "shortlink") == 0, "a short symbolic link needs none");
  check(mknod("fifo", S_IFIFO | 0644, 0) == 0, "nor does a fifo");
  check(close(open("empty", O_WRONLY | O_CREAT | O_EXCL, 0644)) == 0, "nor an empty file");
  check(link("empty", "another") == 0 && rename("another", "renamed") == 0, "nor another name");
}

/* In "full" nothing of 200 bytes fits any more without another block. */
static void test_full_directory(void) {
  char path[600];
  snprintf(path, sizeof path, "%s", name_of("full", 999, 200));
  refused(open(path, O_WRONLY | O_CREAT, 0644), ENOSPC, "creat in a full directory");
  refused(mkdir(path, 0755), ENOSPC, "mkdir");
  refused(mknod(path, S_IFIFO | 0644, 0), ENOSPC, "mknod");
  refused(symlink("x", path), ENOSPC, "symlink");
  refused(link("empty", path), ENOSPC, "link");
  refused(rename("empty", path), ENOSPC, "rename");
  struct stat s;
  check(is_absent(path) && stat("empty", &s) == 0 && s.st_nlink == 2, "all of them changed nothing");
  check(rename("empty", name_of("full", 0, 200)) == 0 && is_absent("empty"), "rename over a name there");
  check(unlink(name_of("full", 1, 200)) == 0 && close(creat(path, 0644)) == 0, "a name for a name");
}

static void test_full_disk(void) {
  struct statvfs before, s;
  check(make_full_directory("full", 200), "a directory is filled");
  const int windows = file_of("windows", 4 * PAGE), sparse = open("sparse", O_RDWR | O_CREAT, 0644);
  const int tail = file_of("tail", PAGE + 100);
  check(ftruncate(sparse, 100 * PAGE) == 0 && windows >= 0 && tail >= 0, "files");
  check(warm(windows) && fsync(windows) == 0 && fsync(tail) == 0, "windows are in use");
  const int big = open("big", O_RDWR | O_CREAT, 0644);
  statvfs(".", &before);
  const long long size = fill_up(big);
  check(size > 0 && use_up(), "the disk is filled");
  statvfs(".", &s);
  printf("# %lld bytes, %lu of %lu blocks left\n", size, (unsigned long)s.f_bavail, (unsigned long)before.f_bavail);
  refused(put(big, size, 1), ENOSPC, "not one byte more");
  check(size_of(big) == size && holds(big, size - 10000, 10000), "what was written is there");
  check(fsync(big) == 0, "fsync of the file that filled it");

  check(put(windows, 100, 3 * PAGE) == 3 * PAGE && holds(windows, 100, 3 * PAGE), "data is written in place");
  refused(put(windows, 4 * PAGE, PAGE), ENOSPC, "the file does not get longer");
  check(put(windows, 4 * PAGE - 1000, 1000 + PAGE) == 1000 && size_of(windows) == 4 * PAGE,
        "a write over the end stops there");
  if (block_size == PAGE) { /* LIMITATIONS.md */
    check(put(tail, 10, PAGE) == PAGE && holds(tail, 10, PAGE), "nor does one with an incomplete last page");
    check(put(tail, PAGE, 2 * PAGE) == PAGE && size_of(tail) == 2 * PAGE, "but its last block is filled");
  }
  refused(put(sparse, 50 * PAGE, PAGE), ENOSPC, "a hole is not filled");
  check(zeros(sparse, 49 * PAGE, 3 * PAGE) && size_of(sparse) == 100 * PAGE, "and stays one");
  check(ftruncate(sparse, 200 * PAGE) == 0 && size_of(sparse) == 200 * PAGE, "ftruncate makes holes");
  char *const map = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, windows, 0);
  check(map != MAP_FAILED, "a file is mapped");
  memset(map, 'm', 100);
  check(msync(map, PAGE, MS_SYNC) == 0 && fsync(windows) == 0, "and written through the mapping");
  munmap(map, PAGE);
  test_names();
  test_full_directory();

  check(ftruncate(big, size - 40 * PAGE) == 0 && put(sparse, 0, 10 * PAGE) == 10 * PAGE, "blocks cut off are used again");
  check(mkdir("directory", 0755) == 0 && rmdir("directory") == 0, "mkdir works again");
  check(remove_directories(), "and the directories go");
  close(big);
  check(unlink("big") == 0, "the file goes");
  const int again = open("again", O_RDWR | O_CREAT, 0644);
  const long long second = fill_up(again);
  printf("# %lld bytes\n", second);
  check(second > size - 40 * PAGE, "its room is used again");
  close(again);
  check(unlink("again") == 0, "and once more given back");
  close(windows);
  close(sparse);
  close(tail);
}

static void test_inodes(void) {
  struct statvfs before, s;
  char path[100];
  unsigned count = 0;
  int fd;
  statvfs(".", &before);
  for (;; count++) {
    snprintf(path, sizeof path, "f%u", count);
    if ((fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644)) < 0) break;
    close(fd);
  }
  refused(fd, ENOSPC, "no inode for a file");
  check(count == before.f_ffree, "all of them were used");
  statvfs(".", &before);
  refused(mkdir("directory", 0755), ENOSPC, "none for a directory");
  refused(symlink("x", "symbolic"), ENOSPC, "none for a symbolic link");
  refused(mknod("fifo", S_IFIFO | 0644, 0), ENOSPC, "none for a fifo");
  check(is_absent(path) && is_absent("directory") && is_absent("symbolic") && is_absent("fifo"), "no names are left");
  statvfs(".", &s);
  check(s.f_ffree == 0 && s.f_bfree == before.f_bfree, "nor blocks lost");
  check(link("f0", "link") == 0 && rename("f1", "renamed") == 0, "names need no inode");
  check((fd = open("f2", O_RDWR)) >= 0 && put(fd, 0, CHUNK) == CHUNK && holds(fd, 0, CHUNK), "data needs none");
  close(fd);
  check(unlink("f3") == 0 && mkdir("directory", 0755) == 0, "a freed one is used again");
}

/* A file of 5 GiB that another system made. */
static void test_larger(void) {
  struct stat s;
  check(stat("larger", &s) == 0 && s.st_size == 5ll << 30, "a larger file is seen");
  refused(open("larger", O_RDONLY), EOVERFLOW, "but not read");
  refused(open("larger", O_RDWR), EOVERFLOW, "or written");
  refused(truncate("larger", 10), EOVERFLOW, "or cut off");
  const int fd = open("larger", O_RDWR | O_TRUNC);
  check(fd >= 0 && size_of(fd) == 0 && put(fd, 0, 100) == 100 && holds(fd, 0, 100), "O_TRUNC makes it a small one");
  close(fd);
}

static void test_largest(void) {
  const int fd = open("largest", O_RDWR | O_CREAT, 0644);
  check(put(fd, 0, 100) == 100, "a file");
  refused(put(fd, LARGEST, 1), EFBIG, "write behind the largest size");
  refused(put(fd, 1ll << 32, PAGE), EFBIG, "write at 4 GiB");
  refused(put(fd, (1ll << 32) + 10, 1), EFBIG, "write behind 4 GiB");
  refused(put(fd, 0x7ffffffffffff000ll, 16), EFBIG, "write at the end of all offsets");
  refused(put(fd, -1, 1), EINVAL, "write before the beginning");
  refused(pread(fd, back, 1, -1), EINVAL, "read before the beginning");
  refused(ftruncate(fd, LARGEST + 1), EFBIG, "ftruncate behind the largest size");
  refused(ftruncate(fd, 5ll << 30), EFBIG, "ftruncate to 5 GiB");
  refused(truncate("largest", 1ll << 40), EFBIG, "truncate to 1 TiB");
  refused(ftruncate(fd, -1), EINVAL, "ftruncate to less than nothing");
  refused(lseek(fd, -1, SEEK_SET), EINVAL, "lseek before the beginning");
  check(lseek(fd, 5ll << 30, SEEK_SET) == 5ll << 30, "lseek behind 4 GiB");
  refused(write(fd, data, 10), EFBIG, "write there");
  check(read(fd, back, 10) == 0 && lseek(fd, 0, SEEK_CUR) == 5ll << 30, "read there: the end");
  check(size_of(fd) == 100 && holds(fd, 0, 100), "the file is as it was");
  refused((long)mmap(0, PAGE, PROT_READ, MAP_SHARED, fd, 1ll << 32), EOVERFLOW, "mmap at 4 GiB");
  check(put(fd, LARGEST - 1000, PAGE) == 1000 && size_of(fd) == LARGEST, "a write up to the largest size");
  check(holds(fd, LARGEST - 1000, 1000) && pread(fd, back, PAGE, LARGEST - 10) == 10, "is read");
  const int appending = open("largest", O_WRONLY | O_APPEND);
  refused(write(appending, "x", 1), EFBIG, "O_APPEND to the largest file");
  close(appending);
  check(warm(fd), "windows are in use");
  int good = 1;
  for (int i = 0; i < 40; i++) {
    good &= put(fd, LARGEST - 3 * PAGE, PAGE) == PAGE && holds(fd, LARGEST - 3 * PAGE, PAGE);
  }
  check(good, "also at its end");
  refused(put(fd, LARGEST, 1), EFBIG, "not behind it");
  check(zeros(fd, 1ll << 31, PAGE) && lseek(fd, 0, SEEK_END) == LARGEST, "holes are zeros");
  check(ftruncate(fd, 10) == 0 && ftruncate(fd, LARGEST) == 0 && zeros(fd, LARGEST - PAGE, PAGE),
        "a file cut off and made longer again");
  close(fd);
}

static int enter(const char *path) {
  struct statvfs s;
  directory = path;
  if (chdir(path) != 0 || statvfs(".", &s) != 0) return 0;
  block_size = s.f_bsize;
  return 1;
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (!enter(argv[i])) return 2;
    if (i == argc - 1) {
      test_inodes();
    } else {
      test_larger();
      test_largest();
      check(unlink("largest") == 0, "the largest file goes");
      test_full_disk();
    }
  }
  printf("1..%d\n", cases);
  return failures != 0;
}
