/* What no user program may do to the kernel: every case must end in an error or an exception. */
#include <mach/exception.h>
#include <mach/i386/exception.h>
#include <mach/mach_traps.h>
#include <mach/thread_status.h>

#include "tests/kernel/support/kernel_test.h"

struct exception_message {
  mach_msg_header_t head;
  mach_msg_type_t thread_type;
  mach_port_t thread;
  mach_msg_type_t task_type;
  mach_port_t task;
  mach_msg_type_t exception_type;
  int exception;
  mach_msg_type_t code_type;
  int code;
  mach_msg_type_t subcode_type;
  unsigned subcode;
  char trailer[32];
};

static mach_port_t exception_port;
static struct exception_message caught;

/* Waits for the exception of a thread, ends the thread (before the reply right: losing that would
 * refuse the exception). */
static int catch_exception(mach_port_t thread) {
  const kern_return_t result =
      mach_msg(&caught.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof(caught), exception_port,
               2000, MACH_PORT_NULL);
  (void)thread_terminate(thread);
  if (result == MACH_MSG_SUCCESS) {
    (void)mach_port_deallocate(mach_task_self(), caught.head.msgh_remote_port);
    (void)mach_port_deallocate(mach_task_self(), caught.thread);
    (void)mach_port_deallocate(mach_task_self(), caught.task);
  }
  (void)mach_port_deallocate(mach_task_self(), thread);
  return result == MACH_MSG_SUCCESS;
}

static int run(void (*entry)(void *), void *argument) {
  const mach_port_t t = make_thread(mach_task_self(), entry, argument);
  (void)thread_set_exception_port(t, exception_port);
  (void)thread_resume(t);
  return catch_exception(t);
}

static void expect(void (*entry)(void *), void *argument, int exception, int code,
                   const char *name) {
  const int got = run(entry, argument);
  if (!check(got && caught.exception == exception && caught.code == code, name)) {
    print("# exception ");
    print_number(got ? (unsigned)caught.exception : 0);
    print(" code ");
    print_number((unsigned)caught.code);
    print(" subcode ");
    print_number(caught.subcode);
    print("\n");
  }
}

/* ---- traps */

static void trap_number(void *n) {
  __asm__ volatile("lcall $7, $0" : : "a"(n) : "memory");
  end_thread();
}

static void fast_trap_number(void *n) {
  __asm__ volatile("movl %%esp, %%ecx; movl $1f, %%edx; sysenter; 1:"
                   :
                   : "a"(n)
                   : "ecx", "edx", "memory");
  end_thread();
}

static void trap_with_stack(void *stack) {
  __asm__ volatile("movl %0, %%esp; movl $-25, %%eax; lcall $7, $0; ud2" : : "r"(stack));
}

static void fast_trap_with_stack(void *stack) {
  __asm__ volatile("movl %0, %%ecx; movl $-25, %%eax; movl $1f, %%edx; sysenter; 1: ud2"
                   :
                   : "r"(stack));
}

static void fast_trap_to(void *address) {
  __asm__ volatile("movl %%esp, %%ecx; movl $-28, %%eax; movl %0, %%edx; sysenter"
                   :
                   : "r"(address)
                   : "ecx", "eax");
}

static void test_traps(void) {
  expect(trap_number, (void *)5, EXC_BAD_INSTRUCTION, EXC_I386_INVOP, "positive trap number");
  expect(trap_number, (void *)-130, EXC_BAD_INSTRUCTION, EXC_I386_INVOP, "trap -130");
  expect(trap_number, (void *)0x80000000, EXC_BAD_INSTRUCTION, EXC_I386_INVOP, "trap 0x80000000");
  expect(fast_trap_number, (void *)-130, EXC_BAD_INSTRUCTION, EXC_I386_INVOP, "fast trap -130");
  expect(fast_trap_number, (void *)77, EXC_BAD_INSTRUCTION, EXC_I386_INVOP, "fast trap 77");
  expect(trap_with_stack, (void *)0xC0000000, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS,
         "stack at the end of user space");
  expect(trap_with_stack, (void *)0xBFFFFFFC, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS,
         "arguments straddle the end of user space");
  expect(fast_trap_with_stack, (void *)0xBFFFFFF0, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS,
         "the same by sysenter");
  expect(fast_trap_with_stack, (void *)0xFFFFFFF0, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS,
         "stack at the end of the address space");
  expect(fast_trap_with_stack, (void *)0xC0100000, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS,
         "stack in the kernel");
  expect(fast_trap_with_stack, (void *)0x60000000, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS,
         "unmapped stack");
  check_equal(caught.subcode, 0x60000000 + 28, "the last argument is read first");
  expect(fast_trap_to, (void *)0xC0100000, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS,
         "return from sysenter into the kernel");
}

