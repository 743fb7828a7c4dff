/* Full queues: time-outs, forced messages, interruption, fairness, and the pseudo-receive. */
#include "tests/conformance/support/messages.h"

#include <mach/mach_traps.h>

CONFORMS(mach_msg, MACH_SEND_TIMED_OUT, "a full queue, at once and after a while") {
  struct message m;
  const mach_port_t port = make_port();
  EXPECT_EQUAL(fill_queue(port), MACH_PORT_QLIMIT_DEFAULT);
  make_simple(&m, port, 77);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_TIMEOUT, 0, 0), MACH_SEND_TIMED_OUT);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_TIMEOUT, 60, 0), MACH_SEND_TIMED_OUT);
  EXPECT_EQUAL(status_of(port).mps_msgcount, MACH_PORT_QLIMIT_DEFAULT);
  /* With room the time-out does not matter. */
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 0);
  make_simple(&m, port, 78);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_TIMEOUT, 0, 0), MACH_MSG_SUCCESS);
}

CONFORMS(mach_msg, "a send-once right and the kernel's notifications ignore the queue limit") {
  struct message m;
  const mach_port_t port = make_port();
  const unsigned limit = fill_queue(port);
  start_message(&m, make_send_once(port), MACH_MSG_TYPE_MOVE_SEND_ONCE, 50);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_TIMEOUT, 0, 0), MACH_MSG_SUCCESS);
  start_message(&m, port, MACH_MSG_TYPE_MAKE_SEND_ONCE, 51);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_TIMEOUT, 0, 0), MACH_MSG_SUCCESS);
  REQUIRE_SUCCESS(mach_port_deallocate(mach_task_self(), make_send_once(port)));
  EXPECT_EQUAL(status_of(port).mps_msgcount, limit + 3);
}

CONFORMS(mach_msg, MACH_SEND_TIMED_OUT, "the pseudo-receive gives rights and memory back") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t reply = make_receive();
  const mach_port_t moved = make_receive();
  const mach_port_t made = make_receive();
  vm_address_t memory = 0;
  unsigned *there;
  (void)fill_queue(port);
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &memory, 3 * 4096, TRUE));
  *(unsigned *)memory = 1234;
  start_message(&m, port, MACH_MSG_TYPE_MOVE_SEND, 60);
  set_reply(&m, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_port(&m, moved, MACH_MSG_TYPE_MOVE_RECEIVE);
  add_port(&m, made, MACH_MSG_TYPE_MAKE_SEND);
  add_memory(&m, (void *)memory, 3 * 4096, TRUE);
  REQUIRE_EQUAL(send_with(&m, MACH_SEND_TIMEOUT, 0, 0), MACH_SEND_TIMED_OUT);
  /* Not reversed, ready to be sent again. */
  EXPECT_EQUAL(m.head.msgh_id, 60);
  EXPECT_EQUAL(m.head.msgh_bits,
               MACH_MSGH_BITS_COMPLEX |
                   MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_MOVE_SEND_ONCE));
  EXPECT_EQUAL(m.head.msgh_remote_port, port);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
  EXPECT_EQUAL(type_of(m.head.msgh_local_port), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT_EQUAL(item_of(&m, 0).name, MACH_MSG_TYPE_MOVE_RECEIVE);
  EXPECT_EQUAL(type_of(word_of(&m, 0)), MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQUAL(item_of(&m, 1).name, MACH_MSG_TYPE_MOVE_SEND);
  EXPECT_EQUAL(word_of(&m, 1), made);
  there = (unsigned *)word_of(&m, 2);
  EXPECT_EQUAL(*there, 1234);
  EXPECT(item_of(&m, 2).deallocate);
  /* And again it goes. */
  {
    struct message other;
    REQUIRE_EQUAL(receive_message(&other, port), MACH_MSG_SUCCESS);
  }
  REQUIRE_EQUAL(send_with(&m, MACH_SEND_TIMEOUT, 0, 0), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(type_of(made), MACH_PORT_TYPE_RECEIVE);
}

CONFORMS(mach_msg, "zero as the queue limit makes a rendezvous") {
  struct message m;
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_set_qlimit(mach_task_self(), port, 0));
  make_simple(&m, port, 1);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_TIMEOUT, 0, 0), MACH_SEND_TIMED_OUT);
}

/* ---- MACH_SEND_NOTIFY ---- */

