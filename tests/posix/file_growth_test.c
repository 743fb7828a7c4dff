/* Files that grow by large writes, whose pages programs write themselves before the file has them. Runs in every
 * directory it is given; what it prints is TAP. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/posix/in_directories.h"

#define PAGE 4096
#define MOST (1024 * 1024)

static unsigned char data[MOST], seen[MOST];

static unsigned char byte_at(unsigned long offset) { return (unsigned char)(1 + (offset * 31 + offset / PAGE * 7) % 255); }

static void fill(unsigned long offset, unsigned long size) {
  for (unsigned long i = 0; i < size; i++) data[i] = byte_at(offset + i);
}

static int put(int fd, unsigned long offset, unsigned long size) {
  fill(offset, size);
  return write(fd, data, size) == (long)size;
}

static unsigned long size_of(int fd) {
  struct stat s;
  return fstat(fd, &s) == 0 ? (unsigned long)s.st_size : ~0ul;
}

/* Whether [from, to) holds what put() writes, or (zeros) nothing, read in odd pieces to odd addresses. */
static int holds(int fd, unsigned long from, unsigned long to, int zeros) {
  while (from < to) {
    const unsigned long part = to - from < 99001 ? to - from : 99001;
    if (pread(fd, seen + 3, part, (off_t)from) != (long)part) return 0;
    for (unsigned long i = 0; i < part; i++) {
      if (seen[3 + i] != (zeros ? 0 : byte_at(from + i))) return 0;
    }
    from += part;
  }
  return 1;
}

static int make(const char *name) { return open(path(name), O_RDWR | O_CREAT | O_TRUNC, 0644); }

static void test_front_to_back(void) {
  static const unsigned long pieces[] = {65536, 100001, 32768, 262144, 4096, 33000, 700000, 65536, 1};
  const int fd = make("growing"), other = open(path("growing"), O_RDONLY);
  unsigned long size = 0;
  int good = 1;
  for (int i = 0; i < 60; i++) {
    const unsigned long piece = pieces[(unsigned)i % (sizeof pieces / sizeof *pieces)];
    good &= put(fd, size, piece);
    size += piece;
    good &= size_of(other) == size && lseek(fd, 0, SEEK_CUR) == (off_t)size;
    if (i % 9 == 5) good &= holds(other, size - piece, size, 0) && pread(other, seen, 10, (off_t)size) == 0;
    if (i % 20 == 13) good &= fsync(fd) == 0;
  }
  check(good, "the size and the data are there after each write");
  check(holds(other, 0, size, 0), "all of it can be read");
  struct stat s;
  good = fstat(fd, &s) == 0;
  check(good && (unsigned long)s.st_blocks * 512 < size + size / 64 + 64 * 1024, "it takes no more room than it needs");
  close(fd);
  close(other);
}

static void test_room_comes_back(void) {
  struct statvfs before, after;
  int good = 1;
  sync();
  good &= statvfs(directory, &before) == 0;
  for (int i = 0; i < 20; i++) {
    char name[20];
    snprintf(name, sizeof name, "room%d", i);
    const int fd = make(name);
    good &= put(fd, 0, 65536) && put(fd, 65536, 65536) && put(fd, 131072, 40000);
    close(fd);
  }
  good &= statvfs(directory, &after) == 0;
  const unsigned long used = (before.f_bfree - after.f_bfree) * after.f_frsize;
  check(good && used < 20 * (171072 + 16384) + 65536, "room beyond the ends is free");
  for (int i = 0; i < 20; i++) {
    char name[20];
    snprintf(name, sizeof name, "room%d", i);
    unlink(path(name));
  }
}

static void test_sizes(void) {
  const int fd = make("sizes");
  int good = 1;
  for (int i = 0; i < 4; i++) good &= put(fd, (unsigned long)i * 100000, 100000);
  good &= ftruncate(fd, 900001) == 0;
  check(good && holds(fd, 0, 400000, 0) && holds(fd, 400000, 900001, 1), "longer than what was written: zeros");
  good = ftruncate(fd, 250000) == 0 && ftruncate(fd, 700000) == 0;
  check(good && holds(fd, 0, 250000, 0) && holds(fd, 250000, 700000, 1), "shorter and longer again: zeros");
  good = lseek(fd, 250000, SEEK_SET) == 250000 && put(fd, 250000, 300000) && lseek(fd, 1000000, SEEK_SET) == 1000000 &&
         put(fd, 1000000, 200000);
  check(good && holds(fd, 0, 550000, 0) && holds(fd, 550000, 1000000, 1) && holds(fd, 1000000, 1200000, 0),
        "a gap between writes: zeros");
  good = ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0 && put(fd, 0, 65536) && put(fd, 65536, 65536);
  check(good && size_of(fd) == 131072 && holds(fd, 0, 131072, 0), "again from the beginning");
  close(fd);
}