/* ---- instructions */

static void software_interrupt(void *n) {
  __asm__ volatile("int $0x80" : : "a"(n));
  end_thread();
}
static void halt(void *unused) {
  (void)unused;
  __asm__ volatile("hlt");
}
static void jump_to(void *address) { ((void (*)(void))address)(); }
static void read_from(void *address) {
  (void)*(volatile int *)address;
  end_thread();
}
static void write_to(void *address) {
  *(volatile int *)address = 1;
  end_thread();
}
static void io_port(void *unused) {
  (void)unused;
  __asm__ volatile("outb %%al, $0x80" : : "a"(0));
}
static void disable_interrupts(void *unused) {
  (void)unused;
  __asm__ volatile("cli");
}
static void load_ds(void *selector) {
  __asm__ volatile("movw %w0, %%ds" : : "r"(selector));
  end_thread();
}
static void far_call(void *unused) {
  (void)unused;
  __asm__ volatile("lcall $8, $0xC0100000");
}
static void divide(void *by) {
  volatile int result = 7 / (int)by;
  (void)result;
  end_thread();
}

static void test_instructions(void) {
  expect(software_interrupt, (void *)4, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT,
         "int 0x80 without emulation");
  check_equal(caught.subcode, 0x402, "its subcode");
  expect(halt, 0, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, "hlt");
  expect(io_port, 0, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, "out");
  expect(disable_interrupts, 0, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, "cli");
  expect(far_call, 0, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, "far call into the kernel");
  expect(load_ds, (void *)0x10, EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, "kernel data segment");
  expect(jump_to, (void *)0xC0100000, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, "jump to the kernel");
  expect(read_from, (void *)0xC0100000, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, "read the kernel");
  expect(write_to, (void *)0xFFC00000, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, "write the kernel");
  expect(read_from, (void *)0x50000000, EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, "read nothing");
  expect(divide, 0, EXC_ARITHMETIC, EXC_I386_DIV, "division by zero");
}

/* ---- flags */

static volatile unsigned done;

static void flags_then_traps(void *flags) {
  __asm__ volatile(
      "pushl %0; popfl;"
      "movl $-28, %%eax; lcall $7, $0;"
      "movl %%esp, %%ecx; movl $1f, %%edx; movl $-28, %%eax; sysenter; 1:"
      "pushl $0x202; popfl"
      :
      : "r"(flags)
      : "eax", "ecx", "edx", "memory");
  done++;
  end_thread();
}

/* A single-stepped thread: counts the steps it is stopped at. */
static void test_processor_flags(void) {
  static const unsigned flags[] = {0x4202, 0x40202, 0x602, 0x244202};
  unsigned i;
  done = 0;
  for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
    (void)start_thread(flags_then_traps, (void *)flags[i]);
    (void)thread_switch(MACH_PORT_NULL, 2, 50);
  }
  check_equal(done, sizeof(flags) / sizeof(flags[0]), "traps with NT, AC, DF and ID set");
  expect(flags_then_traps, (void *)0x302, EXC_BREAKPOINT, EXC_I386_SGL, "single step");
}

/* ---- thread state */

static void nothing(void *unused) {
  (void)unused;
  end_thread();
}

