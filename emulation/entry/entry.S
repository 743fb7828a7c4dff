// Entries of the emulation library and the ways out of it. All state of the program is in the
// ThreadBlock at %fs:0; the library runs on the block's own stack, so the program's stack is not
// touched (it may be bad).

#include "emulation/entry/layout.h"

  .text

// (a) call *%gs:0x10, as libc does with AT_SYSINFO: the return address is at (%esp). Arithmetic
// flags need not survive a call; the direction flag is clear by the calling convention, but a
// program may have set it with the system call instruction in mind, so it is saved with the rest.
  .globl syscall_by_call
  .type syscall_by_call, @function
syscall_by_call:
  movl %ebx, %fs:TB_EBX
  movl %ecx, %fs:TB_ECX
  popl %ecx
  movl %esp, %fs:TB_ESP
  movl %ecx, %fs:TB_EIP
  movl %edx, %fs:TB_EDX
  movl %esi, %fs:TB_ESI
  movl %edi, %fs:TB_EDI
  movl %ebp, %fs:TB_EBP
  movl %eax, %fs:TB_CALL
  movl %fs:TB_STACK_TOP, %esp
  pushfl
  popl %fs:TB_EFLAGS
  cld
dispatch:
  cmpl $EMULATION_CALL_COUNT, %eax
  jae no_such_call
  movl %fs:TB_SELF, %ecx
  addl $TB_EBX, %ecx           // Registers&: the one argument, by register
  call *emulation_call_table(,%eax,4)
  movl %eax, %fs:TB_EAX
  // fall through: the way out

// The way out. Until the last instruction nothing is changed but registers that are loaded from the
// block, so a thread anywhere in [exit_begin, exit_end) can be sent to exit_again.
  .globl emulation_exit_begin, emulation_exit_end, emulation_exit_again, emulation_exit
emulation_exit:
emulation_exit_begin:
emulation_exit_again:
  movl %fs:TB_STACK_TOP, %esp
  movl PAGE_PENDING, %eax
  movl PAGE_PENDING + 4, %edx
  andl %fs:TB_UNBLOCKED, %eax
  andl %fs:TB_UNBLOCKED + 4, %edx
  orl %edx, %eax
  jnz signals_pending
  movl %fs:TB_EBX, %ebx
  movl %fs:TB_ECX, %ecx
  movl %fs:TB_EDX, %edx
  movl %fs:TB_ESI, %esi
  movl %fs:TB_EDI, %edi
  movl %fs:TB_EBP, %ebp
  movl %fs:TB_EAX, %eax
  pushl %fs:TB_EFLAGS
  popfl
  movl %fs:TB_ESP, %esp
  jmp *%fs:TB_EIP
emulation_exit_end:

no_such_call:
  movl %fs:TB_SELF, %ecx
  addl $TB_EBX, %ecx
  call emulation_unknown_call
  movl %eax, %fs:TB_EAX
  jmp emulation_exit

// Signals are deliverable: let C++ change the registers in the block (or end the process).
signals_pending:
  movl %fs:TB_SELF, %ecx
  call emulation_deliver_signals
  jmp emulation_exit

// (b) int $0x80 or lcall through the emulation vector: the kernel pushed the address behind the
// instruction and the flags: 0(%esp) flags, 4(%esp) return address.
  .globl syscall_by_vector
  .type syscall_by_vector, @function
syscall_by_vector:
  movl %ebx, %fs:TB_EBX
  movl %ecx, %fs:TB_ECX
  popl %ecx
  movl %ecx, %fs:TB_EFLAGS
  popl %ecx
  movl %ecx, %fs:TB_EIP
  movl %esp, %fs:TB_ESP
  movl %edx, %fs:TB_EDX
  movl %esi, %fs:TB_ESI
  movl %edi, %fs:TB_EDI
  movl %ebp, %fs:TB_EBP
  movl %eax, %fs:TB_CALL
  movl %fs:TB_STACK_TOP, %esp
  cld
  jmp dispatch

// (c) The process server diverted this thread from program code: its registers are with the server
// (proc_interrupted_state), the ones here mean nothing.
  .globl emulation_signal_entry
emulation_signal_entry:
  movl %fs:TB_STACK_TOP, %esp
  cld
  movl %fs:TB_SELF, %ecx
  call emulation_fetch_diverted
  jmp emulation_exit

// (d) The first thread of the first process; %esp points to struct emulation_start, %fs to the static
// first block.
  .globl emulation_start_entry
emulation_start_entry:
  movl %esp, %ecx
  movl $emulation_first_stack + LIBRARY_STACK_SIZE, %esp
  movl %esp, %fs:TB_STACK_TOP
  xorl %ebp, %ebp
  cld
  call emulation_first_start
  jmp emulation_exit

// The child of a fork begins here, on the parent's thread block, which it inherited by copy. Its
// %fs is set by the parent through the thread's state.
  .globl emulation_fork_child
emulation_fork_child:
  movl %fs:TB_STACK_TOP, %esp
  cld
  movl %fs:TB_SELF, %ecx
  call emulation_child_start
  movl $0, %fs:TB_EAX
  jmp emulation_exit

// mach_msg_return_t emulation_mach_trap_msg(7 arguments): the plain trap.
  .globl emulation_mach_msg_trap
emulation_mach_msg_trap:
  movl $-25, %eax
  movl %esp, %ecx
  movl $1f, %edx
  sysenter
1:
  ret

// As above, but not begun when a signal is deliverable: then answers MACH_SEND_INTERRUPTED. A thread
// in [block_begin, block_end) that a signal is posted for is sent to block_abort by the process
// server, so that no signal slips in between the look and the trap.
  .globl emulation_interruptible_msg_trap
  .globl emulation_block_begin, emulation_block_end, emulation_block_abort
emulation_interruptible_msg_trap:
emulation_block_begin:
  movl PAGE_PENDING, %eax
  movl PAGE_PENDING + 4, %edx
  andl %fs:TB_UNBLOCKED, %eax
  andl %fs:TB_UNBLOCKED + 4, %edx
  orl %edx, %eax
  jnz emulation_block_abort
  movl $-25, %eax
  movl %esp, %ecx
  movl $emulation_block_end, %edx
  sysenter
emulation_block_end:
  ret
emulation_block_abort:
  movl $0x10000007, %eax
  ret

  .section .note.GNU-stack, "", @progbits
