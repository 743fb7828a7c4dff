/* File data as several descriptors and processes see it, after enough use that no message moves it any
 * more. Runs in every directory it is given; what it prints is TAP. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/posix/in_directories.h"

#define PAGE 4096
#define SIZE (3 * 1024 * 1024 + 1000)

static unsigned char byte_at(unsigned long offset, int version) {
  return (unsigned char)(offset * 31 + offset / PAGE * 7 + (unsigned)version * 101);
}

static void fill(unsigned char *data, unsigned long offset, unsigned long size, int version) {
  for (unsigned long i = 0; i < size; i++) data[i] = byte_at(offset + i, version);
}

/* A file of SIZE bytes, version 0, open for reading and writing. */
static int make_file(const char *name) {
  static unsigned char data[65536];
  const int fd = open(path(name), O_RDWR | O_CREAT | O_TRUNC, 0644);
  for (unsigned long at = 0; at < SIZE; at += sizeof data) {
    const unsigned long part = SIZE - at < sizeof data ? SIZE - at : sizeof data;
    fill(data, at, part, 0);
    if (pwrite(fd, data, part, (off_t)at) != (long)part) return -1;
  }
  return fd;
}

/* Reads and writes until the descriptor is used enough. */
static void warm(int fd) {
  unsigned char data[PAGE];
  for (int i = 0; i < 40; i++) {
    const ssize_t got = pread(fd, data, sizeof data, i * PAGE);
    if (got > 0 && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR) pwrite(fd, data, (size_t)got, i * PAGE);
  }
}

static int holds(int fd, unsigned long offset, unsigned long size, int version) {
  static unsigned char data[256 * 1024], expected[256 * 1024];
  if (pread(fd, data, size, (off_t)offset) != (long)size) return 0;
  fill(expected, offset, size, version);
  return memcmp(data, expected, size) == 0;
}

static int put(int fd, unsigned long offset, unsigned long size, int version) {
  static unsigned char data[256 * 1024];
  fill(data, offset, size, version);
  return pwrite(fd, data, size, (off_t)offset) == (long)size;
}

/* Runs in a child; its answer. */
static int in_child(int (*run)(int), int argument) {
  int status;
  const pid_t child = fork();
  if (child == 0) _exit(run(argument) ? 0 : 1);
  return waitpid(child, &status, 0) == child && status == 0;
}

static void test_one_descriptor(void) {
  const int fd = make_file("one");
  int good = 1;
  warm(fd);
  for (unsigned long at = 0; at < SIZE - 70000; at += 69001) good &= holds(fd, at, 70000, 0);
  check(good, "reads across pages and windows");
  check(holds(fd, SIZE - 100, 100, 0), "the last bytes are read");
  unsigned char data[1000];
  check(pread(fd, data, sizeof data, SIZE - 10) == 10, "a read ends at the end");
  check(pread(fd, data, sizeof data, SIZE) == 0 && pread(fd, data, 10, SIZE + 5000) == 0,
        "nothing behind the end");
  good = 1;
  for (unsigned long at = 100; at < SIZE - 300000; at += 300001) good &= put(fd, at, 200000, 1);
  for (unsigned long at = 100; at < SIZE - 300000; at += 300001) good &= holds(fd, at, 200000, 1);
  check(good, "writes across pages and windows");
  lseek(fd, 1000, SEEK_SET);
  check(read(fd, data, 500) == 500 && write(fd, data, 300) == 300 && lseek(fd, 0, SEEK_CUR) == 1800,
        "the offset moves");
  check(read(fd, data, 0) == 0 && write(fd, data, 0) == 0, "no bytes");
  close(fd);
}

static int writes_version_2(int unused) {
  const int fd = open(path("two"), O_RDWR);
  (void)unused;
  warm(fd);
  return put(fd, 5000, 100000, 2) && holds(fd, 5000, 100000, 2);
}

