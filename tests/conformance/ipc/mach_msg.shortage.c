/* Shortages of names, addresses and the kernel's memory. */
#include "tests/conformance/support/shortage.h"

#include <mach/mach_traps.h>

CONFORMS(mach_msg, MACH_RCV_HEADER_ERROR, MACH_MSG_IPC_SPACE, "no name for the reply port") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t reply = make_receive();
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 31);
  set_reply(&m, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_port(&m, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  fill_name_space();
  m.head.msgh_id = 0;
  EXPECT_EQUAL(receive_message(&m, port), MACH_RCV_HEADER_ERROR | MACH_MSG_IPC_SPACE);
  /* The header is right but for the reply port; everything else has been destroyed. */
  EXPECT_EQUAL(m.head.msgh_id, 31);
  EXPECT_EQUAL(m.head.msgh_local_port, port);
  EXPECT_EQUAL(m.head.msgh_remote_port, MACH_PORT_NULL);
  (void)expect_notification(reply, MACH_NOTIFY_SEND_ONCE);
  (void)expect_notification(reply, MACH_NOTIFY_SEND_ONCE);
  EXPECT(is_empty(port));
}

CONFORMS(mach_msg, MACH_RCV_BODY_ERROR, MACH_MSG_IPC_SPACE,
         "rights without a name are destroyed and seen as null, the others arrive") {
  struct message m;
  mach_port_t far[2];
  const mach_port_t port = make_port();
  const mach_port_t once = make_receive();
  far[0] = far[1] = once;
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 31);
  add_port(&m, once, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_port(&m, port, MACH_MSG_TYPE_COPY_SEND);
  add_port(&m, once, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_far_ports(&m, far, 2, MACH_MSG_TYPE_MAKE_SEND_ONCE, FALSE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  fill_name_space();
  free_a_name();
  EXPECT_EQUAL(receive_message(&m, port), MACH_RCV_BODY_ERROR | MACH_MSG_IPC_SPACE);
  EXPECT_EQUAL(type_of(word_of(&m, 0)), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT_EQUAL(word_of(&m, 1), port);
  EXPECT_EQUAL(word_of(&m, 2), MACH_PORT_NULL);
  EXPECT_EQUAL(((mach_port_t *)word_of(&m, 3))[0], MACH_PORT_NULL);
  EXPECT_EQUAL(((mach_port_t *)word_of(&m, 3))[1], MACH_PORT_NULL);
  (void)expect_notification(once, MACH_NOTIFY_SEND_ONCE);
  (void)expect_notification(once, MACH_NOTIFY_SEND_ONCE);
  (void)expect_notification(once, MACH_NOTIFY_SEND_ONCE);
  EXPECT_EQUAL(status_of(once).mps_sorights, 1);
}

CONFORMS(mach_msg, MACH_SEND_TIMED_OUT, MACH_MSG_IPC_SPACE,
         "a pseudo-receive without a name for what it gives back") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t reply = make_receive();
  (void)fill_queue(port);
  fill_name_space();
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 31);
  set_reply(&m, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_TIMEOUT, 0, 0), MACH_SEND_TIMED_OUT | MACH_MSG_IPC_SPACE);
  EXPECT_EQUAL(m.head.msgh_remote_port, port);
  EXPECT_EQUAL(m.head.msgh_local_port, MACH_PORT_NULL);
  (void)expect_notification(reply, MACH_NOTIFY_SEND_ONCE);
}

CONFORMS(mach_msg, MACH_RCV_BODY_ERROR, MACH_MSG_VM_SPACE,
         "no addresses: the region is destroyed, its address and element size are zero") {
  static char data[3 * 4096];
  struct message m;
  mach_port_t far[2];
  const mach_port_t port = make_port();
  const mach_port_t once = make_receive();
  far[0] = far[1] = once;
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 31);
  set_reply(&m, once, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_memory(&m, data, sizeof(data), FALSE);
  add_memory(&m, data, 10, FALSE);
  add_far_ports(&m, far, 2, MACH_MSG_TYPE_MAKE_SEND_ONCE, FALSE);
  add_port(&m, port, MACH_MSG_TYPE_COPY_SEND);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  fill_address_space();
  EXPECT_EQUAL(receive_message(&m, port), MACH_RCV_BODY_ERROR | MACH_MSG_VM_SPACE);
  EXPECT_EQUAL(type_of(m.head.msgh_remote_port), MACH_PORT_TYPE_SEND_ONCE);
  /* Not item_of(), which goes by the size that is zero now. */
  EXPECT_EQUAL(((mach_msg_type_long_t *)&m.body[0])->msgtl_size, 0);
  EXPECT_EQUAL(m.body[3], 0);
  EXPECT_EQUAL(((mach_msg_type_long_t *)&m.body[4])->msgtl_size, 0);
  EXPECT_EQUAL(m.body[7], 0);
  EXPECT_EQUAL(((mach_msg_type_long_t *)&m.body[8])->msgtl_size, 0);
  EXPECT_EQUAL(m.body[11], 0);
  EXPECT_EQUAL(m.body[13], port);
  (void)expect_notification(once, MACH_NOTIFY_SEND_ONCE);
  (void)expect_notification(once, MACH_NOTIFY_SEND_ONCE);
}

CONFORMS(mach_msg, MACH_SEND_NO_BUFFER,
         "no kernel memory for the smallest message; nothing is taken") {
  struct message m;
  const mach_port_t port = make_port();
  exhaust_kernel_memory();
  start_message(&m, port, MACH_MSG_TYPE_MOVE_SEND, 31);
  EXPECT_EQUAL(send_message(&m), MACH_SEND_NO_BUFFER);
  free_a_message();
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
}

CONFORMS(mach_msg, MACH_SEND_NO_NOTIFY,
         "no kernel memory for the notification; the message comes back") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  const mach_port_t moved = make_receive();
  (void)fill_queue(port);
  exhaust_kernel_memory();
  free_a_message();
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 31);
  add_port(&m, moved, MACH_MSG_TYPE_MOVE_RECEIVE);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_NOTIFY, 0, notify), MACH_SEND_NO_NOTIFY);
  EXPECT_EQUAL(type_of(word_of(&m, 0)), MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQUAL(status_of(notify).mps_sorights, 0);
}