static mach_msg_return_t force(mach_port_t port, mach_port_t notify, int id) {
  struct message m;
  make_simple(&m, port, id);
  return send_with(&m, MACH_SEND_NOTIFY, 0, notify);
}

CONFORMS(mach_msg, MACH_SEND_WILL_NOTIFY, MACH_SEND_NOTIFY_IN_PROGRESS,
         "one message at a time is forced into a full queue; msg-accepted says when the next may") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  unsigned limit;
  unsigned i;
  EXPECT_EQUAL(force(port, notify, 30), MACH_MSG_SUCCESS); /* there is room: as without */
  limit = 1 + fill_queue(port);
  EXPECT_EQUAL(force(port, notify, 31), MACH_SEND_WILL_NOTIFY);
  EXPECT_EQUAL(status_of(port).mps_msgcount, limit + 1);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE | MACH_PORT_TYPE_MAREQUEST);
  EXPECT_EQUAL(force(port, notify, 32), MACH_SEND_NOTIFY_IN_PROGRESS);
  EXPECT(is_empty(notify));
  for (i = 0; i <= limit; i++) REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 31);
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_MSG_ACCEPTED), port);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT(is_empty(port));
  (void)fill_queue(port);
  EXPECT_EQUAL(force(port, notify, 33), MACH_SEND_WILL_NOTIFY);
}

CONFORMS(mach_msg, MACH_SEND_NOTIFY_IN_PROGRESS, "the refused message comes back") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  const mach_port_t moved = make_receive();
  (void)fill_queue(port);
  EXPECT_EQUAL(force(port, notify, 31), MACH_SEND_WILL_NOTIFY);
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 1);
  add_port(&m, moved, MACH_MSG_TYPE_MOVE_RECEIVE);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_NOTIFY, 0, notify), MACH_SEND_NOTIFY_IN_PROGRESS);
  EXPECT_EQUAL(type_of(word_of(&m, 0)), MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQUAL(m.head.msgh_remote_port, port);
}

CONFORMS(mach_msg, MACH_SEND_INVALID_NOTIFY, "no receive right to notify; the message comes back") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t moved = make_receive();
  mach_port_t send = make_port();
  (void)fill_queue(port);
  kill_port(send);
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 1);
  add_port(&m, moved, MACH_MSG_TYPE_MOVE_RECEIVE);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_NOTIFY, 0, MACH_PORT_NULL), MACH_SEND_INVALID_NOTIFY);
  EXPECT_EQUAL(type_of(word_of(&m, 0)), MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_NOTIFY, 0, send), MACH_SEND_INVALID_NOTIFY);
  EXPECT_EQUAL(type_of(word_of(&m, 0)), MACH_PORT_TYPE_RECEIVE);
}

CONFORMS(mach_msg, "with MACH_SEND_TIMEOUT the time passes before MACH_SEND_NOTIFY forces") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  (void)fill_queue(port);
  make_simple(&m, port, 31);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_NOTIFY | MACH_SEND_TIMEOUT, 50, notify),
               MACH_SEND_WILL_NOTIFY);
}

CONFORMS(mach_msg, "msg-accepted carries null when the send right has gone before") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  mach_port_t there = MACH_PORT_NULL;
  mach_msg_type_name_t type;
  unsigned count;
  unsigned i;
  const mach_port_t child = make_empty_task();
  count = fill_queue(port) + 1;
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MOVE_RECEIVE));
  EXPECT_EQUAL(force(port, notify, 31), MACH_SEND_WILL_NOTIFY);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_MAREQUEST);
  REQUIRE_SUCCESS(mach_port_deallocate(mach_task_self(), port));
  REQUIRE_SUCCESS(
      mach_port_extract_right(child, 0x5000, MACH_MSG_TYPE_MOVE_RECEIVE, &there, &type));
  for (i = 0; i < count; i++) REQUIRE_EQUAL(receive_message(&m, there), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_MSG_ACCEPTED), MACH_PORT_NULL);
}

CONFORMS(mach_msg, "a forced message whose port dies gives a send-once notification") {
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  (void)fill_queue(port);
  EXPECT_EQUAL(force(port, notify, 31), MACH_SEND_WILL_NOTIFY);
  kill_port(port);
  (void)expect_notification(notify, MACH_NOTIFY_SEND_ONCE);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_DEAD_NAME);
}

