/* Calls that do not exist answer ENOSYS, whichever way they are made, and are counted in /proc/unimplemented. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int cases;

static void check(int condition, const char *name) {
  printf("%s %d - %s\n", condition ? "ok" : "not ok", ++cases, name);
}

/* By the library's entry, as libc calls it. */
static long by_call(long number) {
  errno = 0;
  return syscall(number, 1, 2, 3, 4, 5, 6) == -1 ? -errno : 0;
}

/* By the interrupt; the system call redirection of the task brings it to the same place. */
static long by_interrupt(long number) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(1), "c"(2), "d"(3) : "memory");
  return result;
}

/* How often /proc/unimplemented says that a call was made; -1 when it cannot be read. */
static long count_of(long wanted) {
  char line[64];
  long number, count, found = 0;
  FILE *file = fopen("/proc/unimplemented", "r");
  if (file == NULL) return -1;
  while (fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "%ld %ld", &number, &count) == 2 && number == wanted) found = count;
  }
  fclose(file);
  return found;
}

/* The library tells the process server of a call without waiting for an answer. */
static int count_becomes(long number, long wanted) {
  for (int i = 0; i < 500 && count_of(number) < wanted; ++i) usleep(10000);
  return count_of(number) == wanted;
}

int main(void) {
  const long kPtrace = 26, kMemfdCreate = 356, kLast = 1023;

  const long before = count_of(kPtrace);
  check(before >= 0, "/proc/unimplemented can be read");
  check(by_call(kPtrace) == -ENOSYS, "a call that is not implemented answers ENOSYS");
  check(count_becomes(kPtrace, before + 1), "and is counted");
  check(by_interrupt(kPtrace) == -ENOSYS, "by int $0x80 too");
  check(count_becomes(kPtrace, before + 2), "and is counted");
  const long others = count_of(kMemfdCreate);
  for (int i = 0; i < 5; ++i) (void)by_call(kMemfdCreate);
  check(count_becomes(kMemfdCreate, others + 5), "every call is counted under its own number");
  check(count_of(kPtrace) == before + 2, "and no other");
  const pid_t child = fork();
  if (child == 0) _exit(by_call(kPtrace) == -ENOSYS ? 0 : 1);
  int status = -1;
  (void)waitpid(child, &status, 0);
  check(status == 0 && count_becomes(kPtrace, before + 3), "the counts are the whole system's");

  const long strange[] = {kLast, 1024, 5000, 0x7fffffff, -1, (long)0x80000000};
  for (unsigned i = 0; i < sizeof strange / sizeof strange[0]; ++i) {
    char name[64];
    snprintf(name, sizeof name, "call %ld answers ENOSYS", strange[i]);
    check(by_call(strange[i]) == -ENOSYS, name);
    /* Small negative numbers are Mach's own calls when they come by the interrupt. */
    if (strange[i] > 0) check(by_interrupt(strange[i]) == -ENOSYS, name);
  }
  check(getpid() > 0 && by_interrupt(20) == getpid(), "calls that exist go on working");
  printf("1..%d\n", cases);
  return 0;
}
