/* Pipes, within one process and between processes, and giving the processor away. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/posix/bench.h"

#define MAX_RING 8

/* In a child: sends every byte back. */
static void echo(int in, int out) {
  char byte;
  while (read(in, &byte, 1) == 1) {
    if (write(out, &byte, 1) != 1) break;
  }
  _exit(0);
}

/* In a child: takes `total` bytes, answers one, and so on. */
static void swallow(int in, int out, unsigned long total) {
  static char block[PIPE_BLOCK];
  unsigned long got = 0;
  for (;;) {
    const ssize_t n = read(in, block, sizeof block);
    const char done = 0;
    if (n <= 0) _exit(0);
    got += (unsigned long)n;
    if (got < total) continue;
    got -= total;
    if (write(out, &done, 1) != 1) _exit(0);
  }
}

static int write_all(int fd, const char *data, size_t size) {
  while (size != 0) {
    const ssize_t n = write(fd, data, size);
    if (n <= 0) return -1;
    data += n;
    size -= (size_t)n;
  }
  return 0;
}

/* Two pipes and a child at their other ends: the parent's ends are to[1] and from[0]. */
static pid_t start_child(int *to, int *from, unsigned long total) {
  pid_t child;
  CHECK(pipe(to));
  CHECK(pipe(from));
  child = fork();
  CHECK(child);
  if (child == 0) {
    close(to[1]);
    close(from[0]);
    if (total != 0) {
      swallow(to[0], from[1], total);
    } else {
      echo(to[0], from[1]);
    }
  }
  close(to[0]);
  close(from[1]);
  return child;
}

static int end_child(pid_t child, int *to, int *from) {
  close(to[1]);
  close(from[0]);
  return waitpid(child, 0, 0) == child ? 0 : -1;
}

static int pipe_to_self(void) {
  int ends[2];
  char byte = 0;
  CHECK(pipe(ends));
  MEASURE(5000, REQUIRE(write(ends[1], &byte, 1) == 1 && read(ends[0], &byte, 1) == 1));
  close(ends[0]);
  close(ends[1]);
  return 0;
}

static int round_trip(void) {
  int to[2], from[2];
  char byte = 0;
  const pid_t child = start_child(to, from, 0);
  CHECK(child);
  MEASURE(2000, REQUIRE(write(to[1], &byte, 1) == 1 && read(from[0], &byte, 1) == 1));
  return end_child(child, to, from);
}

/* From the first write to the answer of the child, which has read everything. */
static int bandwidth(void) {
  static char block[PIPE_BLOCK];
  int to[2], from[2];
  char byte;
  const unsigned long blocks = scaled(64);
  const pid_t child = start_child(to, from, blocks * sizeof block);
  CHECK(child);
  operations = blocks;
  REPEAT {
    begin_measuring();
    for (unsigned long i = 0; i < blocks; i++) CHECK(write_all(to[1], block, sizeof block));
    REQUIRE(read(from[0], &byte, 1) == 1);
    end_measuring();
  }
  return end_child(child, to, from);
}

/* In member `self` of a ring: keeps its two ends and echoes. */
static void pass_on(int (*ring)[2], int size, int self) {
  for (int i = 0; i < size; i++) {
    if (i != self - 1) close(ring[i][0]);
    if (i != self) close(ring[i][1]);
  }
  echo(ring[self - 1][0], ring[self][1]);
}

/* A byte goes round a ring of processes; an operation is one hop. */
static int ring_of(int size) {
  int ring[MAX_RING][2];
  pid_t children[MAX_RING];
  char byte = 0;
  const unsigned long laps = scaled(2000) / (unsigned long)size;
  for (int i = 0; i < size; i++) CHECK(pipe(ring[i]));
  for (int i = 1; i < size; i++) {
    children[i] = fork();
    CHECK(children[i]);
    if (children[i] == 0) pass_on(ring, size, i);
  }
  for (int i = 0; i < size; i++) {
    if (i != size - 1) close(ring[i][0]);
    if (i != 0) close(ring[i][1]);
  }
  operations = laps * (unsigned long)size;
  REPEAT {
    begin_measuring();
    for (unsigned long i = 0; i < laps; i++) {
      REQUIRE(write(ring[0][1], &byte, 1) == 1 && read(ring[size - 1][0], &byte, 1) == 1);
    }
    end_measuring();
  }
  close(ring[0][1]);
  for (int i = 1; i < size; i++) waitpid(children[i], 0, 0);
  close(ring[size - 1][0]);
  return 0;
}

static int ring_of_two(void) { return ring_of(2); }
static int ring_of_eight(void) { return ring_of(8); }

static int yield_to_other(void) {
  const pid_t child = fork();
  CHECK(child);
  if (child == 0) {
    for (;;) sched_yield();
  }
  MEASURE(4000, sched_yield());
  kill(child, SIGKILL);
  waitpid(child, 0, 0);
  return 0;
}

const struct benchmark kPipeBenchmarks[] = {
    {"pipe_self", pipe_to_self}, {"pipe_rtt", round_trip}, {"pipe_bw_64k", bandwidth},
    {"ctx_2", ring_of_two},      {"ctx_8", ring_of_eight}, {"yield_2", yield_to_other},
    {0, 0},
};
