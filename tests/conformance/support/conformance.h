/*
 * Conformance cases: what a chapter's tests are written with (see README.md in the folder above).
 * Every case runs in a task of its own, a child of the runner with a copy of its memory and empty
 * name space but for host_control and device_master. It may do there what it likes.
 */
#ifndef TESTS_CONFORMANCE_SUPPORT_CONFORMANCE_H_
#define TESTS_CONFORMANCE_SUPPORT_CONFORMANCE_H_

#include <mach.h>

#include "tests/kernel/support/kernel_test.h"

/*
 * CONFORMS(interface, VALUE..., "what it shows") { ... } defines one case. The interface is the
 * one the file is named after; no values: the case is about its description. A value may also be
 * the name of a macro or sequence-number form. matrix.sh reads these lines.
 */
#define CONFORMS(...) CONFORMS_NAMED(CONFORMS_PASTE(case_, __LINE__), #__VA_ARGS__)
#define CONFORMS_PASTE(a, b) CONFORMS_PASTE_NOW(a, b)
#define CONFORMS_PASTE_NOW(a, b) a##b
#define CONFORMS_NAMED(function, text)                                     \
  static void function(void);                                              \
  static const struct conformance_case CONFORMS_PASTE(function, _entry)    \
      __attribute__((used, retain, section("conformance_cases"))) = {text, function}; \
  static void function(void)

struct conformance_case {
  const char *annotation; /* the arguments of CONFORMS as written */
  void (*run)(void);
};

/* A failed EXPECT is reported and the case goes on; a failed REQUIRE ends the case. */
#define EXPECT(condition) \
  ((void)conformance_expect((condition) != 0, #condition, __FILE__, __LINE__))
#define EXPECT_EQUAL(got, expected)                                                        \
  ((void)conformance_expect_equal((unsigned)(got), (unsigned)(expected), #got, #expected, \
                                  __FILE__, __LINE__))
#define EXPECT_SUCCESS(call) EXPECT_EQUAL(call, KERN_SUCCESS)
#define REQUIRE(condition)                                                             \
  do {                                                                                 \
    if (!conformance_expect((condition) != 0, #condition, __FILE__, __LINE__)) end_case(); \
  } while (0)
#define REQUIRE_EQUAL(got, expected)                                                          \
  do {                                                                                        \
    if (!conformance_expect_equal((unsigned)(got), (unsigned)(expected), #got, #expected,     \
                                  __FILE__, __LINE__))                                        \
      end_case();                                                                             \
  } while (0)
#define REQUIRE_SUCCESS(call) REQUIRE_EQUAL(call, KERN_SUCCESS)

int conformance_expect(int passed, const char *what, const char *file, int line);
int conformance_expect_equal(unsigned got, unsigned expected, const char *got_text,
                             const char *expected_text, const char *file, int line);

/* A line with a number (hexadecimal) for whoever reads a failed case; not shown when it passes. */
void note(const char *text, unsigned number);

/* Ends the case from any thread or task of it: with what has been reported so far. */
void end_case(void) __attribute__((noreturn));

/* A case may take this long from its start (else 10 seconds). */
void time_limit(unsigned milliseconds);

/* Lets other threads run for so long. */
void pause_for(unsigned milliseconds);

/*
 * Waits until the thread waits: then it is blocked in what it was started for. Fails the case when
 * that takes too long.
 */
void wait_until_blocked(mach_port_t thread);

/* Waits until *word is value; 0 when that takes longer than the milliseconds given. */
int wait_until(const volatile int *word, int value, unsigned milliseconds);

/* Zero-filled memory shared with all tasks that are created from this one afterwards. */
void *shared_memory(vm_size_t size);

/*
 * A child of this task with a copy of its memory, one thread of which runs entry(argument) with
 * mach_init() done. It ends (task_terminate) when entry returns. thread may be null, else gets a
 * send right for the thread. Memory of shared_memory() is common to both.
 */
mach_port_t start_task(void (*entry)(void *), void *argument, mach_port_t *thread);

/*
 * A suspended thread of task about to call entry(argument) on stack, which both tasks see at the
 * same address: conformance_stack() before the task was created, or any stack for the own task.
 */
mach_port_t conformance_thread(mach_port_t task, vm_address_t stack, void (*entry)(void *),
                               void *argument);
#define CONFORMANCE_STACK_SIZE 32768u
vm_address_t conformance_stack(void);

#endif
