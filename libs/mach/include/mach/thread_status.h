/* Thread state flavors: the i386's are in <mach/machine/thread_status.h>. */
#ifndef MACH_THREAD_STATUS_H_
#define MACH_THREAD_STATUS_H_

#include <mach/machine/thread_status.h>
#include <mach/machine/vm_types.h>

#define THREAD_STATE_MAX 1024 /* words of any flavor */
typedef natural_t *thread_state_t;
typedef natural_t thread_state_data_t[THREAD_STATE_MAX];

/* Flavor that answers the list of the other flavors. */
#define THREAD_STATE_FLAVOR_LIST 0

#endif
