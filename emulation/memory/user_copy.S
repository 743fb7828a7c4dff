// Copies that survive wild pointers: see user_memory.h. On a fault the process server sets EIP to
// copy_fault with all other registers as they were; ESP has not moved since then: EBX says whether the
// program's SSE registers are on the stack.

#include "libs/base/block_copy.inc"

// From here on saving and restoring four registers pays.
#define LARGE 1024

  .text
  .globl emulation_copy, emulation_string_length
  .globl emulation_copy_begin, emulation_copy_end, emulation_copy_fault

// uint32_t emulation_copy(to, from, size)
emulation_copy:
  pushl %esi
  pushl %edi
  pushl %ebx
  movl 16(%esp), %edi
  movl 20(%esp), %esi
  movl 24(%esp), %edx
  xorl %ebx, %ebx
  cmpl $LARGE, %edx
  jae large
emulation_copy_begin:
  movl %edx, %ecx
  shrl $2, %ecx
  andl $3, %edx
  rep movsl
  movl %edx, %ecx
  rep movsb
  xorl %eax, %eax
restored:
  popl %ebx
  popl %edi
  popl %esi
  ret

large:
  movl %edx, %ecx
  andl $-SSE_BLOCK, %ecx
  andl $SSE_BLOCK - 1, %edx
  save_sse
  incl %ebx
  copy_blocks
  movl %edx, %ecx
  rep movsb
  xorl %eax, %eax
large_done:
  restore_sse
  jmp restored

// uint32_t emulation_string_length(string, limit)
emulation_string_length:
  pushl %esi
  pushl %edi
  pushl %ebx
  movl 16(%esp), %edi
  movl 20(%esp), %edx
  movl %edx, %ecx
  xorl %eax, %eax
  xorl %ebx, %ebx
2:
  testl %ecx, %ecx
  jz 3f
  cmpb $0, (%edi)
  je 3f
  incl %edi
  decl %ecx
  jmp 2b
3:
  movl %edx, %eax
  subl %ecx, %eax
  jmp restored
emulation_copy_end:

emulation_copy_fault:
  movl $-1, %eax
  testl %ebx, %ebx
  jnz large_done
  jmp restored

  .section .note.GNU-stack, "", @progbits
