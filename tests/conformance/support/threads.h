/* Threads and tasks as objects of a case: what is known of them, threads that run or fault. */
#ifndef TESTS_CONFORMANCE_SUPPORT_THREADS_H_
#define TESTS_CONFORMANCE_SUPPORT_THREADS_H_

#include <mach/exception.h>
#include <mach/i386/exception.h>
#include <mach/mach_host.h>
#include <mach/mach_traps.h>
#include <mach/policy.h>
#include <mach/task_info.h>
#include <mach/task_special_ports.h>
#include <mach/thread_info.h>
#include <mach/thread_special_ports.h>
#include <mach/thread_status.h>
#include <mach/thread_switch.h>

#include "tests/conformance/support/messages.h"

/* ---- What the kernel says of them; a failed call ends the case. ---- */

struct thread_basic_info basic_of(mach_port_t thread);
struct thread_sched_info sched_of(mach_port_t thread);
struct task_basic_info task_of(mach_port_t task);
struct i386_thread_state registers_of(mach_port_t thread);
void set_registers(mach_port_t thread, struct i386_thread_state state);
unsigned threads_of(mach_port_t task); /* how many */
unsigned microseconds_of(time_value_t t);

/* Waits until the thread's run state is that one; 0 when it takes longer than PATIENCE. */
int wait_for_state(mach_port_t thread, int run_state);

/* ---- Ports that are not what a call wants ---- */

mach_port_t ended_thread(void); /* the dead name that is left of one */
mach_port_t ended_task(void);

/* ---- Threads ---- */

/* A thread of this task that counts up for ever. */
mach_port_t start_counting(volatile unsigned *counter);
/* A suspended thread about to do so. */
mach_port_t make_counting(volatile unsigned *counter);
void count_for_ever(void *counter);
int is_counting(const volatile unsigned *counter);

/* A thread that waits for a message at a port until it gets one or the wait ends; then `result` is
 * set and it ends. */
struct receiver {
  mach_port_t port;
  mach_port_t thread;
  mach_msg_option_t options; /* besides MACH_RCV_MSG */
  volatile unsigned result;
  volatile int done;
};
void start_receiver(struct receiver *r, mach_port_t port, mach_msg_option_t options);

/* Busy for so long, without giving up the processor. */
void spin_for(unsigned milliseconds);

/* The sets of processors: the control port of the default one. */
mach_port_t set_control(void);

/* ---- Exceptions ---- */

struct exception_message {
  struct message m;
  mach_port_t thread;
  mach_port_t task;
  unsigned exception;
  unsigned code;
  unsigned subcode;
};

/* Waits for an exception message; fails the case when none comes. */
void expect_exception(struct exception_message *e, mach_port_t port);
/* Answers it; the result of sending. */
mach_msg_return_t answer_exception(struct exception_message *e, kern_return_t result);

/* A thread with this exception port starts at entry. */
mach_port_t start_faulting(void (*entry)(void *), void *argument, mach_port_t exceptions);

/* int3, then *(int *)done = 1, and the end. */
void break_once(void *done);

#endif
