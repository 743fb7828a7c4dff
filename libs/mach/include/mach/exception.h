/* Exceptions (book chapter 6, catch_exception_raise). Codes: <mach/machine/exception.h>. */
#ifndef MACH_EXCEPTION_H_
#define MACH_EXCEPTION_H_

#include <mach/machine/exception.h>

#define EXC_BAD_ACCESS 1      /* code: kern_return_t of the fault, subcode: address */
#define EXC_BAD_INSTRUCTION 2 /* code and subcode by machine */
#define EXC_ARITHMETIC 3
#define EXC_EMULATION 4
#define EXC_SOFTWARE 5
#define EXC_BREAKPOINT 6

/* Subcodes of EXC_SOFTWARE raised by programs; kernel and libraries do not use them. */
#define EXC_SOFTWARE_UNIX_FIRST 0x10000

#endif
