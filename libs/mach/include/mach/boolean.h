/* TRUE and FALSE (book chapter 1: every boolean parameter is a boolean_t). */
#ifndef MACH_BOOLEAN_H_
#define MACH_BOOLEAN_H_

#include <mach/machine/boolean.h>

#ifndef TRUE
#define TRUE ((boolean_t)1)
#endif
#ifndef FALSE
#define FALSE ((boolean_t)0)
#endif

#endif
