/* Bringing a task, or the kernel, to where something is short. For cases that end soon after. */
#ifndef TESTS_CONFORMANCE_SUPPORT_SHORTAGE_H_
#define TESTS_CONFORMANCE_SUPPORT_SHORTAGE_H_

#include "tests/conformance/support/messages.h"

/* Takes every port name the kernel would choose in this task. */
void fill_name_space(void);
/* Gives one of them back. */
void free_a_name(void);

/* Takes every page of this task's address space. */
void fill_address_space(void);

/*
 * Takes the kernel's memory, large blocks first, until neither a message, a port, a name nor a
 * memory region can be made. This task's memory is wired before. Ends within the time limit of a
 * case or fails it.
 */
void exhaust_kernel_memory(void);
/* Lets the kernel have the memory of one small message, enough for one call by message. */
void free_a_message(void);

#endif
