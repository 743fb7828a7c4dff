/* Port rights in the body of a message, in line and out of line. */
#include "tests/conformance/support/messages.h"

/* Sends one right from this task to itself; what arrives. */
static mach_port_t send_right(mach_port_t name, mach_msg_type_name_t disposition,
                              mach_msg_type_name_t arrives_as) {
  struct message m;
  struct item item;
  const mach_port_t port = make_port();
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, name, disposition);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  item = item_of(&m, 0);
  EXPECT(m.head.msgh_bits & MACH_MSGH_BITS_COMPLEX);
  EXPECT_EQUAL(item.name, arrives_as);
  EXPECT_EQUAL(item.number, 1);
  return *item.data;
}

CONFORMS(mach_msg, "MAKE_SEND needs the receive right, counts, and joins the receiver's name") {
  const mach_port_t port = make_receive();
  EXPECT_EQUAL(send_right(port, MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_PORT_SEND), port);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT_EQUAL(status_of(port).mps_mscount, 1);
  EXPECT_EQUAL(send_right(port, MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_PORT_SEND), port);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 2);
  EXPECT_EQUAL(status_of(port).mps_mscount, 2);
}

CONFORMS(mach_msg, "COPY_SEND leaves the sender's references alone") {
  const mach_port_t port = make_port();
  EXPECT_EQUAL(send_right(port, MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_PORT_SEND), port);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 2);
  EXPECT_EQUAL(status_of(port).mps_mscount, 1);
}

CONFORMS(mach_msg, "MOVE_SEND takes a reference, and the name with the last one") {
  struct message m;
  const mach_port_t to = make_port();
  const mach_port_t port = make_port();
  mach_port_t other = MACH_PORT_NULL;
  mach_msg_type_name_t type;
  const mach_port_t child = make_empty_task();
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, 1));
  EXPECT_EQUAL(send_right(port, MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_PORT_SEND), port);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 2);
  /* The receive right elsewhere: the name is free when the last reference has gone. */
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MOVE_RECEIVE));
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, port, MACH_MSG_TYPE_MOVE_SEND);
  add_port(&m, port, MACH_MSG_TYPE_MOVE_SEND);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(type_of(port), 0);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(word_of(&m, 0), word_of(&m, 1));
  EXPECT_EQUAL(refs_of(word_of(&m, 0), MACH_PORT_RIGHT_SEND), 2);
  REQUIRE_SUCCESS(
      mach_port_extract_right(child, 0x5000, MACH_MSG_TYPE_MOVE_RECEIVE, &other, &type));
  EXPECT_EQUAL(other, word_of(&m, 0));
}

CONFORMS(mach_msg, "MAKE_SEND_ONCE and MOVE_SEND_ONCE arrive under new names with one reference") {
  const mach_port_t port = make_receive();
  const mach_port_t first = send_right(port, MACH_MSG_TYPE_MAKE_SEND_ONCE,
                                       MACH_MSG_TYPE_PORT_SEND_ONCE);
  const mach_port_t second = send_right(port, MACH_MSG_TYPE_MAKE_SEND_ONCE,
                                        MACH_MSG_TYPE_PORT_SEND_ONCE);
  mach_port_t moved;
  EXPECT(first != port && second != port && first != second);
  EXPECT_EQUAL(refs_of(first, MACH_PORT_RIGHT_SEND_ONCE), 1);
  EXPECT_EQUAL(status_of(port).mps_sorights, 2);
  moved = send_right(first, MACH_MSG_TYPE_MOVE_SEND_ONCE, MACH_MSG_TYPE_PORT_SEND_ONCE);
  EXPECT_EQUAL(type_of(moved), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT(moved == first || type_of(first) == 0);
  EXPECT_EQUAL(status_of(port).mps_sorights, 2);
  EXPECT_EQUAL(status_of(port).mps_mscount, 0);
}

CONFORMS(mach_msg,
         "MOVE_RECEIVE leaves send rights; the right joins their name; counts are reset") {
  struct message m;
  const mach_port_t to = make_port();
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_set_seqno(mach_task_self(), port, 7));
  REQUIRE_SUCCESS(mach_port_set_qlimit(mach_task_self(), port, 3));
  make_simple(&m, port, 11);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, port, MACH_MSG_TYPE_MOVE_RECEIVE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND);
  /* In transit it still takes messages. */
  make_simple(&m, port, 12);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(item_of(&m, 0).name, MACH_MSG_TYPE_PORT_RECEIVE);
  EXPECT_EQUAL(word_of(&m, 0), port);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT_EQUAL(status_of(port).mps_mscount, 0);
  EXPECT_EQUAL(status_of(port).mps_seqno, 0);
  EXPECT_EQUAL(status_of(port).mps_qlimit, 3);
  EXPECT_EQUAL(status_of(port).mps_msgcount, 2);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 11);
  EXPECT_EQUAL(m.head.msgh_seqno, 0);
}