static void test_other_descriptors(void) {
  const int fd = make_file("two");
  const int other = open(path("two"), O_RDONLY);
  const int third = open(path("two"), O_RDWR);
  unsigned char *mapped = mmap(0, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, third, 0);
  unsigned char expected[PAGE];
  warm(fd);
  warm(other);
  warm(third);
  check(put(fd, 70000, 50000, 1) && holds(other, 70000, 50000, 1) && holds(third, 70000, 50000, 1),
        "what one descriptor writes another reads");
  fill(expected, 80000, PAGE, 1);
  check(memcmp(mapped + 80000, expected, PAGE) == 0, "and a mapping shows");
  fill(mapped + 2000000, 2000000, PAGE, 3);
  check(holds(fd, 2000000, PAGE, 3) && holds(other, 2000000, PAGE, 3), "and the other way round");
  check(in_child(writes_version_2, 0) && holds(fd, 5000, 100000, 2) && holds(other, 5000, 100000, 2),
        "what another process writes is read");
  check(put(fd, SIZE, 5000, 4) && holds(other, SIZE, 5000, 4), "a longer file");
  const int appending = open(path("two"), O_RDWR | O_APPEND);
  warm(appending);
  struct stat s;
  fstat(fd, &s);
  check(write(appending, "end", 3) == 3 && lseek(appending, 0, SEEK_CUR) == s.st_size + 3,
        "O_APPEND writes at the end");
  char end[4] = "";
  check(pread(fd, end, 4, s.st_size) == 3 && strcmp(end, "end") == 0, "where others read it");
  errno = 0;
  check(write(other, "x", 1) == -1 && errno == EBADF, "a read-only descriptor is not written");
  munmap(mapped, SIZE);
  close(fd);
  close(other);
  close(third);
  close(appending);
}

static int reads_shared_offset(int fd) {
  unsigned char data[3000];
  for (int i = 0; i < 20; i++) {
    if (read(fd, data, sizeof data) != sizeof data) return 0;
  }
  return holds(fd, 400000, 5000, 0);
}

static void test_fork(void) {
  const int fd = make_file("fork");
  const int twin = dup(fd);
  warm(fd);
  lseek(fd, 0, SEEK_SET);
  check(in_child(reads_shared_offset, fd), "a child reads");
  check(lseek(fd, 0, SEEK_CUR) == 60000 && lseek(twin, 0, SEEK_CUR) == 60000,
        "and moves the offset of the parent");
  check(holds(fd, 60000, 5000, 0) && holds(twin, 60000, 5000, 0), "the parent goes on");
  close(fd);
  check(holds(twin, 500000, 5000, 0), "a duplicate outlives the descriptor");
  unlink(path("fork"));
  check(holds(twin, 0, 100000, 0) && put(twin, 0, 5000, 1) && holds(twin, 0, 5000, 1),
        "a file without a name");
  close(twin);
}

static int truncates(int size) { return truncate(path("cut"), size) == 0; }

static int zeros(int fd, unsigned long offset, unsigned long size) {
  static unsigned char data[256 * 1024];
  if (pread(fd, data, size, (off_t)offset) != (long)size) return 0;
  for (unsigned long i = 0; i < size; i++) {
    if (data[i] != 0) return 0;
  }
  return 1;
}

static void test_truncation(void) {
  const int fd = make_file("cut");
  unsigned char data[10000];
  struct stat s;
  warm(fd);
  check(in_child(truncates, 100), "another process makes the file shorter");
  check(pread(fd, data, sizeof data, 0) == 100 && pread(fd, data, sizeof data, 200) == 0,
        "what is behind the end is not read");
  check(ftruncate(fd, 300000) == 0 && zeros(fd, 100, 200000) && holds(fd, 0, 100, 0),
        "and is zero when the file is longer again");
  fstat(fd, &s);
  const long long blocks = s.st_blocks;
  check(put(fd, 200000, 100, 1) && fstat(fd, &s) == 0 && s.st_blocks > blocks &&
            put(fd, 200000, 100, 0) && holds(fd, 200000, 100, 0),
        "a write into the hole has room of its own");
  check(put(fd, 50000, 8000, 1) && zeros(fd, 100, 49900) && holds(fd, 50000, 8000, 1) &&
            zeros(fd, 58000, 100000),
        "a write into the hole");
  check(in_child(truncates, 0) && put(fd, 100000, 10, 1) && fstat(fd, &s) == 0 &&
            s.st_size == 100010 && zeros(fd, 0, 100000),
        "a write behind the end of an emptied file");
  check(ftruncate(fd, 5000) == 0 && zeros(fd, 0, 5000) && pread(fd, data, 10000, 0) == 5000,
        "shorter again");
  close(fd);
}

static long long nanoseconds(const struct timespec *t) {
  return t->tv_sec * 1000000000ll + t->tv_nsec;
}

