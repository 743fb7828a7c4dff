/* file_speed write|read FILE MIB: how fast a file is written and brought to the disk, or read and
 * verified, from front to back. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TRANSFER (256 * 1024)

static unsigned data[TRANSFER / sizeof(unsigned)];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Every page of the file is different, and the same in every run. */
static void stamp(unsigned at, unsigned transfer) { data[at] = transfer * 31 + at; }

static void write_all(int fd, unsigned transfers) {
  unsigned i, at;
  for (i = 0; i < transfers; i++) {
    for (at = 0; at < TRANSFER / sizeof(unsigned); at += 1024) stamp(at, i);
    if (write(fd, data, TRANSFER) != TRANSFER) fail("write");
  }
  if (fsync(fd) != 0) fail("fsync");
}

static void read_all(int fd, unsigned transfers) {
  unsigned i, at;
  for (i = 0; i < transfers; i++) {
    if (read(fd, data, TRANSFER) != TRANSFER) fail("read");
    for (at = 0; at < TRANSFER / sizeof(unsigned); at += 1024) {
      const unsigned got = data[at];
      stamp(at, i);
      if (got != data[at]) fail("contents");
    }
  }
}

static long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(int argc, char **argv) {
  int writes;
  int fd;
  long start;
  unsigned transfers;
  if (argc != 4) return 2;
  writes = strcmp(argv[1], "write") == 0;
  transfers = (unsigned)atoi(argv[3]) * ((1u << 20) / TRANSFER);
  fd = writes ? open(argv[2], O_CREAT | O_TRUNC | O_WRONLY, 0644) : open(argv[2], O_RDONLY);
  if (fd < 0) fail(argv[2]);
  start = milliseconds();
  if (writes) {
    write_all(fd, transfers);
  } else {
    read_all(fd, transfers);
  }
  printf("file %s %ld ms\n", argv[1], milliseconds() - start);
  return 0;
}
