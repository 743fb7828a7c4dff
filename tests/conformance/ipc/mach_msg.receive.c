/* Receiving: ports, sets, sizes, time-outs, the name of the port, and MACH_RCV_NOTIFY. */
#include "tests/conformance/support/messages.h"

#include <mach/mach_host.h>
#include <mach/mach_traps.h>

static void post(mach_port_t port, int id) {
  struct message m;
  make_simple(&m, port, id);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
}

static void join(mach_port_t port, mach_port_t set) {
  REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), port, set));
}

CONFORMS(mach_msg, MACH_RCV_INVALID_NAME, "no receive right and no port set") {
  struct message m;
  mach_port_t send = make_port();
  const mach_port_t once = make_send_once(send);
  EXPECT_EQUAL(receive_message(&m, MACH_PORT_NULL), MACH_RCV_INVALID_NAME);
  EXPECT_EQUAL(receive_message(&m, MACH_PORT_DEAD), MACH_RCV_INVALID_NAME);
  EXPECT_EQUAL(receive_message(&m, unused_name()), MACH_RCV_INVALID_NAME);
  EXPECT_EQUAL(receive_message(&m, once), MACH_RCV_INVALID_NAME);
  EXPECT_EQUAL(receive_message(&m, mach_task_self()), MACH_RCV_INVALID_NAME);
  kill_port(send);
  EXPECT_EQUAL(receive_message(&m, send), MACH_RCV_INVALID_NAME);
}

CONFORMS(mach_msg, MACH_RCV_IN_SET, "a member is received from through its set only") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  post(port, 3);
  join(port, set);
  EXPECT_EQUAL(receive_message(&m, port), MACH_RCV_IN_SET);
  EXPECT_EQUAL(receive_message(&m, set), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_local_port, port);
  EXPECT_EQUAL(m.head.msgh_id, 3);
}

CONFORMS(mach_msg, MACH_RCV_TIMED_OUT, "nothing comes, at once and after a while, port and set") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  EXPECT_EQUAL(receive_with(&m, MACH_RCV_TIMEOUT, port, sizeof(m), 0, 0), MACH_RCV_TIMED_OUT);
  EXPECT_EQUAL(receive_with(&m, MACH_RCV_TIMEOUT, port, sizeof(m), 60, 0), MACH_RCV_TIMED_OUT);
  EXPECT_EQUAL(receive_with(&m, MACH_RCV_TIMEOUT, set, sizeof(m), 0, 0), MACH_RCV_TIMED_OUT);
  EXPECT_EQUAL(receive_with(&m, MACH_RCV_TIMEOUT, set, sizeof(m), 60, 0), MACH_RCV_TIMED_OUT);
  post(port, 1);
  EXPECT_EQUAL(receive_with(&m, MACH_RCV_TIMEOUT, port, sizeof(m), 0, 0), MACH_MSG_SUCCESS);
}

CONFORMS(mach_msg, "send and receive time-outs use the same argument independently") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t empty = make_port();
  make_simple(&m, port, 1);
  EXPECT_EQUAL(mach_msg(&m.head,
                        MACH_SEND_MSG | MACH_SEND_TIMEOUT | MACH_RCV_MSG | MACH_RCV_TIMEOUT,
                        m.head.msgh_size, sizeof(m), empty, 30, 0),
               MACH_RCV_TIMED_OUT);
  EXPECT_EQUAL(status_of(port).mps_msgcount, 1);
}

CONFORMS(mach_msg,
         "a port set without members may be received from; members join during the wait") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  EXPECT_EQUAL(receive_with(&m, MACH_RCV_TIMEOUT, set, sizeof(m), 10, 0), MACH_RCV_TIMED_OUT);
  post(port, 8);
  join(port, set);
  EXPECT_EQUAL(receive_with(&m, MACH_RCV_TIMEOUT, set, sizeof(m), 0, 0), MACH_MSG_SUCCESS);
}

