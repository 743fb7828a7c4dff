// int file_mapped_copy(void *to, const void *from, size_t size): 1, or 0 after a fault.
// A thread that faults between _begin and _end is sent to _failed with its stack as it was.
        .text
        .globl  file_mapped_copy, file_mapped_copy_begin, file_mapped_copy_end
        .globl  file_mapped_copy_failed
        .type   file_mapped_copy, @function
file_mapped_copy:
        pushl   %esi
        pushl   %edi
        movl    12(%esp), %edi
        movl    16(%esp), %esi
        movl    20(%esp), %ecx
        movl    %ecx, %edx
        shrl    $2, %ecx
        andl    $3, %edx
        cld
file_mapped_copy_begin:
        rep movsl
        movl    %edx, %ecx
        rep movsb
file_mapped_copy_end:
        movl    $1, %eax
        popl    %edi
        popl    %esi
        ret
file_mapped_copy_failed:
        xorl    %eax, %eax
        popl    %edi
        popl    %esi
        ret
        .size   file_mapped_copy, . - file_mapped_copy
        .section .note.GNU-stack, "", @progbits
