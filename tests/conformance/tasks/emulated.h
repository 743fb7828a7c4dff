/* System calls and a routine that handles them. */
#ifndef TESTS_CONFORMANCE_TASKS_EMULATED_H_
#define TESTS_CONFORMANCE_TASKS_EMULATED_H_

#include <mach/error.h>

#include "tests/conformance/support/threads.h"

/* Returns the number + 1 and counts; other registers and the flags are as they were. */
void emulated(void);
extern unsigned emulated_calls;

int call_by_gate(int number);      /* lcall $7, $0 */
int call_by_interrupt(int number); /* int $0x80 */

#endif
