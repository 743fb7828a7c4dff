/* Exception codes of the i386 (book chapter 6). */
#ifndef MACH_I386_EXCEPTION_H_
#define MACH_I386_EXCEPTION_H_

/* EXC_BAD_INSTRUCTION; subcode = error code of the processor, or 0. */
#define EXC_I386_INVOP 1
#define EXC_I386_INVTSSFLT 10
#define EXC_I386_SEGNPFLT 11
#define EXC_I386_STKFLT 12
#define EXC_I386_GPFLT 13

/* EXC_ARITHMETIC. */
#define EXC_I386_DIV 1
#define EXC_I386_INTO 2
#define EXC_I386_NOEXT 3
#define EXC_I386_EXTOVR 4
#define EXC_I386_EXTERR 5 /* subcode = status word of the coprocessor */
#define EXC_I386_EMERR 6

/* EXC_SOFTWARE. */
#define EXC_I386_BOUND 7

/* EXC_BREAKPOINT. */
#define EXC_I386_SGL 1 /* single step */
#define EXC_I386_BPT 2 /* int3; EIP is after it */

#endif