static void test_attributes(void) {
  const int fd = make_file("times");
  const int other = open(path("times"), O_RDONLY);
  struct stat a, b;
  int good = 1;
  warm(fd);
  for (int i = 0; i < 10; i++) fstat(fd, &a), fstat(other, &a);
  for (int i = 0; i < 5; i++) {
    struct timespec now;
    usleep(30000);
    clock_gettime(CLOCK_REALTIME, &now);
    put(fd, 5000, 5000, i);
    fstat(other, &a);
    stat(path("times"), &b);
    /* Kept in whole seconds or in ticks of the clock. */
    good &= nanoseconds(&a.st_mtim) + (a.st_mtim.tv_nsec == 0 ? 1000000000 : 20000000) >=
            nanoseconds(&now);
    good &= a.st_size == b.st_size && a.st_ino == b.st_ino && a.st_blocks == b.st_blocks &&
            nanoseconds(&a.st_mtim) == nanoseconds(&b.st_mtim) &&
            nanoseconds(&a.st_ctim) == nanoseconds(&b.st_ctim);
  }
  check(good, "the time of a write is seen at once");
  const struct timespec old[2] = {{1000, 0}, {2000, 0}};
  put(fd, 0, 100, 1);
  check(futimens(other, old) == 0 && fstat(fd, &a) == 0 && a.st_mtim.tv_sec == 2000,
        "a time that is set is seen");
  put(fd, 0, 100, 2);
  check(fstat(fd, &a) == 0 && a.st_mtim.tv_sec > 2000, "and gone after the next write");
  chmod(path("times"), 0600);
  link(path("times"), path("second"));
  check(fstat(fd, &a) == 0 && (a.st_mode & 0777) == 0600 && a.st_nlink == 2, "mode and links");
  unlink(path("second"));
  check(fstat(fd, &a) == 0 && a.st_nlink == 1, "a link less");
  ftruncate(fd, 10);
  check(fstat(other, &a) == 0 && a.st_size == 10 && lseek(other, 0, SEEK_END) == 10, "the size");
  close(fd);
  close(other);
}

static void test_bad_memory(void) {
  const int fd = make_file("bad");
  unsigned char *pages = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(pages, 1, 4 * PAGE);
  mprotect(pages + PAGE, PAGE, PROT_READ);
  munmap(pages + 2 * PAGE, PAGE);
  warm(fd);
  errno = 0;
  check(pread(fd, pages + 2 * PAGE, 100, 0) == -1 && errno == EFAULT, "a read to no memory");
  errno = 0;
  check(pread(fd, pages + PAGE, 100, 0) == -1 && errno == EFAULT, "a read to read-only memory");
  errno = 0;
  check(pwrite(fd, pages + 2 * PAGE, 100, 0) == -1 && errno == EFAULT, "a write from no memory");
  errno = 0;
  check(pread(fd, (void *)0xb8000000, 100, 0) == -1 && errno == EFAULT, "a read to the library");
  check(pwrite(fd, pages + PAGE, PAGE, 0) == PAGE, "a write from read-only memory");
  munmap(pages, 4 * PAGE);
  close(fd);
}

/* read (3) or write (4) with something in the SSE registers. Whether it is there afterwards. */
static int keeps_sse_registers(int call, int fd, void *data, size_t size, long *result) {
  unsigned char before[64], after[64];
  for (int i = 0; i < 64; i++) before[i] = (unsigned char)(i * 7 + call);
  __asm__ volatile(
      "movups (%%esi), %%xmm0\n\tmovups 16(%%esi), %%xmm1\n\t"
      "movups 32(%%esi), %%xmm2\n\tmovups 48(%%esi), %%xmm3\n\t"
      "int $0x80\n\t"
      "movups %%xmm0, (%%edi)\n\tmovups %%xmm1, 16(%%edi)\n\t"
      "movups %%xmm2, 32(%%edi)\n\tmovups %%xmm3, 48(%%edi)"
      : "=a"(*result)
      : "a"(call), "b"(fd), "c"(data), "d"(size), "S"(before), "D"(after)
      : "memory");
  return memcmp(before, after, sizeof before) == 0;
}

static void test_sse_registers(void) {
  const int fd = make_file("sse");
  const int half = 32 * PAGE;
  unsigned char *pages = mmap(0, 2 * (size_t)half, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  long result = 0;
  warm(fd);
  lseek(fd, 5, SEEK_SET);
  check(keeps_sse_registers(3, fd, pages + 3, 50001, &result) && result == 50001, "a large read keeps the registers");
  check(pages[3] == byte_at(5, 0) && pages[50003] == byte_at(50005, 0), "... and gets everything");
  lseek(fd, PAGE, SEEK_SET);
  check(keeps_sse_registers(4, fd, pages + 3, 50001, &result) && result == 50001, "a large write keeps them");
  munmap(pages + half, (size_t)half);
  lseek(fd, 0, SEEK_SET);
  check(keeps_sse_registers(3, fd, pages + half - PAGE - 100, 3 * PAGE, &result) && result != 3 * PAGE,
        "a large read into memory that ends keeps them");
  check(keeps_sse_registers(4, fd, pages + half - PAGE - 100, 3 * PAGE, &result) && result != 3 * PAGE,
        "a large write from memory that ends keeps them");
  munmap(pages, (size_t)half);
  close(fd);
}

static volatile sig_atomic_t ticks;
static void tick(int number) {
  (void)number;
  ticks++;
}

static void test_signals(void) {
  const int fd = make_file("signals");
  const struct itimerval often = {{0, 10000}, {0, 10000}}, never = {{0, 0}, {0, 0}};
  struct sigaction action;
  int good = 1;
  memset(&action, 0, sizeof action);
  action.sa_handler = tick;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, 0);
  ticks = 0;
  setitimer(ITIMER_REAL, &often, 0);
  for (int i = 0; i < 20000 && ticks < 20; i++) {
    const unsigned long at = (unsigned long)(i * 70001) % (SIZE - 70000);
    good &= holds(fd, at, 50000, 0) && put(fd, at, 50000, 0);
  }
  setitimer(ITIMER_REAL, &never, 0);
  check(good && ticks >= 20, "signals disturb nothing");
  close(fd);
}

