/* steady_write FILE MIB TIMES: the longest that one write of 64 KiB takes while a file larger than memory is written,
 * from front to back, TIMES times. Nobody may wait for the disk longer than it has work for: above all the file
 * server must never wait for memory that only it can give back (its pager thread has a share of the kernel's
 * reserve for that reason), which shows here as writes of several seconds. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define TRANSFER (64 * 1024)
#define PATIENCE 2000 /* milliseconds; about 100 is what an idle machine needs */

static unsigned data[TRANSFER / sizeof(unsigned)];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The longest write, in milliseconds. */
static long write_all(int fd, unsigned transfers) {
  long longest = 0;
  unsigned i, at;
  for (i = 0; i < transfers; i++) {
    const long start = milliseconds();
    long took;
    for (at = 0; at < TRANSFER / sizeof(unsigned); at += 1024) data[at] = i * 31 + at;
    if (write(fd, data, TRANSFER) != TRANSFER) fail("write");
    took = milliseconds() - start;
    if (took > longest) longest = took;
  }
  return longest;
}

int main(int argc, char **argv) {
  int missed = 0;
  int times;
  int i;
  if (argc != 4) return 2;
  times = atoi(argv[3]);
  printf("1..%d\n", times);
  for (i = 1; i <= times; i++) {
    const int fd = open(argv[1], O_CREAT | O_TRUNC | O_WRONLY, 0644);
    long longest;
    if (fd < 0) fail(argv[1]);
    longest = write_all(fd, (unsigned)atoi(argv[2]) * ((1u << 20) / TRANSFER));
    if (close(fd) != 0) fail("close");
    printf("%s %d - the longest write took %ld ms\n", longest < PATIENCE ? "ok" : "not ok", i, longest);
    missed += longest >= PATIENCE;
  }
  if (unlink(argv[1]) != 0) fail("unlink");
  return missed != 0;
}
