/* Emulation vectors, segments, floating point, aborts, priorities, host calls. */
#include <mach/exception.h>
#include <mach/host_info.h>
#include <mach/i386/mach_i386.h>
#include <mach/mach_host.h>
#include <mach/mach_traps.h>
#include <mach/policy.h>
#include <mach/thread_info.h>
#include <mach/thread_status.h>

#include "tests/kernel/support/kernel_test.h"

static volatile unsigned seen;

static void pause_ms(int ms) { (void)thread_switch(MACH_PORT_NULL, 2, ms); }

/* ---- emulation */

/* Entered with flags and return address on the stack; returns EAX + 1. */
void emulated(void);
__asm__(
    "emulated:\n"
    "  incl %eax\n"
    "  incl seen_calls\n"
    "  popfl\n"
    "  ret\n"
    ".data\n"
    "seen_calls: .long 0\n"
    ".text\n");
extern unsigned seen_calls;

static int call_by_gate(int number) {
  int result;
  __asm__ volatile("pushl $0; lcall $7, $0; addl $4, %%esp"
                   : "=a"(result)
                   : "a"(number)
                   : "memory");
  return result;
}

static int call_by_interrupt(int number) {
  int result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number) : "memory");
  return result;
}

static void test_emulation(void) {
  vm_offset_t vector[3] = {(vm_offset_t)emulated, 0, (vm_offset_t)emulated};
  emulation_vector_t read_back = 0;
  mach_msg_type_number_t count = 0;
  int start = 0;
  const mach_port_t self = mach_task_self();

  check_equal((unsigned)task_set_emulation_vector(self, 100, vector, 3), KERN_SUCCESS,
              "task_set_emulation_vector");
  check_equal((unsigned)call_by_gate(100), 101, "redirected far call");
  check_equal((unsigned)call_by_interrupt(102), 103, "redirected int 0x80");
  check_equal(seen_calls, 2, "the routine ran");
  check_equal((unsigned)task_set_emulation(self, (vm_address_t)emulated, -13), KERN_SUCCESS,
              "task_set_emulation of a trap");
  check_equal((unsigned)call_by_gate(-13), (unsigned)-12, "redirected trap");
  check((mach_task_self)() == self, "other traps are native");
  check_equal((unsigned)task_get_emulation_vector(self, &start, &read_back, &count), KERN_SUCCESS,
              "task_get_emulation_vector");
  check(start == -13 && count == 116, "it spans all entries");
  check(read_back[0] == (vm_offset_t)emulated && read_back[1] == 0 &&
            read_back[113] == (vm_offset_t)emulated,
        "its contents");
  check_equal((unsigned)task_set_emulation(self, 1, 1000000), 0x8002, "number out of range");
  (void)task_set_emulation(self, 0, -13);
}

/* ---- segments */

static unsigned word_in_segment = 4711;

static void read_segment(void *selector) {
  unsigned value;
  __asm__ volatile("movw %w1, %%gs; movl %%gs:0, %0" : "=r"(value) : "r"(selector));
  seen = value;
  for (;;) {
    (void)thread_switch(MACH_PORT_NULL, 0, 0);
    __asm__ volatile("movl %%gs:0, %0" : "=r"(value));
    seen = value;
  }
}

static descriptor_t data_segment(unsigned base) {
  descriptor_t d;
  d.low_word = 0xFFFFu | base << 16;
  d.high_word = (base >> 16 & 0xFF) | 0xF200u | 0xCF0000u | (base & 0xFF000000u);
  return d;
}

static void test_segments(void) {
  const mach_port_t t = make_thread(mach_task_self(), read_segment, (void *)0x33);
  descriptor_t d = data_segment((unsigned)&word_in_segment);
  descriptor_t bad = d;
  int selector = 0;

  check_equal((unsigned)i386_set_gdt(t, &selector, d), KERN_SUCCESS, "i386_set_gdt");
  check_equal((unsigned)selector, 0x33, "first free slot");
  bad.high_word &= ~0x6000u;
  check_equal((unsigned)i386_set_gdt(t, &selector, bad), KERN_INVALID_ARGUMENT,
              "descriptor with kernel rights");
  bad = d;
  bad.high_word = (bad.high_word & ~0x1F00u) | 0x0C00u;
  check_equal((unsigned)i386_set_gdt(t, &selector, bad), KERN_INVALID_ARGUMENT, "call gate");
  selector = 0x08;
  check_equal((unsigned)i386_set_gdt(t, &selector, d), KERN_INVALID_ARGUMENT, "kernel slot");
  seen = 0;
  (void)thread_resume(t);
  pause_ms(30);
  check_equal(seen, 4711, "the segment works");
  seen = 0;
  pause_ms(30);
  check_equal(seen, 4711, "and survives switches");
  check_equal((unsigned)thread_terminate(t), KERN_SUCCESS, "end it");
}

/* ---- floating point */

static volatile unsigned mismatches;
static volatile unsigned loops;

static void compute(void *argument) {
  const int mine = (int)(unsigned)argument;
  int back = 0;
  unsigned i;
  __asm__ volatile("fninit; fildl %0" : : "m"(mine));
  for (i = 0; i < 20; i++) {
    (void)thread_switch(MACH_PORT_NULL, 0, 0);
    __asm__ volatile("fistl %0" : "=m"(back));
    if (back != mine) mismatches++;
    loops++;
  }
  end_thread();
}

static void test_floating_point(void) {
  mismatches = 0;
  loops = 0;
  (void)start_thread(compute, (void *)1);
  (void)start_thread(compute, (void *)2);
  (void)start_thread(compute, (void *)3);
  pause_ms(100);
  check_equal(loops, 60, "three threads compute");
  check_equal(mismatches, 0, "each has its own registers");
}

