/* What poll and select say of pipes, after so many questions that no message asks any more. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

static int cases, failures;

static void check(int condition, const char *name) {
  printf("%s %d - %s\n", condition ? "ok" : "not ok", ++cases, name);
  failures += !condition;
}

static short events_of(int fd, int timeout) {
  struct pollfd p = {.fd = fd, .events = POLLIN | POLLOUT};
  const int count = poll(&p, 1, timeout);
  return count == 1 ? p.revents : 0;
}

static void ask_often(const int *ends) {
  for (int i = 0; i < 20; i++) {
    events_of(ends[0], 0);
    events_of(ends[1], 0);
  }
}

/* In a child: its answer as exit status. */
static int in_child(int (*run)(const int *), const int *ends) {
  int status;
  const pid_t child = fork();
  if (child == 0) _exit(run(ends) ? 0 : 1);
  return waitpid(child, &status, 0) == child && status == 0;
}

static int child_sees_byte(const int *ends) {
  char byte;
  for (int i = 0; i < 20; i++) {
    if (events_of(ends[0], 0) != POLLIN) return 0;
  }
  return read(ends[0], &byte, 1) == 1 && events_of(ends[0], 0) == 0;
}

static int child_writes_late(const int *ends) {
  usleep(100000);
  return write(ends[1], "x", 1) == 1;
}

static void test_states(void) {
  static char block[4096];
  int ends[2];
  char byte;
  pipe(ends);
  ask_often(ends);
  check(events_of(ends[0], 0) == 0, "an empty pipe is not readable");
  check(events_of(ends[1], 0) == POLLOUT, "and is writable");
  write(ends[1], "ab", 2);
  check(events_of(ends[0], 0) == POLLIN, "a byte makes it readable");
  read(ends[0], &byte, 1);
  check(events_of(ends[0], 0) == POLLIN, "as long as there is one");
  read(ends[0], &byte, 1);
  check(events_of(ends[0], 0) == 0, "and not longer");
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  while (write(ends[1], block, sizeof block) == sizeof block) {}
  check(events_of(ends[1], 0) == 0, "a full pipe is not writable");
  for (int i = 0; i < 4; i++) read(ends[0], block, sizeof block);
  check(events_of(ends[1], 0) == POLLOUT, "until somebody reads");
  close(ends[1]);
  check(events_of(ends[0], 0) == (POLLIN | POLLHUP), "the writer is gone, data is there");
  while (read(ends[0], block, sizeof block) > 0) {}
  check(events_of(ends[0], 0) == POLLHUP, "the writer is gone");
  close(ends[0]);
  pipe(ends);
  ask_often(ends);
  check(events_of(ends[0], 0) == 0, "a new pipe knows nothing of the old one");
  close(ends[0]);
  check((events_of(ends[1], 0) & POLLERR) != 0, "the reader is gone");
  close(ends[1]);
}

static void test_processes(void) {
  int ends[2];
  int status;
  pipe(ends);
  ask_often(ends);
  write(ends[1], "x", 1);
  check(in_child(child_sees_byte, ends), "a child sees and takes a byte");
  check(events_of(ends[0], 0) == 0, "which the parent then misses");
  const pid_t child = fork();
  if (child == 0) _exit(child_writes_late(ends) ? 0 : 1);
  check(events_of(ends[0], 10000) == POLLIN, "poll waits for a byte");
  waitpid(child, &status, 0);
  check(status == 0, "that another process wrote");
  close(ends[0]);
  close(ends[1]);
}

static void test_many(void) {
  int pipes[30][2], good = 1;
  for (int i = 0; i < 30; i++) pipe(pipes[i]);
  for (int round = 0; round < 40; round++) {
    const int chosen = round * 7 % 30;
    struct timeval none = {0, 0};
    fd_set set;
    char byte;
    write(pipes[chosen][1], "x", 1);
    FD_ZERO(&set);
    for (int i = 0; i < 30; i++) FD_SET(pipes[i][0], &set);
    good &= select(pipes[29][1] + 1, &set, 0, 0, &none) == 1 && FD_ISSET(pipes[chosen][0], &set);
    read(pipes[chosen][0], &byte, 1);
  }
  check(good, "select finds the one of thirty pipes that is ready");
  for (int i = 0; i < 30; i++) {
    close(pipes[i][0]);
    close(pipes[i][1]);
  }
}

int main(void) {
  test_states();
  test_processes();
  test_many();
  printf("1..%d\n", cases);
  return failures != 0;
}
