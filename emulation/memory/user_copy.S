// Copies that survive wild pointers: see user_memory.h. On a fault the process server sets EIP to
// copy_fault with all other registers as they were; ESP has not moved since the pushes.

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
  movl %edx, %ecx
  shrl $2, %ecx
  andl $3, %edx
emulation_copy_begin:
  rep movsl
  movl %edx, %ecx
  xorl %edx, %edx
  rep movsb
  xorl %eax, %eax
1:
  popl %ebx
  popl %edi
  popl %esi
  ret

// uint32_t emulation_string_length(string, limit)
emulation_string_length:
  pushl %esi
  pushl %edi
  pushl %ebx
  movl 16(%esp), %edi
  movl 20(%esp), %edx
  movl %edx, %ecx
  xorl %eax, %eax
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
  jmp 1b
emulation_copy_end:

emulation_copy_fault:
  movl $-1, %eax
  jmp 1b

  .section .note.GNU-stack, "", @progbits