CONFORMS(mach_msg, "no member of a set is starved; each message has its port's sequence number") {
  struct message m;
  mach_port_t ports[3];
  unsigned received[3] = {0, 0, 0};
  const mach_port_t set = make_set();
  unsigned i;
  unsigned k;
  for (i = 0; i < 3; i++) {
    ports[i] = make_port();
    join(ports[i], set);
    (void)fill_queue(ports[i]);
  }
  for (k = 0; k < 30; k++) {
    REQUIRE_EQUAL(receive_message(&m, set), MACH_MSG_SUCCESS);
    for (i = 0; i < 3; i++) {
      if (m.head.msgh_local_port != ports[i]) continue;
      EXPECT_EQUAL(m.head.msgh_seqno, received[i]);
      received[i]++;
      post(ports[i], 0);
    }
  }
  for (i = 0; i < 3; i++) EXPECT(received[i] >= 5);
  EXPECT_EQUAL(received[0] + received[1] + received[2], 30);
}

CONFORMS(mach_msg, MACH_RCV_TOO_LARGE,
         "with MACH_RCV_LARGE the message stays and its size is told") {
  struct message m;
  const mach_port_t port = make_port();
  post(port, 5);
  m.head.msgh_size = 0;
  EXPECT_EQUAL(receive_with(&m, MACH_RCV_LARGE | MACH_RCV_TIMEOUT, port, 28, 0, 0),
               MACH_RCV_TOO_LARGE);
  EXPECT_EQUAL(m.head.msgh_size, 32);
  EXPECT_EQUAL(status_of(port).mps_msgcount, 1);
  EXPECT_EQUAL(status_of(port).mps_seqno, 0);
  REQUIRE_EQUAL(receive_with(&m, MACH_RCV_LARGE, port, 32, 0, 0), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 5);
}

CONFORMS(mach_msg, MACH_RCV_TOO_LARGE, "without it the message is destroyed but for its header") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t watched = make_receive();
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 17);
  set_reply(&m, watched, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_port(&m, watched, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  m.head.msgh_id = 0;
  EXPECT_EQUAL(receive_with(&m, MACH_RCV_TIMEOUT, port, 28, 0, 0), MACH_RCV_TOO_LARGE);
  EXPECT_EQUAL(m.head.msgh_id, 17);
  EXPECT_EQUAL(m.head.msgh_size, 32);
  EXPECT_EQUAL(m.head.msgh_local_port, port);
  EXPECT_EQUAL(m.head.msgh_remote_port, MACH_PORT_NULL);
  EXPECT_EQUAL(m.head.msgh_seqno, 0);
  (void)expect_notification(watched, MACH_NOTIFY_SEND_ONCE);
  (void)expect_notification(watched, MACH_NOTIFY_SEND_ONCE);
  EXPECT(is_empty(port));
}

CONFORMS(mach_msg, MACH_RCV_INVALID_DATA,
         "a buffer that cannot be written; the rights have arrived") {
  struct message m;
  vm_address_t page = 0;
  const mach_port_t port = make_port();
  const mach_port_t inner = make_receive();
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &page, vm_page_size, TRUE));
  REQUIRE_SUCCESS(vm_protect(mach_task_self(), page, vm_page_size, FALSE, VM_PROT_READ));
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, inner, MACH_MSG_TYPE_MAKE_SEND);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(mach_msg((mach_msg_header_t *)page, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, vm_page_size,
                        port, 0, 0),
               MACH_RCV_INVALID_DATA);
  EXPECT_EQUAL(type_of(inner), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT(is_empty(port));
}

/* ---- A thread that waits in a receive ---- */

static mach_port_t wait_port;
static mach_msg_option_t wait_options;
static volatile int wait_result;
static volatile int wait_done;
static struct message waited;

static void wait_in_receive(void *argument) {
  (void)argument;
  wait_result = receive_with(&waited, wait_options, wait_port, sizeof(waited), 0, MACH_PORT_NULL);
  wait_done = 1;
  end_thread();
}

static mach_port_t start_waiting(mach_port_t port, mach_msg_option_t options) {
  mach_port_t thread;
  wait_port = port;
  wait_options = options;
  wait_result = -1;
  wait_done = 0;
  thread = start_thread(wait_in_receive, 0);
  REQUIRE(thread != MACH_PORT_NULL);
  wait_until_blocked(thread);
  EXPECT_EQUAL(wait_done, 0);
  return thread;
}

static void expect_wait_to_end_with(mach_msg_return_t result) {
  EXPECT(wait_until(&wait_done, 1, PATIENCE));
  EXPECT_EQUAL(wait_result, result);
}

