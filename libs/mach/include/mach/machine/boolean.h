/* boolean_t of the i386: a 32-bit word, sent in messages as MACH_MSG_TYPE_BOOLEAN. */
#ifndef MACH_MACHINE_BOOLEAN_H_
#define MACH_MACHINE_BOOLEAN_H_

typedef int boolean_t;

#endif
