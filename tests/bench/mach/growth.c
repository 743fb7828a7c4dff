/* The same operations while the task has more and more of something. */
#include "tests/bench/mach/mach_bench.h"

#define STEPS 3

/* "WHAT, COUNT THINGS", good until the next call. */
static const char *title(const char *what, unsigned count, const char *things) {
  static char text[80];
  char digits[12];
  char *at = text;
  unsigned n = 0;
  while (*what) *at++ = *what++;
  *at++ = ',';
  *at++ = ' ';
  do {
    digits[n++] = (char)('0' + count % 10);
    count /= 10;
  } while (count != 0);
  while (n != 0) *at++ = digits[--n];
  *at++ = ' ';
  while (*things) *at++ = *things++;
  *at = 0;
  return text;
}

static void with_ports(void) {
  static const unsigned counts[STEPS] = {100, 1000, 10000};
  mach_port_t port;
  unsigned step, made = 0;
  for (step = 0; step < STEPS; step++) {
    for (; made < counts[step]; made++)
      require(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port), "allocate");
    measure_null_rpc(title("null RPC", made, "ports"));
    measure_one_right(title("receive right allocate + mod_refs", made, "ports"));
  }
}

/* The threads are suspended, as most are that wait for something. */
static void with_threads(void) {
  static const unsigned counts[STEPS] = {10, 100, 1000};
  static mach_port_t threads[1000];
  unsigned step, made = 0;
  for (step = 0; step < STEPS; step++) {
    for (; made < counts[step]; made++)
      require(thread_create(mach_task_self(), &threads[made]), "thread_create");
    measure_null_rpc(title("null RPC", made, "threads"));
    measure_one_thread(title("thread create + terminate", made, "threads"));
  }
  while (made-- > 0) require(thread_terminate(threads[made]), "thread_terminate");
}

/* Every other page is its own entry, and so is what lies between two of them. */
static void with_entries(void) {
  static const unsigned counts[STEPS] = {10, 100, 1000};
  vm_address_t memory = 0;
  unsigned step, made = 0;
  require(vm_allocate(mach_task_self(), &memory, (counts[STEPS - 1] + 1) * PAGE_BYTES, TRUE),
          "vm_allocate");
  for (step = 0; step < STEPS; step++) {
    for (; made < counts[step]; made += 2)
      require(vm_inherit(mach_task_self(), memory + (made + 1) * PAGE_BYTES, PAGE_BYTES,
                         VM_INHERIT_NONE),
              "vm_inherit");
    measure_one_page(title("vm_allocate + touch + vm_deallocate", made, "entries"));
  }
  require(vm_deallocate(mach_task_self(), memory, (counts[STEPS - 1] + 1) * PAGE_BYTES),
          "vm_deallocate");
}

void measure_growth(void) {
  with_ports();
  with_threads();
  with_entries();
}