/* ---- abort */

static mach_port_t silent_port;
static volatile mach_msg_return_t receive_result;

static void receive_for_ever(void *unused) {
  mach_msg_header_t head;
  (void)unused;
  receive_result = mach_msg_trap(&head, MACH_RCV_MSG, 0, sizeof(head), silent_port, 0,
                                 MACH_PORT_NULL);
  seen = 77;
  end_thread();
}

/* The kernel copies through registers of the program's. */
static void test_kernel_copies(void) {
  static float before[16] __attribute__((aligned(16))), after[16] __attribute__((aligned(16)));
  static char from[5000], to[5000];
  kern_return_t result;
  int same = 1;
  for (int i = 0; i < 16; i++) before[i] = (float)(i + 1);
  for (int i = 0; i < 5000; i++) from[i] = (char)i;
  __asm__ volatile(
      "movaps (%0), %%xmm0; movaps 16(%0), %%xmm1; movaps 32(%0), %%xmm2; movaps 48(%0), %%xmm3"
      :
      : "r"(before));
  result = syscall_vm_read_overwrite(mach_task_self(), (vm_address_t)from, 5000, (vm_address_t)to);
  __asm__ volatile(
      "movaps %%xmm0, (%0); movaps %%xmm1, 16(%0); movaps %%xmm2, 32(%0); movaps %%xmm3, 48(%0)"
      :
      : "r"(after)
      : "memory");
  for (int i = 0; i < 16; i++) same &= before[i] == after[i];
  check(result == KERN_SUCCESS && same, "a copy by the kernel keeps the registers");
  for (int i = 0; i < 5000; i++) same &= from[i] == to[i];
  check(same, "... and copies");
}

static void test_abort(void) {
  struct i386_thread_state state;
  mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
  mach_port_t t;
  silent_port = make_port();
  seen = 0;
  t = start_thread(receive_for_ever, 0);
  pause_ms(20);
  check_equal((unsigned)thread_suspend(t), KERN_SUCCESS, "suspend a receiver");
  check_equal((unsigned)thread_abort(t), KERN_SUCCESS, "abort it");
  (void)thread_get_state(t, i386_THREAD_STATE, (thread_state_t)&state, &count);
  check_equal(state.eax, MACH_RCV_INTERRUPTED, "EAX is the result");
  check_equal(seen, 0, "it has not gone on");
  (void)thread_resume(t);
  pause_ms(20);
  check_equal((unsigned)receive_result, MACH_RCV_INTERRUPTED, "MACH_RCV_INTERRUPTED");
  check_equal(seen, 77, "it goes on");
  check_equal((unsigned)thread_resume(t), MACH_SEND_INVALID_DEST, "the thread has ended");
}

/* ---- priorities */

static void test_priorities(void) {
  struct thread_sched_info info;
  mach_msg_type_number_t count = THREAD_SCHED_INFO_COUNT;
  const mach_port_t t = make_thread(mach_task_self(), receive_for_ever, 0);
  check_equal((unsigned)thread_priority(t, 20, TRUE), KERN_SUCCESS, "thread_priority");
  check_equal((unsigned)thread_priority(t, 19, FALSE), KERN_FAILURE, "beyond the maximum");
  check_equal((unsigned)thread_priority(t, 32, FALSE), KERN_INVALID_ARGUMENT, "out of range");
  check_equal((unsigned)thread_policy(t, POLICY_FIXEDPRI, 50), KERN_SUCCESS, "thread_policy");
  check_equal((unsigned)thread_policy(t, 7, 0), KERN_INVALID_ARGUMENT, "unknown policy");
  check_equal((unsigned)thread_info(t, THREAD_SCHED_INFO, (thread_info_t)&info, &count),
              KERN_SUCCESS, "thread_info");
  check(info.policy == POLICY_FIXEDPRI && info.data == 50 && info.base_priority == 20 &&
            info.max_priority == 20,
        "its contents");
  (void)thread_terminate(t);
}

/* ---- host */

static void test_host(void) {
  const mach_port_t host = mach_host_self();
  struct host_basic_info info;
  mach_msg_type_number_t count = HOST_BASIC_INFO_COUNT;
  kernel_version_t version;
  time_value_t before;
  time_value_t after;
  int passed_ms;
  check_equal((unsigned)host_info(host, HOST_BASIC_INFO, (host_info_t)&info, &count), KERN_SUCCESS,
              "host_info");
  check(info.avail_cpus == 1 && info.memory_size > 0x1000000, "its contents");
  check_equal((unsigned)host_kernel_version(host, version), KERN_SUCCESS, "host_kernel_version");
  check(version[0] == 'M', "a name");
  (void)host_get_time(host, &before);
  pause_ms(200);
  (void)host_get_time(host, &after);
  passed_ms = (int)(after.seconds - before.seconds) * 1000 +
              (int)(after.microseconds - before.microseconds) / 1000;
  check(before.seconds > 1500000000, "the clock knows the year");
  check(passed_ms >= 150 && passed_ms < 2000, "time passes");
  before.seconds = 1000000000;
  before.microseconds = 0;
  check_equal((unsigned)host_set_time(host, before), KERN_NO_ACCESS, "the name port sets no time");
  check_equal((unsigned)host_set_time(host_control, before), KERN_SUCCESS, "host_set_time");
  (void)host_get_time(host, &after);
  check(after.seconds == 1000000000, "the time is set");
}

void test_main(void) {
  test_emulation();
  test_segments();
  test_floating_point();
  test_kernel_copies();
  test_abort();
  test_priorities();
  test_host();
}
