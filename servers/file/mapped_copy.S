// int file_mapped_copy(void *to, const void *from, size_t size): 1, or 0 after a fault.
// A thread that faults between _begin and _end is sent to _failed with its registers as they were. EBX says
// whether SSE registers are on the stack.
#include "libs/base/block_copy.inc"

// From here on saving and restoring four registers pays, and the switch of the FPU to this thread.
#define LARGE 8192

        .text
        .globl  file_mapped_copy, file_mapped_copy_begin, file_mapped_copy_end
        .globl  file_mapped_copy_failed
        .type   file_mapped_copy, @function
file_mapped_copy:
        pushl   %esi
        pushl   %edi
        pushl   %ebx
        movl    16(%esp), %edi
        movl    20(%esp), %esi
        movl    24(%esp), %edx
        xorl    %ebx, %ebx
        cld
        cmpl    $LARGE, %edx
        jb      small
        movl    %edx, %ecx
        andl    $-SSE_BLOCK, %ecx
        andl    $SSE_BLOCK - 1, %edx
        save_sse
        incl    %ebx
file_mapped_copy_begin:
        copy_blocks
small:
        movl    %edx, %ecx
        shrl    $2, %ecx
        andl    $3, %edx
        rep movsl
        movl    %edx, %ecx
        rep movsb
file_mapped_copy_end:
        movl    $1, %eax
done:
        testl   %ebx, %ebx
        jz      restored
        restore_sse
restored:
        popl    %ebx
        popl    %edi
        popl    %esi
        ret
file_mapped_copy_failed:
        xorl    %eax, %eax
        jmp     done
        .size   file_mapped_copy, . - file_mapped_copy
        .section .note.GNU-stack, "", @progbits
