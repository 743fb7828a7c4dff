#include "tests/conformance/support/threads.h"

/* Loads known values and stays there. */
void hold_registers(void *unused);
__asm__(
    ".globl hold_registers\n"
    "hold_registers:\n"
    "  movl $0x11111111, %eax\n"
    "  movl $0x22222222, %ebx\n"
    "  movl $0x33333333, %ecx\n"
    "  movl $0x44444444, %edx\n"
    "  movl $0x55555555, %esi\n"
    "  movl $0x66666666, %edi\n"
    "  movl $0x77777777, %ebp\n"
    "  fninit\n"
    "  fldpi\n"
    "  stc\n"
    "holding: jmp holding\n");
extern char holding[];

static mach_port_t holder(void) {
  const mach_port_t thread = start_thread(hold_registers, 0);
  REQUIRE(thread != MACH_PORT_NULL);
  pause_for(60);
  REQUIRE_SUCCESS(thread_suspend(thread));
  return thread;
}

CONFORMS(thread_get_state, KERN_SUCCESS, "the registers of a suspended thread") {
  struct i386_thread_state s;
  mach_msg_type_number_t count = THREAD_STATE_MAX;
  natural_t all[THREAD_STATE_MAX];
  const mach_port_t thread = holder();
  s = registers_of(thread);
  EXPECT_EQUAL(s.eax, 0x11111111);
  EXPECT_EQUAL(s.ebx, 0x22222222);
  EXPECT_EQUAL(s.ecx, 0x33333333);
  EXPECT_EQUAL(s.edx, 0x44444444);
  EXPECT_EQUAL(s.esi, 0x55555555);
  EXPECT_EQUAL(s.edi, 0x66666666);
  EXPECT_EQUAL(s.ebp, 0x77777777);
  EXPECT_EQUAL(s.eip, (unsigned)holding);
  EXPECT_EQUAL(s.efl & (EFL_CF | EFL_IF), EFL_CF | EFL_IF);
  EXPECT_EQUAL(s.cs, I386_USER_CS);
  EXPECT_EQUAL(s.ss, I386_USER_DS);
  EXPECT_SUCCESS(thread_get_state(thread, i386_THREAD_STATE, all, &count));
  EXPECT_EQUAL(count, i386_THREAD_STATE_COUNT);
}

CONFORMS(thread_get_state, "each supported flavor: segments, floating point, I/O map, and the list of them") {
  struct i386_thread_state s;
  struct i386_float_state f;
  natural_t words[THREAD_STATE_MAX];
  mach_msg_type_number_t count = THREAD_STATE_MAX;
  const mach_port_t thread = holder();
  EXPECT_SUCCESS(thread_get_state(thread, THREAD_STATE_FLAVOR_LIST, words, &count));
  EXPECT_EQUAL(count, 4);
  EXPECT_EQUAL(words[0], i386_THREAD_STATE);
  EXPECT_EQUAL(words[1], i386_FLOAT_STATE);
  EXPECT_EQUAL(words[2], i386_ISA_PORT_MAP_STATE);
  count = i386_REGS_SEGS_STATE_COUNT;
  EXPECT_SUCCESS(thread_get_state(thread, i386_REGS_SEGS_STATE, (thread_state_t)&s, &count));
  EXPECT_EQUAL(s.ds, I386_USER_DS);
  EXPECT_EQUAL(s.eip, (unsigned)holding);
  count = i386_FLOAT_STATE_COUNT;
  EXPECT_SUCCESS(thread_get_state(thread, i386_FLOAT_STATE, (thread_state_t)&f, &count));
  EXPECT_EQUAL(count, i386_FLOAT_STATE_COUNT);
  EXPECT_EQUAL(f.fpkind, FP_387);
  EXPECT_EQUAL(f.initialized, 1);
  /* The top of the register stack is pi: its significand begins with 0xC90FDAA2. */
  EXPECT_EQUAL(*(unsigned *)(void *)(f.hw_state + 28 + 4), 0xC90FDAA2u);
  count = i386_ISA_PORT_MAP_STATE_COUNT;
  EXPECT_SUCCESS(thread_get_state(thread, i386_ISA_PORT_MAP_STATE, words, &count));
  EXPECT_EQUAL(count, i386_ISA_PORT_MAP_STATE_COUNT);
  EXPECT_EQUAL(words[0], 0xffffffffu);
}

CONFORMS(thread_get_state, "a thread that never used floating point has no state of it") {
  static volatile unsigned counter;
  struct i386_float_state f;
  mach_msg_type_number_t count = i386_FLOAT_STATE_COUNT;
  EXPECT_SUCCESS(thread_get_state(make_counting(&counter), i386_FLOAT_STATE, (thread_state_t)&f,
                                  &count));
  EXPECT_EQUAL(f.initialized, 0);
}

CONFORMS(thread_get_state, "of a thread inside a system call: the state it will return to") {
  struct receiver r;
  struct i386_thread_state s;
  start_receiver(&r, make_port(), 0);
  s = registers_of(r.thread);
  EXPECT_EQUAL(s.cs, I386_USER_CS);
  EXPECT(s.eip != 0);
  EXPECT(s.uesp != 0);
}

CONFORMS(thread_get_state, MIG_ARRAY_TOO_LARGE, "what there is room for, and the number there would be") {
  static volatile unsigned counter;
  natural_t state[20];
  struct i386_thread_state whole;
  mach_msg_type_number_t count = 5;
  unsigned i;
  const mach_port_t thread = make_counting(&counter);
  for (i = 0; i < 20; i++) state[i] = 0xabcdef01;
  EXPECT_EQUAL(thread_get_state(thread, i386_THREAD_STATE, state, &count), MIG_ARRAY_TOO_LARGE);
  EXPECT_EQUAL(count, i386_THREAD_STATE_COUNT);
  whole = registers_of(thread);
  for (i = 0; i < 5; i++) EXPECT_EQUAL(state[i], ((natural_t *)&whole)[i]);
  for (i = 5; i < 20; i++) EXPECT_EQUAL(state[i], 0xabcdef01);
}

CONFORMS(thread_get_state, KERN_INVALID_ARGUMENT, "the calling thread, no thread, no such flavor") {
  natural_t state[THREAD_STATE_MAX];
  mach_msg_type_number_t count = THREAD_STATE_MAX;
  static volatile unsigned counter;
  const mach_port_t thread = make_counting(&counter);
  EXPECT_EQUAL(thread_get_state(mach_thread_self(), i386_THREAD_STATE, state, &count),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_get_state(no_task(), i386_THREAD_STATE, state, &count),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_get_state(mach_task_self(), i386_THREAD_STATE, state, &count),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_get_state(thread, 99, state, &count), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(thread_get_state(thread, -1, state, &count), KERN_INVALID_ARGUMENT);
}
