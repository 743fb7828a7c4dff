/*
 * A small benchmark suite of POSIX operations. The counts are fixed, so that under an emulator whose
 * clock counts instructions (QEMU: -icount shift=0) a run repeats to the instruction, and the same
 * program measures any system with the Linux-i386 interface.
 */
#ifndef TESTS_BENCH_POSIX_BENCH_H_
#define TESTS_BENCH_POSIX_BENCH_H_

#include <stddef.h>

#define PAGE_BYTES 4096ul
#define MEBIBYTE (1ul << 20)
#define PIPE_BLOCK 65536ul

/* One operation to measure; run() answers 0, or -1 (errno says why) when something it needs failed. */
struct benchmark {
  const char *name;
  int (*run)(void);
};

/* The suite by topic; each table ends with a null name. */
extern const struct benchmark kCallBenchmarks[];
extern const struct benchmark kFileBenchmarks[];
extern const struct benchmark kMemoryBenchmarks[];
extern const struct benchmark kPipeBenchmarks[];
extern const struct benchmark kProcessBenchmarks[];
extern const struct benchmark kSignalBenchmarks[];

/* Settings of the run. */
extern int repetitions;
extern const char *work_directory;
extern const char *busybox;
extern const char *this_program;

/* `count` scaled as the command line says; at least 1. */
unsigned long scaled(unsigned long count);

/* Brackets of one measured repetition, in which `operations` operations happen. */
extern unsigned long operations;
void begin_measuring(void);
void end_measuring(void);

#define REPEAT for (int repetition_ = 0; repetition_ <= repetitions; repetition_++)

/* Measures a statement that is one operation, `count` times a repetition. */
#define MEASURE(count, ...)                                              \
  do {                                                                   \
    operations = scaled(count);                                          \
    REPEAT {                                                             \
      begin_measuring();                                                 \
      for (unsigned long i_ = 0; i_ < operations; i_++) __VA_ARGS__;     \
      end_measuring();                                                   \
    }                                                                    \
  } while (0)

/* Ends the benchmark as failed when a system call fails, or when a condition does not hold. */
#define CHECK(call)           \
  do {                        \
    if ((call) < 0) return -1; \
  } while (0)
#define REQUIRE(condition)       \
  do {                           \
    if (!(condition)) return -1; \
  } while (0)

/* The name of a file in the work directory; valid until the next call. */
const char *work_file(const char *name);
/* Makes that file with `size` bytes of data; its descriptor, open for reading and writing, or -1. */
int make_file(const char *name, unsigned long size);

#endif
