/*
 * bench [-r REPETITIONS] [-s PERCENT] [-d DIRECTORY] [-b BUSYBOX] [TEST]...
 *
 * One line a test, "NAME <tab> INSTRUCTIONS" (of one operation, the median of the repetitions), or
 * "NAME <tab> skipped <tab> REASON". The first repetition warms up and is dropped.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/posix/bench.h"

#define MAX_REPETITIONS 62

int repetitions = 5;
const char *work_directory = "/tmp";
const char *busybox = "/bin/busybox";
const char *this_program = "/exec/posix_bench";
unsigned long operations;

static unsigned scale_percent = 100;
static uint64_t samples[MAX_REPETITIONS + 1];
static int sample_count;
static uint64_t started;

static uint64_t instructions_now(void) {
  uint32_t low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
  return (uint64_t)high << 32 | low;
}

unsigned long scaled(unsigned long count) {
  const unsigned long result = count * scale_percent / 100;
  return result != 0 ? result : 1;
}

__attribute__((noinline)) void begin_measuring(void) { started = instructions_now(); }

__attribute__((noinline)) void end_measuring(void) {
  const uint64_t ended = instructions_now();
  if (sample_count <= MAX_REPETITIONS) samples[sample_count++] = ended - started;
}

const char *work_file(const char *name) {
  static char path[256];
  snprintf(path, sizeof path, "%s/%s", work_directory, name);
  return path;
}

int make_file(const char *name, unsigned long size) {
  static char block[65536];
  const int fd = open(work_file(name), O_RDWR | O_CREAT | O_TRUNC, 0644);
  CHECK(fd);
  memset(block, 7, sizeof block);
  while (size != 0) {
    const unsigned long part = size < sizeof block ? size : sizeof block;
    if (write(fd, block, part) != (long)part) {
      close(fd);
      return -1;
    }
    size -= part;
  }
  return fd;
}

static int compare(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static void run(const struct benchmark *benchmark) {
  int result, error, count;
  uint64_t tenths;
  sample_count = 0;
  operations = 0;
  errno = 0;
  result = benchmark->run();
  error = errno;
  if (result != 0 || sample_count < 2) {
    printf("%s\tskipped\t%s\n", benchmark->name, strerror(error));
  } else {
    count = sample_count - 1;
    qsort(samples + 1, (size_t)count, sizeof *samples, compare);
    tenths = samples[1 + count / 2] * 10 / operations;
    printf("%s\t%llu.%u\n", benchmark->name, (unsigned long long)(tenths / 10),
           (unsigned)(tenths % 10));
  }
  fflush(stdout);
}

static int wanted(const char *name, char *const *names) {
  if (*names == NULL) return 1;
  for (; *names != NULL; names++) {
    if (strcmp(*names, name) == 0) return 1;
  }
  return 0;
}

static void run_suite(char *const *names) {
  static const struct benchmark *const suite[] = {kCallBenchmarks, kSignalBenchmarks,
                                                  kPipeBenchmarks, kProcessBenchmarks,
                                                  kMemoryBenchmarks, kFileBenchmarks};
  for (size_t i = 0; i < sizeof suite / sizeof *suite; i++) {
    for (const struct benchmark *b = suite[i]; b->name != NULL; b++) {
      if (wanted(b->name, names)) run(b);
    }
  }
}

int main(int argc, char **argv) {
  int option;
  /* What the exec benchmarks run. */
  if (argc > 1 && strcmp(argv[1], "_hello") == 0) return 0;
  if (argv[0][0] == '/') this_program = argv[0];
  while ((option = getopt(argc, argv, "r:s:d:b:")) != -1) {
    switch (option) {
      case 'r': repetitions = atoi(optarg); break;
      case 's': scale_percent = (unsigned)atoi(optarg); break;
      case 'd': work_directory = optarg; break;
      case 'b': busybox = optarg; break;
      default: return 2;
    }
  }
  if (repetitions < 1) repetitions = 1;
  if (repetitions > MAX_REPETITIONS) repetitions = MAX_REPETITIONS;
  signal(SIGPIPE, SIG_IGN);
  run_suite(argv + optind);
  return 0;
}
