/* What a program that reads and writes files through windows sees when the file server dies: data is
 * right or EIO, writes are EIO, no signal, and what the next file server gives is right again. bad_server kills
 * the file server when asked. Argument: a file with the records below; what is printed is TAP. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/e2e/servers/kill_request.h"

#define PAGE 4096ul
#define MIB (1024 * 1024ul)
#define RECORD 8 /* bytes: the record's number and a newline */
#define KNOWN_SIZE (3 * MIB)
#define OWN_SIZE (64 * PAGE)
/* Where the library maps windows (emulation/files/file_windows.h), and where it is itself. */
#define WINDOWS 0xb9000000ul
#define WINDOWS_END (WINDOWS + 16 * MIB)
#define LIBRARY 0xb8000000ul

static int cases, failures;

static void check(int condition, const char *name) {
  printf("%s %d - %s\n", condition ? "ok" : "not ok", ++cases, name);
  fflush(stdout);
  failures += !condition;
}

static sigjmp_buf not_there;
static volatile sig_atomic_t trying;
static void on_fault(int number) {
  if (trying) siglongjmp(not_there, 1);
  printf("not ok - signal %d\n", number);
  fflush(stdout);
  _exit(1);
}

static int readable(unsigned long address) {
  int result = 0;
  trying = 1;
  if (sigsetjmp(not_there, 1) == 0) {
    (void)*(volatile char *)address;
    result = 1;
  }
  trying = 0;
  return result;
}

/* Pages of programs are the file server's, too: this program's must be there before it dies. */
static void have_own_pages(void) {
  extern char __ehdr_start[], end[];
  for (unsigned long at = (unsigned long)__ehdr_start; at < (unsigned long)end; at += PAGE) readable(at);
  for (unsigned long at = LIBRARY; readable(at); at += PAGE) {
  }
}

static int window_with(const void *data, size_t size) {
  for (unsigned long at = WINDOWS; at < WINDOWS_END; at += MIB) {
    if (readable(at) && memcmp((const void *)at, data, size) == 0) return 1;
  }
  return 0;
}

static unsigned random_below(unsigned limit) {
  static unsigned seed = 4711;
  seed = seed * 1664525 + 1013904223;
  return (seed >> 8) % limit;
}

enum outcome { RIGHT, REFUSED, WRONG };

/* EIO is the only error there may be. */
static enum outcome outcome_of(ssize_t got, size_t size, int same) {
  if (got == -1) return errno == EIO ? REFUSED : WRONG;
  return got == (ssize_t)size && same ? RIGHT : WRONG;
}

/* One page of the file with the records. */
static enum outcome read_known(int fd, unsigned page) {
  char data[PAGE], record[RECORD + 1];
  const ssize_t got = pread(fd, data, sizeof data, (off_t)(page * PAGE));
  int same = 1;
  for (unsigned i = 0; got > 0 && i < PAGE / RECORD; i++) {
    snprintf(record, sizeof record, "%07lu\n", page * PAGE / RECORD + i);
    same &= memcmp(data + i * RECORD, record, RECORD) == 0;
  }
  return outcome_of(got, sizeof data, same);
}

/* Files of our own, and what each of their pages is full of. */
struct own {
  const char *path;
  int fd;
  unsigned char page[OWN_SIZE / PAGE];
  int unsure[OWN_SIZE / PAGE]; /* a write of the page was refused */
};
static struct own own[2] = {{.path = "/root/own"}, {.path = "/tmp/own"}};

static enum outcome read_own(struct own *f, unsigned page) {
  unsigned char data[PAGE];
  const ssize_t got = pread(f->fd, data, sizeof data, (off_t)(page * PAGE));
  int same = 1;
  for (unsigned i = 0; got > 0 && i < PAGE; i++) same &= data[i] == f->page[page];
  return outcome_of(got, sizeof data, same || f->unsure[page]);
}

static enum outcome write_own(struct own *f, unsigned page) {
  unsigned char data[PAGE];
  const unsigned char version = (unsigned char)random_below(256);
  memset(data, version, sizeof data);
  const enum outcome outcome =
      outcome_of(pwrite(f->fd, data, sizeof data, (off_t)(page * PAGE)), sizeof data, 1);
  if (outcome == RIGHT) f->page[page] = version;
  f->unsure[page] = outcome != RIGHT;
  return outcome;
}

/* Creates the file; afterwards windows of it are in use. */
static int make_own(struct own *f) {
  int good = (f->fd = open(f->path, O_RDWR | O_CREAT | O_TRUNC, 0644)) >= 0;
  for (unsigned page = 0; page < OWN_SIZE / PAGE; page++) good &= write_own(f, page) == RIGHT;
  for (unsigned i = 0; i < 64; i++) {
    good &= write_own(f, i % (OWN_SIZE / PAGE)) == RIGHT && read_own(f, i % (OWN_SIZE / PAGE)) == RIGHT;
  }
  unsigned char data[PAGE];
  memset(data, f->page[0], sizeof data);
  return good && fsync(f->fd) == 0 && window_with(data, sizeof data);
}

/* Reads half of the records, so that there are windows on them. */
static int use_known(int fd) {
  int good = fd >= 0;
  for (unsigned page = 0; page < KNOWN_SIZE / 2 / PAGE; page++) good &= read_known(fd, page) == RIGHT;
  return good && window_with("0000000\n0000001\n", 2 * RECORD);
}