CONFORMS(mach_msg, "every holder of a send right can force its own message") {
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  struct message m;
  (void)fill_queue(port);
  EXPECT_EQUAL(force(port, notify, 31), MACH_SEND_WILL_NOTIFY);
  /* A queue limit that makes room does not accept it: it is already queued. */
  REQUIRE_SUCCESS(mach_port_set_qlimit(mach_task_self(), port, MACH_PORT_QLIMIT_MAX));
  make_simple(&m, port, 40);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_TIMEOUT, 0, 0), MACH_MSG_SUCCESS);
}

/* ---- Blocked senders ---- */

static mach_port_t busy_port;
static volatile int blocked_result;
static volatile int senders_done;
static mach_msg_option_t sender_options;

static void block_in_send(void *argument) {
  struct message m;
  make_simple(&m, busy_port, (int)(unsigned)argument);
  blocked_result = send_with(&m, sender_options, 0, MACH_PORT_NULL);
  __atomic_fetch_add(&senders_done, 1, __ATOMIC_RELAXED);
  end_thread();
}

static void start_sender(void *id) {
  const mach_port_t thread = start_thread(block_in_send, id);
  REQUIRE(thread != MACH_PORT_NULL);
  wait_until_blocked(thread);
}

CONFORMS(mach_msg, MACH_MSG_SUCCESS,
         "a sender blocks until there is room, and then its message is queued") {
  struct message m;
  unsigned count;
  unsigned i;
  busy_port = make_port();
  count = fill_queue(busy_port);
  blocked_result = -1;
  start_sender((void *)99);
  EXPECT_EQUAL(senders_done, 0);
  REQUIRE_EQUAL(receive_message(&m, busy_port), MACH_MSG_SUCCESS);
  EXPECT(wait_until(&senders_done, 1, PATIENCE));
  EXPECT_EQUAL(blocked_result, MACH_MSG_SUCCESS);
  for (i = 0; i < count; i++) REQUIRE_EQUAL(receive_message(&m, busy_port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 99);
}

CONFORMS(mach_msg, "blocked senders all get their turn, and none is overtaken for ever") {
  struct message m;
  unsigned seen = 0;
  unsigned count;
  unsigned i;
  busy_port = make_port();
  count = fill_queue(busy_port);
  for (i = 0; i < 6; i++) start_sender((void *)(100 + i));
  for (i = 0; i < count; i++) {
    REQUIRE_EQUAL(receive_message(&m, busy_port), MACH_MSG_SUCCESS);
    /* Newcomers with a time-out do not get in before those who wait. */
    make_simple(&m, busy_port, 1);
    (void)send_with(&m, MACH_SEND_TIMEOUT, 0, 0);
  }
  for (i = 0; i < 20 && seen != 63; i++) {
    REQUIRE_EQUAL(receive_message(&m, busy_port), MACH_MSG_SUCCESS);
    if (m.head.msgh_id >= 100) seen |= 1u << (m.head.msgh_id - 100);
  }
  EXPECT_EQUAL(seen, 63);
  EXPECT(wait_until(&senders_done, 6, PATIENCE));
}

CONFORMS(mach_msg, "a larger queue limit admits blocked senders") {
  busy_port = make_port();
  (void)fill_queue(busy_port);
  start_sender((void *)1);
  start_sender((void *)2);
  REQUIRE_SUCCESS(mach_port_set_qlimit(mach_task_self(), busy_port, MACH_PORT_QLIMIT_DEFAULT + 2));
  EXPECT(wait_until(&senders_done, 2, PATIENCE));
}

CONFORMS(mach_msg, "the death of the port ends the wait of a blocked sender") {
  busy_port = make_port();
  (void)fill_queue(busy_port);
  start_sender((void *)1);
  kill_port(busy_port);
  EXPECT(wait_until(&senders_done, 1, PATIENCE));
}

CONFORMS(mach_msg, MACH_SEND_INTERRUPTED,
         "with MACH_SEND_INTERRUPT thread_abort ends a blocked send") {
  mach_port_t thread;
  busy_port = make_port();
  (void)fill_queue(busy_port);
  sender_options = MACH_SEND_INTERRUPT;
  thread = start_thread(block_in_send, (void *)1);
  wait_until_blocked(thread);
  REQUIRE_SUCCESS(thread_abort(thread));
  EXPECT(wait_until(&senders_done, 1, PATIENCE));
  EXPECT_EQUAL(blocked_result, MACH_SEND_INTERRUPTED);
  EXPECT_EQUAL(status_of(busy_port).mps_msgcount, MACH_PORT_QLIMIT_DEFAULT);
}

static volatile unsigned returned_type;

static void block_with_right(void *argument) {
  struct message m;
  start_message(&m, busy_port, MACH_MSG_TYPE_COPY_SEND, 5);
  add_port(&m, (mach_port_t)argument, MACH_MSG_TYPE_MOVE_RECEIVE);
  blocked_result = send_with(&m, MACH_SEND_INTERRUPT, 0, MACH_PORT_NULL);
  returned_type = type_of(word_of(&m, 0));
  senders_done = 1;
  end_thread();
}

CONFORMS(mach_msg, MACH_SEND_INTERRUPTED, "an interrupted send gives its rights back") {
  mach_port_t thread;
  busy_port = make_port();
  (void)fill_queue(busy_port);
  thread = start_thread(block_with_right, (void *)make_receive());
  wait_until_blocked(thread);
  REQUIRE_SUCCESS(thread_abort(thread));
  EXPECT(wait_until(&senders_done, 1, PATIENCE));
  EXPECT_EQUAL(blocked_result, MACH_SEND_INTERRUPTED);
  EXPECT_EQUAL(returned_type, MACH_PORT_TYPE_RECEIVE);
}

CONFORMS(mach_msg, "without MACH_SEND_INTERRUPT an interrupted send goes on") {
  struct message m;
  mach_port_t thread;
  unsigned count;
  unsigned i;
  busy_port = make_port();
  count = fill_queue(busy_port);
  thread = start_thread(block_in_send, (void *)44);
  wait_until_blocked(thread);
  REQUIRE_SUCCESS(thread_abort(thread));
  wait_until_blocked(thread);
  REQUIRE_SUCCESS(thread_abort(thread));
  wait_until_blocked(thread);
  EXPECT_EQUAL(senders_done, 0);
  for (i = 0; i <= count; i++) REQUIRE_EQUAL(receive_message(&m, busy_port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 44);
  EXPECT(wait_until(&senders_done, 1, PATIENCE));
  EXPECT_EQUAL(blocked_result, MACH_MSG_SUCCESS);
  EXPECT(is_empty(busy_port));
}

/* ---- MACH_SEND_CANCEL ---- */

CONFORMS(mach_msg, "MACH_SEND_CANCEL cancels the dead-name request of the right it takes") {
  struct message m;
  const mach_port_t port = make_receive();
  const mach_port_t notify = make_receive();
  const mach_port_t once = make_send_once(port);
  request_dead_name(once, notify);
  start_message(&m, once, MACH_MSG_TYPE_MOVE_SEND_ONCE, 1);
  REQUIRE_EQUAL(send_with(&m, MACH_SEND_CANCEL, 0, notify), MACH_MSG_SUCCESS);
  EXPECT(is_empty(notify));
  EXPECT_EQUAL(status_of(notify).mps_sorights, 0);
}

CONFORMS(mach_msg,
         "another notify port, or no MACH_SEND_CANCEL, gives a port-deleted notification") {
  struct message m;
  const mach_port_t port = make_receive();
  const mach_port_t notify = make_receive();
  const mach_port_t other = make_receive();
  mach_port_t once = make_send_once(port);
  request_dead_name(once, notify);
  start_message(&m, once, MACH_MSG_TYPE_MOVE_SEND_ONCE, 1);
  REQUIRE_EQUAL(send_with(&m, MACH_SEND_CANCEL, 0, other), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_PORT_DELETED), once);
  once = make_send_once(port);
  request_dead_name(once, notify);
  start_message(&m, once, MACH_MSG_TYPE_MOVE_SEND_ONCE, 1);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_PORT_DELETED), once);
}

CONFORMS(mach_msg, MACH_SEND_INVALID_NOTIFY,
         "MACH_SEND_CANCEL needs a receive right and does nothing else") {
  struct message m;
  const mach_port_t port = make_receive();
  const mach_port_t once = make_send_once(port);
  start_message(&m, once, MACH_MSG_TYPE_MOVE_SEND_ONCE, 1);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_CANCEL, 0, MACH_PORT_NULL), MACH_SEND_INVALID_NOTIFY);
  EXPECT_EQUAL(send_with(&m, MACH_SEND_CANCEL, 0, once), MACH_SEND_INVALID_NOTIFY);
  EXPECT_EQUAL(type_of(once), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT(is_empty(port));
}
