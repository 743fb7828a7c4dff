#include "tests/conformance/support/threads.h"

static volatile unsigned got[8];
static volatile int done;

/* Stores all general registers and the flags, then stops for good. */
void store_registers(void);
__asm__(
    ".globl store_registers\n"
    "store_registers:\n"
    "  pushfl\n"
    "  pushl %eax\n"
    "  movl got_registers, %eax\n"
    "  movl %ebx, 4(%eax)\n"
    "  movl %ecx, 8(%eax)\n"
    "  movl %edx, 12(%eax)\n"
    "  movl %esi, 16(%eax)\n"
    "  movl %edi, 20(%eax)\n"
    "  movl %ebp, 24(%eax)\n"
    "  popl (%eax)\n"
    "  popl 28(%eax)\n"
    "  movl got_done, %eax\n"
    "  movl $1, (%eax)\n"
    "1: jmp 1b\n"
    ".data\n"
    "got_registers: .long 0\n"
    "got_done: .long 0\n"
    ".text\n");
extern volatile unsigned *got_registers;
extern volatile int *got_done;

static struct i386_thread_state sample(void) {
  static unsigned stack[64];
  struct i386_thread_state s = {.eax = 1, .ebx = 2, .ecx = 3, .edx = 4, .esi = 5, .edi = 6,
                                .ebp = 7, .efl = EFL_ZF};
  s.eip = (unsigned)store_registers;
  s.uesp = (unsigned)(stack + 60);
  got_registers = got;
  got_done = &done;
  return s;
}

static void expect_sample(void) {
  unsigned i;
  REQUIRE(wait_until(&done, 1, PATIENCE));
  for (i = 0; i < 7; i++) EXPECT_EQUAL(got[i], i + 1);
  EXPECT_EQUAL(got[7] & (EFL_ZF | EFL_CF | EFL_IF), EFL_ZF | EFL_IF);
}

CONFORMS(thread_set_state, KERN_SUCCESS, "a new thread begins with the registers given") {
  mach_port_t thread;
  REQUIRE_SUCCESS(thread_create(mach_task_self(), &thread));
  set_registers(thread, sample());
  EXPECT_SUCCESS(thread_resume(thread));
  expect_sample();
}

CONFORMS(thread_set_state, "a running thread that is suspended goes on somewhere else") {
  static volatile unsigned counter;
  const mach_port_t thread = start_counting(&counter);
  REQUIRE(is_counting(&counter));
  REQUIRE_SUCCESS(thread_suspend(thread));
  set_registers(thread, sample());
  EXPECT_EQUAL(registers_of(thread).eip, (unsigned)store_registers);
  REQUIRE_SUCCESS(thread_resume(thread));
  expect_sample();
}

CONFORMS(thread_set_state, "segments are flat with i386_THREAD_STATE, and honoured with i386_REGS_SEGS_STATE") {
  mach_port_t thread;
  struct i386_thread_state s = sample();
  mach_msg_type_number_t count = i386_REGS_SEGS_STATE_COUNT;
  REQUIRE_SUCCESS(thread_create(mach_task_self(), &thread));
  s.ds = 0x33;
  set_registers(thread, s);
  EXPECT_EQUAL(registers_of(thread).ds, I386_USER_DS);
  s.cs = I386_USER_CS;
  s.ss = s.ds = s.es = I386_USER_DS;
  s.fs = 0;
  s.gs = 0x33;
  EXPECT_SUCCESS(thread_set_state(thread, i386_REGS_SEGS_STATE, (thread_state_t)&s, count));
  EXPECT_SUCCESS(thread_get_state(thread, i386_REGS_SEGS_STATE, (thread_state_t)&s, &count));
  EXPECT_EQUAL(s.fs, 0);
  EXPECT_EQUAL(s.gs, 0x33);
  REQUIRE_SUCCESS(thread_resume(thread));
  expect_sample();
}