/* Random operations on four descriptors against a model in memory. */
#define MODEL (2 * 1024 * 1024 + 500000)
static unsigned char model[MODEL];
static unsigned long model_size;
static uint32_t seed;
static uint32_t random_below(uint32_t limit) {
  seed = seed * 1664525 + 1013904223;
  return (seed >> 8) % limit;
}

static int random_read(int fd) {
  static unsigned char data[100000];
  const unsigned long at = random_below(MODEL), size = random_below(random_below(8) ? 9000 : 100000);
  const long expected = at >= model_size ? 0 : (long)(model_size - at < size ? model_size - at : size);
  return pread(fd, data, size, (off_t)at) == expected &&
         memcmp(data, model + at, (size_t)expected) == 0;
}

static int random_write(int fd) {
  static unsigned char data[100000];
  unsigned long at = random_below(random_below(4) ? (uint32_t)model_size + 1 : MODEL);
  unsigned long size = random_below(random_below(8) ? 9000 : 100000);
  if (size == 0) return 1;
  if (size > MODEL - at) size = MODEL - at;
  for (unsigned long i = 0; i < size; i++) data[i] = (unsigned char)random_below(256);
  memcpy(model + at, data, size);
  if (at + size > model_size) model_size = at + size;
  return pwrite(fd, data, size, (off_t)at) == (long)size;
}

static int random_size(int fd) {
  const unsigned long size = random_below(MODEL);
  if (size < model_size) memset(model + size, 0, model_size - size);
  model_size = size;
  return ftruncate(fd, (off_t)size) == 0;
}

static void test_model(void) {
  int fds[4], good = 1, step;
  struct stat s;
  model_size = 0;
  memset(model, 0, sizeof model);
  seed = 12345;
  for (int i = 0; i < 4; i++) fds[i] = open(path("model"), O_RDWR | O_CREAT, 0644);
  for (step = 0; step < 4000 && good; step++) {
    const int fd = fds[random_below(4)];
    switch (random_below(random_below(10) ? 9 : 10)) {
      case 0: case 1: case 2: case 3: good = random_read(fd); break;
      case 4: case 5: case 6: case 7: good = random_write(fd); break;
      case 8: good = fstat(fd, &s) == 0 && (unsigned long)s.st_size == model_size; break;
      default: good = random_size(fd); break;
    }
  }
  check(good, "4000 random operations on four descriptors");
  if (!good) printf("# step %d\n", step);
  for (int i = 0; i < 4; i++) close(fds[i]);
}

static void test_many_files(void) {
  int fds[40], good = 1;
  char name[20];
  for (int i = 0; i < 40; i++) {
    static unsigned char data[20000];
    snprintf(name, sizeof name, "many%d", i);
    fds[i] = open(path(name), O_RDWR | O_CREAT, 0644);
    fill(data, 0, sizeof data, i);
    good &= write(fds[i], data, sizeof data) == sizeof data;
  }
  for (int round = 0; round < 8; round++) {
    for (int i = 0; i < 40; i++) good &= holds(fds[i], 1000, 15000, i) && put(fds[i], 1000, 5000, i);
  }
  check(good, "more files than windows");
  for (int i = 0; i < 40; i++) {
    close(fds[i]);
    snprintf(name, sizeof name, "many%d", i);
    unlink(path(name));
  }
  for (int i = 0; i < 200; i++) {
    const int fd = open(path("times"), O_RDONLY);
    warm(fd);
    close(fd);
  }
  check(1, "windows go with their descriptors");
}

int main(int argc, char **argv) {
  void (*const tests[])(void) = {test_one_descriptor, test_other_descriptors, test_fork,
                                 test_truncation,     test_attributes,        test_bad_memory,
                                 test_sse_registers,  test_signals,        test_model,             test_many_files};
  return run_tests(tests, sizeof tests / sizeof *tests, argc, argv);
}
