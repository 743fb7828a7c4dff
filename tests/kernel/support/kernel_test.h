/*
 * In-guest tests of the kernel alone: a program of these is the kernel's first task. It reports TAP
 * on the console and ends the machine.
 */
#ifndef TESTS_KERNEL_SUPPORT_KERNEL_TEST_H_
#define TESTS_KERNEL_SUPPORT_KERNEL_TEST_H_

#include <mach.h>

/* Ports the bootstrap task gets as arguments. */
extern mach_port_t host_control;
extern mach_port_t device_master;
/* The kernel argument "flags=", or "-x". */
extern const char *test_flags;

/* The test program: calls check() for every case. */
void test_main(void);

/* Reports one case. Returns `passed`. */
int check(int passed, const char *name);
/* Reports a case that passes when the two are equal, and prints both when not. */
int check_equal(unsigned got, unsigned expected, const char *name);

/* The decimal number at the start of a text. */
unsigned parse_number(const char *text);

/* Writes to the console; print_number in hexadecimal. */
void print(const char *text);
void print_number(unsigned value);

/* Bytes of the stacks that make_thread() allocates; ESP starts 16 bytes below the top. */
#define STACK_SIZE 16384u

/*
 * A thread of `task` that starts at `entry` with one argument on a fresh stack of its own. Stopped
 * with suspend count 1. MACH_PORT_NULL on failure.
 */
mach_port_t make_thread(mach_port_t task, void (*entry)(void *), void *argument);
/* make_thread() in this task, resumed. */
mach_port_t start_thread(void (*entry)(void *), void *argument);
/* Ends the calling thread. */
void end_thread(void);

/* A receive right with a send right under the same name. */
mach_port_t make_port(void);

#endif