CONFORMS(thread_set_state, "no state gives a thread more rights than a user has") {
  mach_port_t thread;
  struct i386_thread_state s = sample();
  REQUIRE_SUCCESS(thread_create(mach_task_self(), &thread));
  s.efl = EFL_IOPL | EFL_NT | EFL_RF;
  set_registers(thread, s);
  EXPECT_EQUAL(registers_of(thread).efl & (EFL_IOPL | EFL_NT | EFL_RF | EFL_VM), 0);
  EXPECT_EQUAL(registers_of(thread).efl & EFL_IF, EFL_IF);
  s.efl = 0;
  s.cs = 0x08;
  s.ss = 0x10;
  EXPECT_EQUAL(thread_set_state(thread, i386_REGS_SEGS_STATE, (thread_state_t)&s,
                                i386_REGS_SEGS_STATE_COUNT),
               KERN_INVALID_ARGUMENT);
  s.efl = EFL_VM;
  EXPECT_EQUAL(thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&s,
                                i386_THREAD_STATE_COUNT),
               KERN_INVALID_ARGUMENT);
}

static volatile unsigned computed;

static void store_floating(void *unused) {
  unsigned value;
  (void)unused;
  __asm__ volatile("fistpl %0" : "=m"(value));
  computed = value;
  done = 1;
  end_thread();
}

CONFORMS(thread_set_state, "floating point registers; a set without them takes them away") {
  struct i386_float_state f;
  mach_msg_type_number_t count = i386_FLOAT_STATE_COUNT;
  const mach_port_t thread = make_thread(mach_task_self(), store_floating, 0);
  char image[FP_STATE_BYTES];
  const int value = 4711;
  unsigned i;
  __asm__ volatile("fninit; fildl %1; fnsave %0" : "=m"(image) : "m"(value));
  f.fpkind = FP_387;
  f.initialized = 1;
  f.exc_status = 0;
  for (i = 0; i < FP_STATE_BYTES; i++) f.hw_state[i] = (unsigned char)image[i];
  EXPECT_SUCCESS(thread_set_state(thread, i386_FLOAT_STATE, (thread_state_t)&f, count));
  REQUIRE_SUCCESS(thread_resume(thread));
  REQUIRE(wait_until(&done, 1, PATIENCE));
  EXPECT_EQUAL(computed, 4711);
}

CONFORMS(thread_set_state, "the I/O port map may be set without effect") {
  static volatile unsigned counter;
  natural_t map[i386_ISA_PORT_MAP_STATE_COUNT] = {0};
  mach_msg_type_number_t count = i386_ISA_PORT_MAP_STATE_COUNT;
  const mach_port_t thread = make_counting(&counter);
  EXPECT_SUCCESS(thread_set_state(thread, i386_ISA_PORT_MAP_STATE, map, count));
  EXPECT_SUCCESS(thread_get_state(thread, i386_ISA_PORT_MAP_STATE, map, &count));
  EXPECT_EQUAL(map[0], 0xffffffffu);
}

CONFORMS(thread_set_state, MIG_ARRAY_TOO_LARGE, "more words than THREAD_STATE_MAX") {
  static natural_t words[THREAD_STATE_MAX + 1];
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  EXPECT_EQUAL(thread_set_state(thread, i386_THREAD_STATE, words, THREAD_STATE_MAX + 1),
               MIG_ARRAY_TOO_LARGE);
}

CONFORMS(thread_set_state, KERN_INVALID_ARGUMENT, "the calling thread, no thread, no such flavor, too few words") {
  struct i386_thread_state s = sample();
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  const mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
  EXPECT_EQUAL(thread_set_state(mach_thread_self(), i386_THREAD_STATE, (thread_state_t)&s, count),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_set_state(no_task(), i386_THREAD_STATE, (thread_state_t)&s, count),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_set_state(mach_task_self(), i386_THREAD_STATE, (thread_state_t)&s, count),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_set_state(thread, 99, (thread_state_t)&s, count), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&s, count - 1),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_set_state(thread, i386_FLOAT_STATE, (thread_state_t)&s, 3),
               KERN_INVALID_ARGUMENT);
}