CONFORMS(mach_msg, "a receive right keeps its notification requests on the way") {
  struct message m;
  const mach_port_t to = make_port();
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  mach_port_t previous;
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_NO_SENDERS, 0,
                                                 notify, MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), port,
                                                 MACH_NOTIFY_PORT_DESTROYED, 0, notify,
                                                 MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, port, MACH_MSG_TYPE_MOVE_RECEIVE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT(status_of(port).mps_nsrequest);
  EXPECT(status_of(port).mps_pdrequest);
  EXPECT(is_empty(notify));
}

CONFORMS(mach_msg, "null and dead are valid in place of every kind of right") {
  unsigned type;
  for (type = MACH_MSG_TYPE_MOVE_RECEIVE; type <= MACH_MSG_TYPE_MAKE_SEND_ONCE; type++) {
    struct message m;
    const mach_port_t port = make_port();
    const mach_port_t names[2] = {MACH_PORT_NULL, MACH_PORT_DEAD};
    start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 0);
    add_ports(&m, names, 2, type);
    REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
    REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
    EXPECT_EQUAL(item_of(&m, 0).data[0], MACH_PORT_NULL);
    EXPECT_EQUAL(item_of(&m, 0).data[1], MACH_PORT_DEAD);
  }
}

CONFORMS(mach_msg, "a dead name arrives as dead; moving it takes a reference") {
  const mach_port_t dead = make_dead_name();
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), dead, MACH_PORT_RIGHT_DEAD_NAME, 2));
  EXPECT_EQUAL(send_right(dead, MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_PORT_SEND), MACH_PORT_DEAD);
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), 3);
  EXPECT_EQUAL(send_right(dead, MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_PORT_SEND), MACH_PORT_DEAD);
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), 2);
  EXPECT_EQUAL(send_right(dead, MACH_MSG_TYPE_MOVE_SEND_ONCE, MACH_MSG_TYPE_PORT_SEND_ONCE),
               MACH_PORT_DEAD);
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), 1);
}

CONFORMS(mach_msg, "rights whose port dies in transit arrive as dead") {
  struct message m;
  const mach_port_t to = make_port();
  const mach_port_t port = make_port();
  mach_port_t far[2];
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, port, MACH_MSG_TYPE_COPY_SEND);
  add_port(&m, port, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  far[0] = far[1] = port;
  add_far_ports(&m, far, 2, MACH_MSG_TYPE_COPY_SEND, FALSE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  kill_port(port);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(word_of(&m, 0), MACH_PORT_DEAD);
  EXPECT_EQUAL(word_of(&m, 1), MACH_PORT_DEAD);
  EXPECT_EQUAL(((mach_port_t *)word_of(&m, 2))[0], MACH_PORT_DEAD);
  EXPECT_EQUAL(((mach_port_t *)word_of(&m, 2))[1], MACH_PORT_DEAD);
}

CONFORMS(mach_msg, MACH_SEND_INVALID_RIGHT,
         "a right the caller does not have destroys the message") {
  static const unsigned wrong_for_receive[] = {MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MOVE_SEND,
                                               MACH_MSG_TYPE_MOVE_SEND_ONCE};
  static const unsigned wrong_for_dead[] = {MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE,
                                            MACH_MSG_TYPE_MOVE_RECEIVE};
  struct message m;
  const mach_port_t to = make_port();
  const mach_port_t port = make_receive();
  const mach_port_t dead = make_dead_name();
  const mach_port_t gone = make_receive();
  unsigned i;
  for (i = 0; i < 3; i++) {
    start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
    add_port(&m, port, wrong_for_receive[i]);
    EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_RIGHT);
    start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
    add_port(&m, dead, wrong_for_dead[i]);
    EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_RIGHT);
  }
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, gone, MACH_MSG_TYPE_MOVE_RECEIVE);
  add_port(&m, unused_name(), MACH_MSG_TYPE_COPY_SEND);
  EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_RIGHT);
  EXPECT_EQUAL(type_of(gone), 0);
  EXPECT(is_empty(to));
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_RECEIVE);
}