CONFORMS(mach_msg, MACH_MSG_SUCCESS, "a receiver blocks until a message comes, port and set") {
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  (void)start_waiting(port, 0);
  post(port, 1);
  expect_wait_to_end_with(MACH_MSG_SUCCESS);
  (void)start_waiting(set, 0);
  join(port, set);
  pause_for(20);
  EXPECT_EQUAL(wait_done, 0);
  post(port, 2);
  expect_wait_to_end_with(MACH_MSG_SUCCESS);
  EXPECT_EQUAL(waited.head.msgh_id, 2);
  EXPECT_EQUAL(waited.head.msgh_local_port, port);
  EXPECT_EQUAL(waited.head.msgh_seqno, 1);
}

CONFORMS(mach_msg, "a member with messages that joins the set ends the wait") {
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  post(port, 9);
  (void)start_waiting(set, 0);
  join(port, set);
  expect_wait_to_end_with(MACH_MSG_SUCCESS);
  EXPECT_EQUAL(waited.head.msgh_id, 9);
}

CONFORMS(mach_msg, MACH_RCV_INTERRUPTED, "with MACH_RCV_INTERRUPT thread_abort ends the receive") {
  const mach_port_t thread = start_waiting(make_port(), MACH_RCV_INTERRUPT);
  REQUIRE_SUCCESS(thread_abort(thread));
  expect_wait_to_end_with(MACH_RCV_INTERRUPTED);
}

CONFORMS(mach_msg, "without MACH_RCV_INTERRUPT an interrupted receive goes on") {
  const mach_port_t port = make_port();
  const mach_port_t thread = start_waiting(port, 0);
  REQUIRE_SUCCESS(thread_abort(thread));
  pause_for(50);
  EXPECT_EQUAL(wait_done, 0);
  post(port, 6);
  expect_wait_to_end_with(MACH_MSG_SUCCESS);
  EXPECT_EQUAL(waited.head.msgh_id, 6);
}

CONFORMS(mach_msg, MACH_RCV_PORT_DIED, "the port is destroyed") {
  const mach_port_t port = make_port();
  (void)start_waiting(port, 0);
  REQUIRE_SUCCESS(mach_port_destroy(mach_task_self(), port));
  expect_wait_to_end_with(MACH_RCV_PORT_DIED);
}

CONFORMS(mach_msg, MACH_RCV_PORT_DIED, "the receive right is sent away") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t to = make_port();
  (void)start_waiting(port, 0);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, port, MACH_MSG_TYPE_MOVE_RECEIVE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  expect_wait_to_end_with(MACH_RCV_PORT_DIED);
}

CONFORMS(mach_msg, MACH_RCV_PORT_DIED,
         "the port set is destroyed; the death of a member is no end") {
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  join(port, set);
  (void)start_waiting(set, 0);
  REQUIRE_SUCCESS(mach_port_destroy(mach_task_self(), port));
  pause_for(20);
  EXPECT_EQUAL(wait_done, 0);
  REQUIRE_SUCCESS(mach_port_destroy(mach_task_self(), set));
  expect_wait_to_end_with(MACH_RCV_PORT_DIED);
}

CONFORMS(mach_msg, MACH_RCV_PORT_CHANGED, "the port is moved into a set") {
  const mach_port_t port = make_port();
  (void)start_waiting(port, 0);
  join(port, make_set());
  expect_wait_to_end_with(MACH_RCV_PORT_CHANGED);
}

CONFORMS(mach_msg, "a port that leaves the set is not received from through it") {
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  join(port, set);
  (void)start_waiting(set, 0);
  join(port, MACH_PORT_NULL);
  post(port, 1);
  pause_for(30);
  EXPECT_EQUAL(wait_done, 0);
  join(port, set);
  expect_wait_to_end_with(MACH_MSG_SUCCESS);
}

CONFORMS(mach_msg, "a right renamed during the receive shows its new name") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t name = unused_name();
  (void)start_waiting(port, 0);
  REQUIRE_SUCCESS(mach_port_rename(mach_task_self(), port, name));
  make_simple(&m, name, 4);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  expect_wait_to_end_with(MACH_MSG_SUCCESS);
  EXPECT_EQUAL(waited.head.msgh_local_port, name);
}

