/*
 * The price of Mach operations in guest instructions: meaningful when the emulator's clock counts them
 * (QEMU: -icount shift=0). The program is the kernel's first task and prints "cost NAME: FIGURE" lines.
 */
#ifndef TESTS_BENCH_MACH_MACH_BENCH_H_
#define TESTS_BENCH_MACH_MACH_BENCH_H_

#include <mach.h>

#define BATCHES 8u
#define ROUNDS 100u
#define PAGE_BYTES 4096u

/* Measurements by topic. */
void measure_traps(void);
void measure_rpc(void);
void measure_ports(void);
void measure_memory(void);
void measure_pager(void);
void measure_tasks(void);
void measure_exceptions(void);
void measure_growth(void);

/* One operation each, under the name given. */
void measure_null_rpc(const char *name);
void measure_one_right(const char *name);
void measure_one_page(const char *name);
void measure_one_thread(const char *name);

/* Brackets of one batch; report() prints the best batch since the last one, for each of `rounds`. */
void begin_batch(void);
void end_batch(void);
void report(const char *name, unsigned rounds);

/* Measures one statement. */
#define MEASURE(name, ...)                                 \
  do {                                                     \
    unsigned batch_, i_;                                   \
    for (batch_ = 0; batch_ < BATCHES; batch_++) {         \
      begin_batch();                                       \
      for (i_ = 0; i_ < ROUNDS; i_++) __VA_ARGS__;         \
      end_batch();                                         \
    }                                                      \
    report(name, ROUNDS);                                  \
  } while (0)

/* The program fails in the end when `result` is an error; the first one is told. */
void require(kern_return_t result, const char *what);

#endif