CONFORMS(mach_msg, MACH_SEND_INVALID_RIGHT, "what a destroyed message held is released") {
  struct message m;
  const mach_port_t to = make_port();
  const mach_port_t port = make_receive();
  mach_port_t far[2];
  far[0] = port;
  far[1] = unused_name();
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  set_reply(&m, port, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_port(&m, port, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_far_ports(&m, far, 2, MACH_MSG_TYPE_MAKE_SEND_ONCE, FALSE);
  EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_RIGHT);
  (void)expect_notification(port, MACH_NOTIFY_SEND_ONCE);
  (void)expect_notification(port, MACH_NOTIFY_SEND_ONCE);
  (void)expect_notification(port, MACH_NOTIFY_SEND_ONCE);
  EXPECT(is_empty(port));
  EXPECT_EQUAL(status_of(port).mps_sorights, 0);
}

CONFORMS(mach_msg, "a port set cannot be sent") {
  struct message m;
  const mach_port_t to = make_port();
  const mach_port_t set = make_set();
  unsigned type;
  for (type = MACH_MSG_TYPE_MOVE_RECEIVE; type <= MACH_MSG_TYPE_MAKE_SEND_ONCE; type++) {
    start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
    add_port(&m, set, type);
    EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_RIGHT);
  }
  EXPECT_EQUAL(type_of(set), MACH_PORT_TYPE_PORT_SET);
}

CONFORMS(mach_msg, "without the complex bit rights and addresses are plain data") {
  struct message m;
  const mach_port_t to = make_port();
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, 0x1234, MACH_MSG_TYPE_MOVE_RECEIVE);
  add_memory(&m, (void *)0x10, 4000, TRUE);
  m.head.msgh_bits &= ~MACH_MSGH_BITS_COMPLEX;
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_bits & MACH_MSGH_BITS_COMPLEX, 0);
  EXPECT_EQUAL(word_of(&m, 0), 0x1234);
  EXPECT_EQUAL(word_of(&m, 1), 0x10);
}

CONFORMS(mach_msg, "a right that only looks complete arrives with a reference more") {
  struct message m;
  const mach_port_t to = make_port();
  const mach_port_t port = make_port();
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_integer(&m, 1);
  m.head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  add_port(&m, port, MACH_MSG_TYPE_COPY_SEND);
  add_integer(&m, 2);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(word_of(&m, 0), 1);
  EXPECT_EQUAL(word_of(&m, 1), port);
  EXPECT_EQUAL(word_of(&m, 2), 2);
}

CONFORMS(mach_msg, "user references stay at their limit when a right arrives once more") {
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND,
                                     (mach_port_delta_t)MACH_PORT_UREFS_MAX - 1));
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), MACH_PORT_UREFS_MAX);
  EXPECT_EQUAL(send_right(port, MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_PORT_SEND), port);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), MACH_PORT_UREFS_MAX);
}

