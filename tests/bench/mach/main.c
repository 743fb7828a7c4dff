#include "tests/bench/mach/mach_bench.h"
#include "tests/kernel/support/kernel_test.h"

static unsigned started;
static unsigned best = ~0u;
static unsigned failures;

static unsigned instructions_now(void) {
  unsigned low;
  __asm__ volatile("rdtsc" : "=a"(low) : : "edx", "memory");
  return low;
}

void begin_batch(void) { started = instructions_now(); }

void end_batch(void) {
  const unsigned spent = instructions_now() - started;
  if (spent < best) best = spent;
}

static void print_decimal(unsigned value) {
  char text[12];
  char *at = text + sizeof(text) - 1;
  *at = 0;
  do {
    *--at = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  print(at);
}

void report(const char *name, unsigned rounds) {
  print("cost ");
  print(name);
  print(": ");
  print_decimal(best / rounds);
  print("\n");
  best = ~0u;
}

void require(kern_return_t result, const char *what) {
  if (result == KERN_SUCCESS) return;
  if (failures++ == 0) (void)check_equal((unsigned)result, KERN_SUCCESS, what);
}

void test_main(void) {
  measure_traps();
  measure_rpc();
  measure_ports();
  measure_memory();
  measure_pager();
  measure_tasks();
  measure_exceptions();
  measure_growth();
  check(failures == 0, "everything was measured");
}
