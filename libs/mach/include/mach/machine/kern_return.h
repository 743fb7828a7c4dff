/* kern_return_t of the i386: a 32-bit word returned in EAX. */
#ifndef MACH_MACHINE_KERN_RETURN_H_
#define MACH_MACHINE_KERN_RETURN_H_

typedef int kern_return_t;

#endif
