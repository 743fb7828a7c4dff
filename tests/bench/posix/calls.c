/* Calls of one process that need nobody's answer on Linux. */
#include <fcntl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/posix/bench.h"

static int null_syscall(void) {
  MEASURE(20000, syscall(SYS_getppid));
  return 0;
}

static int read_clock(void) {
  struct timespec t;
  MEASURE(20000, clock_gettime(CLOCK_MONOTONIC, &t));
  return 0;
}

static int read_zero(void) {
  char byte;
  const int fd = open("/dev/zero", O_RDONLY);
  CHECK(fd);
  MEASURE(10000, REQUIRE(read(fd, &byte, 1) == 1));
  close(fd);
  return 0;
}

static int write_null(void) {
  const char byte = 0;
  const int fd = open("/dev/null", O_WRONLY);
  CHECK(fd);
  MEASURE(10000, REQUIRE(write(fd, &byte, 1) == 1));
  close(fd);
  return 0;
}

static int open_close(void) {
  const char *name;
  int fd = make_file("bo", 0);
  CHECK(fd);
  close(fd);
  name = work_file("bo");
  MEASURE(4000, {
    fd = open(name, O_RDONLY);
    CHECK(fd);
    close(fd);
  });
  unlink(name);
  return 0;
}

static int stat_name(void) {
  struct stat attributes;
  const char *name;
  const int fd = make_file("bs", 0);
  CHECK(fd);
  close(fd);
  name = work_file("bs");
  MEASURE(4000, CHECK(stat(name, &attributes)));
  unlink(name);
  return 0;
}

static int stat_descriptor(void) {
  struct stat attributes;
  const int fd = make_file("bf", 0);
  CHECK(fd);
  MEASURE(10000, CHECK(fstat(fd, &attributes)));
  close(fd);
  unlink(work_file("bf"));
  return 0;
}

static int select_ten(void) {
  int pipes[10][2];
  fd_set set;
  for (int i = 0; i < 10; i++) CHECK(pipe(pipes[i]));
  MEASURE(5000, {
    struct timeval none = {0, 0};
    FD_ZERO(&set);
    for (int k = 0; k < 10; k++) FD_SET(pipes[k][0], &set);
    CHECK(select(pipes[9][1] + 1, &set, 0, 0, &none));
  });
  for (int i = 0; i < 10; i++) {
    close(pipes[i][0]);
    close(pipes[i][1]);
  }
  return 0;
}

const struct benchmark kCallBenchmarks[] = {
    {"null_syscall", null_syscall}, {"clock_gettime", read_clock}, {"read1_zero", read_zero},
    {"write1_null", write_null},    {"open_close", open_close},    {"stat", stat_name},
    {"fstat", stat_descriptor},     {"select_10", select_ten},     {0, 0},
};
