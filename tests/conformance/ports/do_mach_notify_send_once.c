#include "tests/conformance/ports/notified.h"

CONFORMS(do_mach_notify_send_once, KERN_SUCCESS, do_seqnos_mach_notify_send_once,
         "called when a send-once right is destroyed without a message") {
  const mach_port_t port = make_receive();
  EXPECT_SUCCESS(mach_port_deallocate(mach_task_self(), make_send_once(port)));
  EXPECT_SUCCESS(mach_port_destroy(mach_task_self(), make_send_once(port)));
  PLAIN(port, MACH_NOTIFY_SEND_ONCE);
  NUMBERED(port, MACH_NOTIFY_SEND_ONCE, 1);
  EXPECT(is_empty(port));
}

CONFORMS(do_mach_notify_send_once,
         "each right guarantees one message: sent to it, or the notification") {
  struct message m;
  const mach_port_t port = make_receive();
  const mach_port_t child = make_empty_task();
  const mach_port_t to = make_port();
  const mach_port_t used = make_send_once(port);
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MAKE_SEND_ONCE));
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  set_reply(&m, port, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  start_message(&m, used, MACH_MSG_TYPE_MOVE_SEND_ONCE, 1234);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 1234);
  EXPECT(is_empty(port));
  REQUIRE_SUCCESS(task_terminate(child));
  PLAIN(port, MACH_NOTIFY_SEND_ONCE);
  kill_port(to);
  PLAIN(port, MACH_NOTIFY_SEND_ONCE);
  EXPECT(is_empty(port));
}