static void expect_segment(const char *name, unsigned cs, unsigned ss, unsigned ds, int runs,
                           kern_return_t result) {
  struct i386_thread_state state;
  mach_msg_type_number_t count = i386_REGS_SEGS_STATE_COUNT;
  const mach_port_t t = make_thread(mach_task_self(), nothing, 0);
  (void)thread_get_state(t, i386_REGS_SEGS_STATE, (thread_state_t)&state, &count);
  state.cs = cs;
  state.ss = ss;
  state.ds = ds;
  (void)thread_set_exception_port(t, exception_port);
  if (!check_equal((unsigned)thread_set_state(t, i386_REGS_SEGS_STATE, (thread_state_t)&state,
                                              i386_REGS_SEGS_STATE_COUNT),
                   (unsigned)result, name) ||
      result != KERN_SUCCESS) {
    (void)thread_terminate(t);
    return;
  }
  (void)thread_resume(t);
  if (runs) {
    (void)thread_switch(MACH_PORT_NULL, 2, 50);
    (void)mach_port_deallocate(mach_task_self(), t);
  } else {
    const int got = catch_exception(t);
    if (!check(got && caught.exception == EXC_BAD_INSTRUCTION, "it faults in user mode"))
      print(got ? "# with another exception\n" : "# no exception\n");
  }
}

static void test_thread_state(void) {
  struct i386_thread_state state;
  mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
  static unsigned fpu[30];
  const mach_port_t t = make_thread(mach_task_self(), nothing, 0);
  unsigned i;

  expect_segment("flat segments", 0x17, 0x1f, 0x1f, 1, KERN_SUCCESS);
  expect_segment("kernel code segment", 0x08, 0x1f, 0x1f, 0, KERN_INVALID_ARGUMENT);
  expect_segment("null stack segment", 0x17, 0, 0x1f, 0, KERN_INVALID_ARGUMENT);
  expect_segment("empty code segment", 0x33, 0x1f, 0x1f, 0, KERN_SUCCESS);
  expect_segment("data segment as code", 0x1f, 0x1f, 0x1f, 0, KERN_SUCCESS);
  expect_segment("code segment as stack", 0x17, 0x17, 0x1f, 0, KERN_SUCCESS);
  expect_segment("selector beyond the tables", 0xFFFF, 0x1f, 0x1f, 0, KERN_SUCCESS);
  expect_segment("TSS as stack", 0x17, 0x23, 0x1f, 0, KERN_SUCCESS);
  /* Runs where data segments are not checked (some emulators), else faults: both are fine. */
  expect_segment("empty data segment", 0x17, 0x1f, 0x33, 1, KERN_SUCCESS);

  (void)thread_get_state(t, i386_THREAD_STATE, (thread_state_t)&state, &count);
  state.efl = 0xFFFDFFFF;
  check_equal((unsigned)thread_set_state(t, i386_THREAD_STATE, (thread_state_t)&state, count),
              KERN_SUCCESS, "all flags");
  count = i386_THREAD_STATE_COUNT;
  (void)thread_get_state(t, i386_THREAD_STATE, (thread_state_t)&state, &count);
  check_equal(state.efl & 0x37000, 0, "IOPL, NT and RF stay clear");
  check_equal(state.efl & 0x200, 0x200, "interrupts stay enabled");
  for (i = 0; i < 30; i++) fpu[i] = 0xFFFFFFFF;
  check_equal((unsigned)thread_set_state(t, i386_FLOAT_STATE, (thread_state_t)fpu, 30),
              KERN_SUCCESS, "wild floating point state");
  check_equal((unsigned)thread_set_state(t, i386_THREAD_STATE, (thread_state_t)&state, 3),
              KERN_INVALID_ARGUMENT, "state too short");
  check_equal((unsigned)thread_set_state(t, 99, (thread_state_t)&state, 17),
              KERN_INVALID_ARGUMENT, "unknown flavor");
  (void)thread_terminate(t);
}

void test_main(void) {
  exception_port = make_port();
  test_traps();
  test_instructions();
  test_processor_flags();
  test_thread_state();
}
