#include "tests/kernel/support/kernel_test.h"

#include <device/device.h>
#include <mach/mach_host.h>
#include <mach/mach_traps.h>
#include <mach/thread_status.h>

mach_port_t host_control;
mach_port_t device_master;
const char *test_flags;

static mach_port_t console;
static unsigned cases;

unsigned parse_number(const char *text) {
  unsigned n = 0;
  for (; *text >= '0' && *text <= '9'; text++) n = n * 10 + (unsigned)(*text - '0');
  return n;
}

void print(const char *text) {
  unsigned length = 0;
  while (text[length] != 0) length++;
  while (length != 0) {
    int written = 0;
    const unsigned part = length < IO_INBAND_MAX ? length : IO_INBAND_MAX;
    if (device_write_inband(console, 0, 0, (char *)text, part, &written) != 0 ||
        written <= 0)
      return;
    text += written;
    length -= (unsigned)written;
  }
}

static void print_in_base(unsigned value, unsigned base) {
  char text[12];
  char *at = text + sizeof(text) - 1;
  *at = 0;
  do {
    *--at = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  print(at);
}

void print_number(unsigned value) { print_in_base(value, 16); }

int check(int passed, const char *name) {
  print(passed ? "ok " : "not ok ");
  print_in_base(++cases, 10);
  print(" - ");
  print(name);
  print("\n");
  return passed;
}

int check_equal(unsigned got, unsigned expected, const char *name) {
  const int passed = check(got == expected, name);
  if (!passed) {
    print("# got ");
    print_number(got);
    print(", expected ");
    print_number(expected);
    print("\n");
  }
  return passed;
}

mach_port_t make_thread(mach_port_t task, void (*entry)(void *), void *argument) {
  vm_address_t stack = 0;
  mach_port_t thread;
  struct i386_thread_state state;
  unsigned *top;
  unsigned i;

  if (vm_allocate(mach_task_self(), &stack, STACK_SIZE, TRUE) != KERN_SUCCESS)
    return MACH_PORT_NULL;
  if (thread_create(task, &thread) != KERN_SUCCESS) return MACH_PORT_NULL;
  top = (unsigned *)(stack + STACK_SIZE - 16);
  top[1] = (unsigned)argument;
  top[0] = 0;
  for (i = 0; i < sizeof(state); i++) ((char *)&state)[i] = 0;
  state.eip = (unsigned)entry;
  state.uesp = (unsigned)top;
  if (thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&state,
                       i386_THREAD_STATE_COUNT) != KERN_SUCCESS)
    return MACH_PORT_NULL;
  return thread;
}

mach_port_t start_thread(void (*entry)(void *), void *argument) {
  const mach_port_t thread = make_thread(mach_task_self(), entry, argument);
  if (thread != MACH_PORT_NULL) (void)thread_resume(thread);
  return thread;
}

void end_thread(void) {
  (void)thread_terminate(mach_thread_self());
  for (;;) {
  }
}

mach_port_t make_port(void) {
  mach_port_t port;
  if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port) != KERN_SUCCESS ||
      mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_MAKE_SEND) !=
          KERN_SUCCESS)
    return MACH_PORT_NULL;
  return port;
}

void test_start(const unsigned *stack);

/* The stack holds argc, argv...: "bootstrap", flags, host control, device master, root. */
void test_start(const unsigned *stack) {
  const char *const *argv = (const char *const *)(stack + 1);
  test_flags = argv[1];
  host_control = parse_number(argv[2]);
  device_master = parse_number(argv[3]);
  (void)mach_init();
  if (device_open(device_master, D_READ | D_WRITE, "console", &console) == KERN_SUCCESS) {
    test_main();
    print("1..");
    print_in_base(cases, 10);
    print("\n");
  }
  (void)host_reboot(host_control, HOST_REBOOT_HALT);
  for (;;) {
  }
}
