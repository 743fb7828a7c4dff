// The small shared object that AT_SYSINFO_EHDR points to. glibc takes AT_SYSINFO only with it, and
// finds the clock here. Everything jumps through the emulation library's header (layout.h).

#include "emulation/entry/layout.h"

  .text
  .globl __kernel_vsyscall, __vdso_clock_gettime64, __kernel_sigreturn, __kernel_rt_sigreturn
  .type __kernel_vsyscall, @function
  .type __vdso_clock_gettime64, @function
  .type __kernel_sigreturn, @function
  .type __kernel_rt_sigreturn, @function

__kernel_vsyscall:
  jmp *HEADER_CALL_ENTRY

__vdso_clock_gettime64:
  jmp *HEADER_CLOCK_GETTIME

__kernel_sigreturn:
  popl %eax
  movl $119, %eax
  int $0x80

__kernel_rt_sigreturn:
  movl $173, %eax
  int $0x80

  .section .note.GNU-stack, "", @progbits
