/* First instructions of a program that the kernel starts as its first task: ESP points at argc. */
    .globl _start
_start:
    movl %esp, %eax
    xorl %ebp, %ebp
    andl $-16, %esp
    subl $12, %esp
    pushl %eax
    call test_start
    ud2