/* The waiting thread gets a message, but does not run before `change` has been done. */
static void change_after_dequeue(mach_port_t port, mach_port_t reply, void (*change)(mach_port_t)) {
  struct message m;
  const mach_port_t thread = start_waiting(port, 0);
  REQUIRE_SUCCESS(thread_priority(thread, 30, FALSE));
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 4);
  if (reply != MACH_PORT_NULL) set_reply(&m, reply, MACH_MSG_TYPE_COPY_SEND);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  (*change)(port);
  expect_wait_to_end_with(MACH_MSG_SUCCESS);
}

static void destroy(mach_port_t port) {
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1));
}

static void give_away(mach_port_t port) {
  REQUIRE_SUCCESS(mach_port_insert_right(make_empty_task(), 0x5000, port,
                                         MACH_MSG_TYPE_MOVE_RECEIVE));
}

CONFORMS(mach_msg, "the right destroyed between de-queue and receive: both names are dead") {
  const mach_port_t port = make_port();
  change_after_dequeue(port, port, destroy);
  /* Header atomicity: received before (both the port) or after (both dead), never mixed. */
  EXPECT_EQUAL(waited.head.msgh_local_port, waited.head.msgh_remote_port);
  EXPECT(waited.head.msgh_local_port == MACH_PORT_DEAD || waited.head.msgh_local_port == port);
}

CONFORMS(mach_msg, "the right given away between de-queue and receive: the name is null") {
  const mach_port_t port = make_port();
  change_after_dequeue(port, MACH_PORT_NULL, give_away);
  EXPECT(waited.head.msgh_local_port == MACH_PORT_NULL || waited.head.msgh_local_port == port);
}

/* ---- MACH_RCV_NOTIFY ---- */

static void post_with_reply(mach_port_t port, mach_port_t reply, unsigned type) {
  struct message m;
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 3);
  set_reply(&m, reply, type);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
}

CONFORMS(mach_msg, "MACH_RCV_NOTIFY requests a dead-name notification for a new reply right") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t reply = make_receive();
  const mach_port_t notify = make_receive();
  mach_port_t name;
  post_with_reply(port, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  REQUIRE_EQUAL(receive_with(&m, MACH_RCV_NOTIFY, port, sizeof(m), 0, notify), MACH_MSG_SUCCESS);
  name = m.head.msgh_remote_port;
  EXPECT_EQUAL(type_of(name), MACH_PORT_TYPE_SEND_ONCE | MACH_PORT_TYPE_DNREQUEST);
  kill_port(reply);
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_DEAD_NAME), name);
  EXPECT_EQUAL(refs_of(name, MACH_PORT_RIGHT_DEAD_NAME), 2);
}

