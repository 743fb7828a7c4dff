/* Types of the i386 interface (book appendix C). */
#ifndef MACH_I386_MACH_I386_TYPES_H_
#define MACH_I386_MACH_I386_TYPES_H_

#include <device/device_types.h>

/* A segment descriptor as the processor reads it. */
struct descriptor {
  unsigned int low_word;
  unsigned int high_word;
};
typedef struct descriptor descriptor_t;
typedef struct descriptor *descriptor_list_t;

#endif
