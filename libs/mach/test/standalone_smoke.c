/*
 * A program without C library over libmach_sa.a, started by the kernel: traps, server loop,
 * notifications, exceptions and threads. TAP on the console, then power-off.
 */
#include <device/device.h>
#include <mach.h>
#include <mach/exc.h>
#include <mach/mach_host.h>
#include <mach/notify_server.h>

#define STACK_SIZE (16 * 1024)

static mach_port_t console;
static int test_number;

static unsigned int length(const char *text) {
  unsigned int n = 0;
  while (text[n] != '\0') n++;
  return n;
}

static void print(const char *text) {
  unsigned int left = length(text);
  while (left != 0) {
    io_buf_ptr_inband_t chunk;
    const unsigned int n = left < sizeof(chunk) ? left : sizeof(chunk);
    unsigned int i;
    int written = 0;
    for (i = 0; i < n; i++) chunk[i] = text[i];
    if (device_write_inband(console, 0, 0, chunk, n, &written) != D_SUCCESS || written <= 0) return;
    text += written;
    left -= (unsigned int)written;
  }
}

static void report(boolean_t good, const char *what) {
  char number[] = " 0 - ";
  number[1] = (char)('0' + ++test_number);
  print(good ? "ok" : "not ok");
  print(number);
  print(what);
  print("\n");
}

static mach_port_t number_argument(const char *text) {
  mach_port_t value = 0;
  while (*text >= '0' && *text <= '9') value = value * 10 + (mach_port_t)(*text++ - '0');
  return value;
}

/* ---- Memory ---- */

static boolean_t memory_works(void) {
  vm_address_t address = 0;
  boolean_t good;
  if (vm_allocate(mach_task_self(), &address, 2 * vm_page_size, TRUE) != KERN_SUCCESS)
    return FALSE;
  *(volatile int *)(address + vm_page_size) = 42;
  good = *(volatile int *)address == 0 && *(volatile int *)(address + vm_page_size) == 42;
  return vm_deallocate(mach_task_self(), address, 2 * vm_page_size) == KERN_SUCCESS && good;
}

/* ---- Notifications through mach_msg_server_timeout ---- */

static mach_port_t dead_name_told;

kern_return_t do_mach_notify_dead_name(notify_port_t notify, mach_port_name_t name) {
  (void)notify;
  dead_name_told = name;
  return KERN_SUCCESS;
}

kern_return_t do_mach_notify_port_deleted(notify_port_t notify, mach_port_name_t name) {
  (void)notify, (void)name;
  return KERN_FAILURE;
}

kern_return_t do_mach_notify_msg_accepted(notify_port_t notify, mach_port_name_t name) {
  (void)notify, (void)name;
  return KERN_FAILURE;
}

kern_return_t do_mach_notify_port_destroyed(notify_port_t notify, mach_port_receive_t rights) {
  (void)notify, (void)rights;
  return KERN_FAILURE;
}

kern_return_t do_mach_notify_no_senders(notify_port_t notify, mach_port_mscount_t mscount) {
  (void)notify, (void)mscount;
  return KERN_FAILURE;
}

kern_return_t do_mach_notify_send_once(notify_port_t notify) {
  (void)notify;
  return KERN_FAILURE;
}

static boolean_t notifications_work(void) {
  const mach_port_t notify = mach_reply_port();
  const mach_port_t dying = mach_reply_port();
  mach_port_t previous = MACH_PORT_NULL;
  mach_msg_return_t result;

  if (mach_port_insert_right(mach_task_self(), dying, dying, MACH_MSG_TYPE_MAKE_SEND) !=
          KERN_SUCCESS ||
      mach_port_request_notification(mach_task_self(), dying, MACH_NOTIFY_DEAD_NAME, 0, notify,
                                     MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous) != KERN_SUCCESS ||
      mach_port_mod_refs(mach_task_self(), dying, MACH_PORT_RIGHT_RECEIVE, -1) != KERN_SUCCESS)
    return FALSE;
  result = mach_msg_server_timeout(notify_server, 256, notify, MACH_RCV_TIMEOUT, 50);
  return result == MACH_RCV_TIMED_OUT && dead_name_told == dying;
}

/* ---- An RPC between threads, through mach_msg_server ---- */

static int exception_told[3];

kern_return_t catch_exception_raise(mach_port_t exception_port, mach_port_t thread,
                                    mach_port_t task, int exception, int code, int subcode) {
  (void)exception_port;
  exception_told[0] = exception;
  exception_told[1] = code;
  exception_told[2] = subcode;
  if (exception != EXC_SOFTWARE) return KERN_FAILURE;
  (void)mach_port_deallocate(mach_task_self(), thread);
  (void)mach_port_deallocate(mach_task_self(), task);
  return KERN_SUCCESS;
}

static void serve(void *port) {
  (void)mach_msg_server(exc_server, 512, (mach_port_t)(natural_t)port);
  (void)task_terminate(mach_task_self());
}

static boolean_t server_thread_works(void) {
  const mach_port_t port = mach_reply_port();
  const mach_port_t self = mach_thread_self();
  int i;

  if (mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_MAKE_SEND) !=
          KERN_SUCCESS ||
      mach_thread_start(serve, (void *)(natural_t)port, STACK_SIZE, 0) != KERN_SUCCESS)
    return FALSE;
  for (i = 0; i < 100; i++) {
    if (exception_raise(port, self, mach_task_self(), EXC_SOFTWARE, 2, i) != KERN_SUCCESS)
      return FALSE;
    if (exception_told[1] != 2 || exception_told[2] != i) return FALSE;
  }
  return exception_raise(port, self, mach_task_self(), EXC_EMULATION, 0, 0) == KERN_FAILURE;
}

/* The kernel's own answer to a message no routine takes. */
static boolean_t odd_request_is_refused(void) {
  mig_reply_header_t message;
  const mach_port_t reply_port = mach_reply_port();

  message.Head.msgh_bits =
      MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  message.Head.msgh_remote_port = mach_task_self();
  message.Head.msgh_local_port = reply_port;
  message.Head.msgh_id = 123456;
  return mach_msg(&message.Head, MACH_SEND_MSG | MACH_RCV_MSG, sizeof(message.Head),
                  sizeof(message), reply_port, MACH_MSG_TIMEOUT_NONE,
                  MACH_PORT_NULL) == MACH_MSG_SUCCESS &&
         message.Head.msgh_id == 123556 && message.RetCode == MIG_BAD_ID;
}

__attribute__((noreturn, used)) static void run(char **stack) {
  char **const argv = stack + 1;

  (void)mach_init();
  (void)device_open(number_argument(argv[3]), D_WRITE, "console", &console);
  print("1..5\n");
  report(MACH_PORT_VALID(mach_task_self()) && vm_page_size == 4096, "mach_init");
  report(memory_works(), "memory");
  report(notifications_work(), "notifications");
  report(server_thread_works(), "server thread");
  report(odd_request_is_refused(), "unknown request");
  for (;;) (void)host_reboot(number_argument(argv[2]), HOST_REBOOT_HALT);
}

__asm__(
    ".text\n"
    ".globl _start\n"
    "_start:\n"
    "  xorl %ebp, %ebp\n"
    "  movl %esp, %eax\n"
    "  andl $-16, %esp\n"
    "  subl $12, %esp\n"
    "  pushl %eax\n"
    "  call run\n");