CONFORMS(mach_msg, "arrays of rights out of line, aligned or not, with every disposition") {
  static mach_port_t names[1300];
  struct message m;
  struct item item;
  const mach_port_t to = make_port();
  mach_port_t *arrived;
  unsigned wrong = 0;
  unsigned i;
  for (i = 0; i < 1300; i++) names[i] = make_receive();
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_far_ports(&m, names + 1, 1299, MACH_MSG_TYPE_MAKE_SEND, FALSE);
  add_far_ports(&m, names, 2, MACH_MSG_TYPE_MAKE_SEND_ONCE, FALSE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  item = item_of(&m, 0);
  EXPECT_EQUAL(item.name, MACH_MSG_TYPE_PORT_SEND);
  EXPECT_EQUAL(item.number, 1299);
  EXPECT_EQUAL(item.bits, 32);
  EXPECT(!item.in_line && item.deallocate);
  arrived = (mach_port_t *)*item.data;
  for (i = 0; i < 1299; i++) wrong += arrived[i] != names[i + 1];
  EXPECT_EQUAL(wrong, 0);
  EXPECT_EQUAL(type_of(names[1299]), MACH_PORT_TYPE_SEND_RECEIVE);
  arrived = (mach_port_t *)word_of(&m, 1);
  EXPECT_EQUAL(item_of(&m, 1).name, MACH_MSG_TYPE_PORT_SEND_ONCE);
  EXPECT_EQUAL(type_of(arrived[0]), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT_EQUAL(type_of(arrived[1]), MACH_PORT_TYPE_SEND_ONCE);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_far_ports(&m, names + 7, 3, MACH_MSG_TYPE_MOVE_RECEIVE, FALSE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(type_of(names[8]), MACH_PORT_TYPE_SEND);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(type_of(names[8]), MACH_PORT_TYPE_SEND_RECEIVE);
}

CONFORMS(mach_msg, "an out-of-line array of rights can be deallocated from the sender") {
  struct message m;
  const mach_port_t to = make_port();
  const mach_port_t port = make_port();
  vm_address_t page = 0;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &page, vm_page_size, TRUE));
  *(mach_port_t *)page = port;
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_far_ports(&m, (mach_port_t *)page, 1, MACH_MSG_TYPE_COPY_SEND, TRUE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(vm_protect(mach_task_self(), page, 1, FALSE, VM_PROT_READ), KERN_INVALID_ADDRESS);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(*(mach_port_t *)word_of(&m, 0), port);
  EXPECT_SUCCESS(vm_deallocate(mach_task_self(), word_of(&m, 0), 4));
}

/* A message that carries the receive right of the port it is sent to, reached through `hops`. */
static void send_loop(unsigned hops, int far) {
  struct message m;
  mach_port_t ports[4];
  mach_port_t watched = make_receive();
  unsigned i;
  for (i = 0; i <= hops; i++) ports[i] = make_port();
  for (i = 0; i <= hops; i++) {
    /* Port i travels in a message queued at port i + 1, the last one at the first. */
    start_message(&m, ports[(i + 1) % (hops + 1)], MACH_MSG_TYPE_COPY_SEND, 0);
    if (far)
      add_far_ports(&m, &ports[i], 1, MACH_MSG_TYPE_MOVE_RECEIVE, FALSE);
    else
      add_port(&m, ports[i], MACH_MSG_TYPE_MOVE_RECEIVE);
    add_port(&m, watched, MACH_MSG_TYPE_MAKE_SEND_ONCE);
    REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  }
  for (i = 0; i <= hops; i++) {
    (void)expect_notification(watched, MACH_NOTIFY_SEND_ONCE);
    EXPECT_EQUAL(type_of(ports[i]), MACH_PORT_TYPE_DEAD_NAME);
  }
}

CONFORMS(mach_msg, "a message with the receive right it was sent to is collected") {
  send_loop(0, 0);
  send_loop(0, 1);
}

CONFORMS(mach_msg, "loops of messages and receive rights through other ports are collected") {
  send_loop(1, 0);
  send_loop(2, 0);
  send_loop(3, 1);
}

CONFORMS(mach_msg, "receive rights in transit that form no loop arrive") {
  struct message m;
  const mach_port_t to = make_port();
  const mach_port_t outer = make_port();
  const mach_port_t inner = make_port();
  start_message(&m, outer, MACH_MSG_TYPE_COPY_SEND, 1);
  add_port(&m, inner, MACH_MSG_TYPE_MOVE_RECEIVE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 2);
  add_port(&m, outer, MACH_MSG_TYPE_MOVE_RECEIVE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(word_of(&m, 0), outer);
  REQUIRE_EQUAL(receive_message(&m, outer), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(word_of(&m, 0), inner);
  EXPECT_EQUAL(type_of(inner), MACH_PORT_TYPE_SEND_RECEIVE);
}

CONFORMS(mach_msg, "messages queued at a port that dies release what they carry") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t inner = make_port();
  const mach_port_t watched = make_receive();
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 0);
  set_reply(&m, watched, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_port(&m, inner, MACH_MSG_TYPE_MOVE_RECEIVE);
  add_port(&m, watched, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  kill_port(port);
  (void)expect_notification(watched, MACH_NOTIFY_SEND_ONCE);
  (void)expect_notification(watched, MACH_NOTIFY_SEND_ONCE);
  EXPECT_EQUAL(type_of(inner), MACH_PORT_TYPE_DEAD_NAME);
}