static void test_bad_memory(void) {
  const int fd = make("bad");
  unsigned char *pages = mmap(0, 512 * 1024, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int good = put(fd, 0, 65536) && put(fd, 65536, 65536);
  memset(pages, 0xEE, 512 * 1024);
  munmap(pages + 256 * 1024, 256 * 1024);
  const long result = write(fd, pages + 100, 300 * 1024);
  const unsigned long size = 131072 + (result > 0 ? (unsigned long)result : 0);
  check(good && (result == -1 ? errno == EFAULT : result < 300 * 1024) && size_of(fd) == size, "memory that ends");
  good = ftruncate(fd, 131072) == 0 && ftruncate(fd, 800000) == 0;
  check(good && holds(fd, 0, 131072, 0) && holds(fd, 131072, 800000, 1), "... leaves nothing behind the end");
  munmap(pages, 256 * 1024);
  close(fd);
}

/* Whenever a writer is killed, the file has what its size says, and nothing shows behind that. */
static void test_killed_writers(void) {
  int good = 1;
  for (int round = 0; round < 12; round++) {
    int ready[2];
    char byte;
    good &= pipe(ready) == 0;
    const int fd = make("killed");
    const pid_t child = fork();
    if (child == 0) {
      unsigned long size = 0;
      for (;; size += 200000) {
        if (size == 400000) write(ready[1], "", 1);
        if (!put(fd, size, 200000)) _exit(1);
        if (size > 20000000) pause();
      }
    }
    good &= read(ready[0], &byte, 1) == 1;
    usleep((unsigned)(round * 1700 % 20000));
    kill(child, SIGKILL);
    good &= waitpid(child, 0, 0) == child;
    const unsigned long size = size_of(fd);
    good &= size >= 400000 && holds(fd, 0, size, 0);
    good &= ftruncate(fd, (off_t)(size + 600000)) == 0 && holds(fd, size, size + 600000, 1);
    close(fd);
    close(ready[0]);
    close(ready[1]);
  }
  check(good, "a killed writer's file is what its size says");
}

static void write_every_other(int which) {
  const int fd = open(path("two"), O_RDWR);
  for (unsigned long at = (unsigned long)which * 100000; at < 6000000; at += 200000) {
    if (lseek(fd, (off_t)at, SEEK_SET) < 0 || !put(fd, at, 100000)) _exit(1);
    if (at % 3 == 0) fsync(fd);
  }
  _exit(0);
}

static void test_two_writers(void) {
  const int fd = make("two");
  int good = 1, status;
  for (int i = 0; i < 2; i++) {
    if (fork() == 0) write_every_other(i);
  }
  for (int i = 0; i < 2; i++) good &= wait(&status) > 0 && status == 0;
  check(good && size_of(fd) == 6000000 && holds(fd, 0, 6000000, 0), "two writers by turns");
  close(fd);
}

static void test_reader_beside(void) {
  const int fd = make("beside");
  int good = 1, status;
  const pid_t child = fork();
  if (child == 0) {
    unsigned long size = 0;
    for (; size < 8000000; size += 80000) {
      if (!put(fd, size, 80000)) _exit(1);
    }
    _exit(0);
  }
  unsigned long before = 0;
  while (before < 8000000 && good) {
    const unsigned long size = size_of(fd);
    good &= size >= before && holds(fd, before, size, 0);
    before = size;
    if (waitpid(child, &status, WNOHANG) == child) {
      good &= status == 0 && size_of(fd) == 8000000 && holds(fd, before, 8000000, 0);
      break;
    }
  }
  check(good, "a reader finds what the size promises");
  if (before >= 8000000) wait(&status);
  close(fd);
}

static void test_appending(void) {
  const int fd = make("append"), end = open(path("append"), O_WRONLY | O_APPEND);
  int good = 1;
  unsigned long size = 0;
  for (int i = 0; i < 12; i++, size += 70000) good &= i % 3 == 2 ? put(end, size, 70000) : put(fd, size, 70000) && lseek(fd, i % 3 == 1 ? 70000 : 0, SEEK_CUR) > 0;
  check(good && size_of(fd) == size && holds(fd, 0, size, 0), "O_APPEND between other writes");
  close(fd);
  close(end);
}

static void test_mapping(void) {
  const int fd = make("mapped");
  int good = put(fd, 0, 65536) && put(fd, 65536, 34464);
  unsigned char *map = mmap(0, 400000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  good &= map[99999] == byte_at(99999) && map[100000] == 0;
  map[100100] = 77; /* behind the end, in its page */
  good &= put(fd, 100000, 50) && map[100049] == byte_at(100049);
  good &= ftruncate(fd, 100300) == 0 && holds(fd, 0, 100050, 0) && holds(fd, 100050, 100300, 1);
  good &= ftruncate(fd, 100050) == 0 && lseek(fd, 100050, SEEK_SET) == 100050 && put(fd, 100050, 250000);
  good &= memcmp(map + 100050, data, 250000) == 0;
  check(good, "a mapping of the file sees it grow");
  /* The file from itself. */
  good = lseek(fd, 350050, SEEK_SET) == 350050 && write(fd, map + 50, 200000) == 200000;
  check(good && pread(fd, seen, 200000, 350050) == 200000 && memcmp(seen, map + 50, 200000) == 0, "a file grows by itself");
  munmap(map, 400000);
  close(fd);
}

int main(int argc, char **argv) {
  void (*const tests[])(void) = {test_front_to_back, test_room_comes_back, test_sizes,     test_bad_memory, test_killed_writers,
                                 test_two_writers,   test_reader_beside,   test_appending, test_mapping};
  return run_tests(tests, sizeof tests / sizeof *tests, argc, argv);
}