CONFORMS(mach_msg, "MACH_RCV_NOTIFY requests nothing when the reply right is not a new name") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t reply = make_port();
  const mach_port_t notify = make_receive();
  post_with_reply(port, reply, MACH_MSG_TYPE_COPY_SEND);
  REQUIRE_EQUAL(receive_with(&m, MACH_RCV_NOTIFY, port, sizeof(m), 0, notify), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(type_of(reply), MACH_PORT_TYPE_SEND_RECEIVE);
  post(port, 1);
  REQUIRE_EQUAL(receive_with(&m, MACH_RCV_NOTIFY, port, sizeof(m), 0, notify), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(status_of(notify).mps_sorights, 0);
}

CONFORMS(mach_msg,
         "MACH_RCV_NOTIFY: a reply port already dead arrives as dead, without a request") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t reply = make_receive();
  const mach_port_t notify = make_receive();
  post_with_reply(port, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  kill_port(reply);
  REQUIRE_EQUAL(receive_with(&m, MACH_RCV_NOTIFY, port, sizeof(m), 0, notify), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_remote_port, MACH_PORT_DEAD);
  EXPECT(is_empty(notify));
  EXPECT_EQUAL(status_of(notify).mps_sorights, 0);
}

CONFORMS(mach_msg, "an answer with MACH_SEND_CANCEL takes the request of MACH_RCV_NOTIFY back") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t reply = make_receive();
  const mach_port_t notify = make_receive();
  post_with_reply(port, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  REQUIRE_EQUAL(receive_with(&m, MACH_RCV_NOTIFY, port, sizeof(m), 0, notify), MACH_MSG_SUCCESS);
  start_message(&m, m.head.msgh_remote_port, MACH_MSG_TYPE_MOVE_SEND_ONCE, 103);
  REQUIRE_EQUAL(send_with(&m, MACH_SEND_CANCEL, 0, notify), MACH_MSG_SUCCESS);
  EXPECT(is_empty(notify));
  REQUIRE_EQUAL(receive_message(&m, reply), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 103);
}

CONFORMS(mach_msg, MACH_RCV_INVALID_NOTIFY,
         "MACH_RCV_NOTIFY without a receive right destroys the message") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t reply = make_receive();
  post_with_reply(port, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  EXPECT_EQUAL(receive_with(&m, MACH_RCV_NOTIFY, port, sizeof(m), 0, MACH_PORT_NULL),
               MACH_RCV_INVALID_NOTIFY);
  EXPECT(is_empty(port));
  (void)expect_notification(reply, MACH_NOTIFY_SEND_ONCE);
}

CONFORMS(mach_msg,
         "without MACH_RCV_MSG the options of receiving are ignored, and the other way round") {
  struct message m;
  const mach_port_t port = make_port();
  make_simple(&m, port, 1);
  EXPECT_EQUAL(send_with(&m, MACH_RCV_NOTIFY | MACH_RCV_LARGE | MACH_RCV_TIMEOUT, 0, 99),
               MACH_MSG_SUCCESS);
  EXPECT_EQUAL(receive_with(&m, MACH_SEND_NOTIFY | MACH_SEND_CANCEL | MACH_SEND_TIMEOUT, port,
                            sizeof(m), 0, 99),
               MACH_MSG_SUCCESS);
}

/* ---- Between tasks ---- */

static volatile int *answer;

static void serve_one(void *argument) {
  struct message m;
  const mach_port_t port = (mach_port_t)argument;
  if (receive_message(&m, port) == MACH_MSG_SUCCESS && word_of(&m, 0) == 21) {
    const mach_port_t reply = m.head.msgh_remote_port;
    start_message(&m, reply, MACH_MSG_TYPE_MOVE_SEND_ONCE, 121);
    add_integer(&m, 42);
    *answer = send_message(&m) == MACH_MSG_SUCCESS && type_of(reply) == 0 ? 1 : 2;
  }
  pause_for(500);
}

static mach_port_t start_server(mach_port_t *port) {
  mach_port_t thread;
  mach_port_t task;
  answer = shared_memory(sizeof(*answer));
  *port = make_port();
  task = start_task(serve_one, (void *)0x5000, &thread);
  REQUIRE(task != MACH_PORT_NULL);
  REQUIRE_SUCCESS(thread_suspend(thread));
  REQUIRE_SUCCESS(mach_port_insert_right(task, 0x5000, *port, MACH_MSG_TYPE_MOVE_RECEIVE));
  REQUIRE_SUCCESS(thread_resume(thread));
  return task;
}

CONFORMS(mach_msg, "a request and its answer between two tasks, in one call each") {
  struct message m;
  mach_port_t port;
  const mach_port_t reply = make_receive();
  (void)start_server(&port);
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 21);
  set_reply(&m, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_integer(&m, 21);
  REQUIRE_EQUAL(mach_msg(&m.head, MACH_SEND_MSG | MACH_RCV_MSG | MACH_RCV_TIMEOUT, m.head.msgh_size,
                         sizeof(m), reply, PATIENCE, 0),
                MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, 121);
  EXPECT_EQUAL(word_of(&m, 0), 42);
  EXPECT_EQUAL(m.head.msgh_local_port, reply);
  EXPECT_EQUAL(m.head.msgh_bits, MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE));
  EXPECT_EQUAL(m.head.msgh_seqno, 0);
  EXPECT(wait_until(answer, 1, PATIENCE));
}

CONFORMS(mach_msg, "a server that ends gives its client a send-once notification as the answer") {
  struct message m;
  mach_port_t port;
  const mach_port_t reply = make_receive();
  const mach_port_t task = start_server(&port);
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 21);
  set_reply(&m, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_integer(&m, 22); /* not what it answers */
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  pause_for(50);
  REQUIRE_SUCCESS(task_terminate(task));
  (void)expect_notification(reply, MACH_NOTIFY_SEND_ONCE);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_DEAD_NAME);
}
