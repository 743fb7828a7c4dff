/*
 * Results of kernel operations (book appendix E). Calls that are remote procedure calls may also
 * return the codes of <mach/message.h> (transport) and <mach/mig_errors.h> (marshalling);
 * mach_error_string() of <mach_error.h> names all of them.
 */
#ifndef MACH_KERN_RETURN_H_
#define MACH_KERN_RETURN_H_

#include <mach/machine/kern_return.h>

#define KERN_SUCCESS 0             /* done */
#define KERN_INVALID_ADDRESS 1     /* address not currently valid */
#define KERN_PROTECTION_FAILURE 2  /* memory valid, but not for this kind of access */
#define KERN_NO_SPACE 3            /* address range taken, or no range of that size free */
#define KERN_INVALID_ARGUMENT 4    /* not applicable to this argument */
#define KERN_FAILURE 5             /* could not be performed, no better reason fits */
#define KERN_RESOURCE_SHORTAGE 6   /* the kernel lacks memory or table space; may pass */
#define KERN_NOT_RECEIVER 7        /* the task lacks the receive right */
#define KERN_NO_ACCESS 8           /* access restriction */
#define KERN_MEMORY_FAILURE 9      /* page fault on a destroyed memory object: permanent */
#define KERN_MEMORY_ERROR 10       /* the memory manager could not supply the data; may pass */
#define KERN_NOT_IN_SET 12         /* the receive right is in no port set */
#define KERN_NAME_EXISTS 13        /* the name already denotes a right */
#define KERN_ABORTED 14            /* the operation was aborted */
#define KERN_INVALID_NAME 15       /* the name denotes no right */
#define KERN_INVALID_TASK 16       /* target is no active task */
#define KERN_INVALID_RIGHT 17      /* the name denotes a right of the wrong kind */
#define KERN_INVALID_VALUE 18      /* out of range */
#define KERN_UREFS_OVERFLOW 19     /* user references would exceed their limit */
#define KERN_INVALID_CAPABILITY 20 /* the supplied right is improper */
#define KERN_RIGHT_EXISTS 21       /* the task holds that right under another name */
#define KERN_INVALID_HOST 22       /* target is no host (or not the control port) */
#define KERN_MEMORY_PRESENT 23     /* data supplied where the kernel already has some */

#endif
