// void process_copy_blocks(void *to, const void *from, size_t size): a multiple of SSE_BLOCK, not 0.
#include "libs/base/block_copy.inc"

        .text
        .globl  process_copy_blocks
        .type   process_copy_blocks, @function
process_copy_blocks:
        pushl   %esi
        pushl   %edi
        movl    12(%esp), %edi
        movl    16(%esp), %esi
        movl    20(%esp), %ecx
        copy_blocks
        popl    %edi
        popl    %esi
        ret
        .size   process_copy_blocks, . - process_copy_blocks
        .section .note.GNU-stack, "", @progbits