static int size_is(int fd, unsigned long size) {
  struct stat s;
  return fstat(fd, &s) == 0 ? s.st_size == (off_t)size : errno == EIO;
}

/* The server dies while files are read and written. */
static void test_death(int known, volatile struct kill_request *request) {
  enum outcome worst = RIGHT;
  const time_t deadline = time(0) + 60;
  unsigned long rounds = 0;
  request->state = KILL_NOW;
  for (; request->state != KILL_DONE && time(0) < deadline; rounds++) {
    const enum outcome outcomes[] = {read_known(known, random_below(KNOWN_SIZE / 2 / PAGE)),
                                     write_own(&own[rounds % 2], random_below(OWN_SIZE / PAGE)),
                                     read_own(&own[rounds % 2], random_below(OWN_SIZE / PAGE))};
    for (int i = 0; i < 3; i++) worst = outcomes[i] > worst ? outcomes[i] : worst;
  }
  check(request->state == KILL_DONE, "the file server is killed");
  printf("# after %lu rounds\n", rounds);
  check(worst != WRONG, "until then everything is right or EIO");
}

static int reads_are_right(int known, const char *who) {
  unsigned counts[3] = {0, 0, 0};
  for (unsigned page = 0; page < KNOWN_SIZE / PAGE; page++) counts[read_known(known, page)]++;
  for (unsigned page = 0; page < OWN_SIZE / PAGE; page++) {
    counts[read_own(&own[0], page)]++;
    counts[read_own(&own[1], page)]++;
  }
  printf("# %s: %u pages right, %u EIO\n", who, counts[RIGHT], counts[REFUSED]);
  return counts[WRONG] == 0;
}

static int writes_are_refused(void) {
  int good = 1;
  for (unsigned i = 0; i < 100; i++) good &= write_own(&own[i % 2], random_below(OWN_SIZE / PAGE)) == REFUSED;
  return good;
}

static int refused(int result) { return result == -1 && errno == EIO; }

/* Files that a server had that is not there any more. */
static void test_old_files(int known, const char *when) {
  char name[100];
  const char *const names[] = {"writes are EIO", "reads are right or EIO", "sizes are right or EIO",
                               "fsync and ftruncate are EIO", "so it is in a child"};
  const int results[] = {
      writes_are_refused(), reads_are_right(known, when),
      size_is(known, KNOWN_SIZE) && size_is(own[0].fd, OWN_SIZE) && size_is(own[1].fd, OWN_SIZE),
      refused(fsync(own[0].fd)) && refused(ftruncate(own[0].fd, 0)) && refused(ftruncate(own[1].fd, 10))};
  for (int i = 0; i < 4; i++) {
    snprintf(name, sizeof name, "%s: %s", when, names[i]);
    check(results[i], name);
  }
  fflush(stdout);
  int status = -1;
  const pid_t child = fork();
  if (child == 0) _exit(!(reads_are_right(known, "a child") && writes_are_refused()));
  snprintf(name, sizeof name, "%s: %s", when, names[4]);
  check(child > 0 && waitpid(child, &status, 0) == child && status == 0, name);
}

/* Waits for the next file server. */
static int open_again(const char *path) {
  const time_t deadline = time(0) + 60;
  int fd;
  while ((fd = open(path, O_RDONLY)) < 0 && errno == EIO && time(0) < deadline) usleep(100000);
  return fd;
}

static int runs(const char *path) {
  int status = -1;
  const pid_t child = fork();
  if (child == 0) {
    execl(path, path, (char *)0);
    _exit(127);
  }
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void test_next_server(const char *known_path) {
  const int known = open_again(known_path);
  check(known >= 0, "the next file server opens a file");
  check(size_is(known, KNOWN_SIZE) && use_known(known), "it is read, through windows again");
  static struct own fresh = {.path = "/root/fresh"};
  check(make_own(&fresh), "a new file is written");
  int good = 1;
  for (unsigned page = 0; page < OWN_SIZE / PAGE; page++) good &= read_own(&fresh, page) == RIGHT;
  check(good && size_is(fresh.fd, OWN_SIZE), "and read");
  check(open("/tmp/own", O_RDONLY) == -1 && errno == ENOENT, "the memory file system is empty");
  check(open("/dev/null", O_RDWR) >= 0 && access("/proc/uptime", R_OK) == 0, "there are devices and processes");
  check(chdir("/root") == 0 && access("fresh", R_OK) == 0, "a current directory can be had");
  check(runs("/bin/true"), "programs run");
  close(known);
  close(fresh.fd);
}

int main(int argc, char **argv) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_fault;
  sigaction(SIGSEGV, &action, 0);
  sigaction(SIGBUS, &action, 0);
  if (argc < 2) return 2;
  volatile struct kill_request *request =
      mmap((void *)KILL_REQUEST_ADDRESS, KILL_REQUEST_SIZE, PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  memcpy((void *)request, KILL_REQUEST_MAGIC, sizeof KILL_REQUEST_MAGIC);

  const int known = open(argv[1], O_RDONLY);
  check(use_known(known), "a file is read through windows");
  check(make_own(&own[0]) && make_own(&own[1]), "files are written through windows");
  have_own_pages();
  test_death(known, request);
  usleep(30000); /* the clock ticks */
  test_old_files(known, "no server");
  test_next_server(argv[1]);
  test_old_files(known, "next server");
  printf("1..%d\n", cases);
  return failures != 0;
}