CONFORMS(mach_msg, MACH_RCV_HEADER_ERROR, MACH_MSG_IPC_KERNEL,
         "no kernel memory for a name of the reply port") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t reply = make_receive();
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 31);
  set_reply(&m, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  exhaust_kernel_memory();
  EXPECT_EQUAL(receive_message(&m, port), MACH_RCV_HEADER_ERROR | MACH_MSG_IPC_KERNEL);
  EXPECT_EQUAL(m.head.msgh_id, 31);
  EXPECT_EQUAL(m.head.msgh_remote_port, MACH_PORT_NULL);
  /* The notification could wait for memory, but it comes. */
  (void)expect_notification(reply, MACH_NOTIFY_SEND_ONCE);
}

CONFORMS(mach_msg, MACH_RCV_BODY_ERROR, MACH_MSG_IPC_KERNEL, MACH_MSG_VM_KERNEL,
         "no kernel memory for the names and regions of a body") {
  struct message m;
  mach_port_t far[2];
  const mach_port_t port = make_port();
  const mach_port_t once = make_receive();
  far[0] = far[1] = once;
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 31);
  add_port(&m, once, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_port(&m, port, MACH_MSG_TYPE_COPY_SEND);
  add_far_ports(&m, far, 2, MACH_MSG_TYPE_MAKE_SEND_ONCE, FALSE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  exhaust_kernel_memory();
  EXPECT_EQUAL(receive_message(&m, port),
               MACH_RCV_BODY_ERROR | MACH_MSG_IPC_KERNEL | MACH_MSG_VM_KERNEL);
  EXPECT_EQUAL(word_of(&m, 0), MACH_PORT_NULL);
  EXPECT_EQUAL(word_of(&m, 1), port);
  EXPECT_EQUAL(word_of(&m, 2), 0);
  EXPECT_EQUAL(item_of(&m, 2).bits, 0);
  /* All three rights have been destroyed. */
  (void)expect_notification(once, MACH_NOTIFY_SEND_ONCE);
  (void)expect_notification(once, MACH_NOTIFY_SEND_ONCE);
  (void)expect_notification(once, MACH_NOTIFY_SEND_ONCE);
}
