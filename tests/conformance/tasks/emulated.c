#include "tests/conformance/tasks/emulated.h"

__asm__(
    ".globl emulated\n"
    "emulated:\n"
    "  incl %eax\n"
    "  incl emulated_calls\n"
    "  popfl\n"
    "  ret\n"
    ".data\n"
    ".globl emulated_calls\n"
    "emulated_calls: .long 0\n"
    ".text\n");

int call_by_gate(int number) {
  int result;
  __asm__ volatile("pushl $0; lcall $7, $0; addl $4, %%esp" : "=a"(result) : "a"(number) : "memory");
  return result;
}

int call_by_interrupt(int number) {
  int result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number) : "memory");
  return result;
}
