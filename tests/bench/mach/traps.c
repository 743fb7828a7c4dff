/* System traps, and system calls redirected to code of the task. */
#include <mach/mach_traps.h>

#include "tests/bench/mach/mach_bench.h"

/* Entered with flags and return address on the stack, as an emulation library is. */
void emulated_call(void);
__asm__(
    "emulated_call:\n"
    "  popfl\n"
    "  ret\n");

static void call_by_gate(void) {
  __asm__ volatile("pushl $0; lcall $7, $0; addl $4, %%esp" : : "a"(100) : "memory");
}

static void call_by_interrupt(void) {
  __asm__ volatile("int $0x80" : : "a"(100) : "memory");
}

void measure_traps(void) {
  vm_offset_t vector[1] = {(vm_offset_t)emulated_call};
  MEASURE("trap: mach_task_self", (void)(mach_task_self)());
  require(task_set_emulation_vector(mach_task_self(), 100, vector, 1), "emulation vector");
  MEASURE("emulated null system call, lcall", call_by_gate());
  MEASURE("emulated null system call, int 0x80", call_by_interrupt());
}
