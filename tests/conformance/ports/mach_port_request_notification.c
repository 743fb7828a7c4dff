#include "tests/conformance/ports/notified.h"
#include "tests/conformance/support/shortage.h"

static mach_port_t previous;

static kern_return_t ask(mach_port_t name, mach_msg_id_t variant, mach_port_mscount_t sync,
                         mach_port_t notify) {
  previous = MACH_PORT_DEAD;
  return mach_port_request_notification(mach_task_self(), name, variant, sync, notify,
                                        MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous);
}

static kern_return_t cancel(mach_port_t name, mach_msg_id_t variant) {
  previous = MACH_PORT_DEAD;
  return mach_port_request_notification(mach_task_self(), name, variant, 0, MACH_PORT_NULL,
                                        MACH_MSG_TYPE_MOVE_SEND_ONCE, &previous);
}

CONFORMS(mach_port_request_notification, KERN_SUCCESS,
         "an atomic swap: the right registered before comes back, null cancels") {
  static const mach_msg_id_t variants[] = {MACH_NOTIFY_PORT_DESTROYED, MACH_NOTIFY_NO_SENDERS,
                                           MACH_NOTIFY_DEAD_NAME};
  unsigned i;
  for (i = 0; i < 3; i++) {
    const mach_port_t port = make_port();
    const mach_port_t first = make_receive();
    const mach_port_t second = make_receive();
    EXPECT_SUCCESS(ask(port, variants[i], 0, first));
    EXPECT_EQUAL(previous, MACH_PORT_NULL);
    EXPECT_EQUAL(status_of(first).mps_sorights, 1);
    EXPECT_SUCCESS(ask(port, variants[i], 0, second));
    EXPECT_EQUAL(type_of(previous), MACH_PORT_TYPE_SEND_ONCE);
    EXPECT_SUCCESS(mach_port_deallocate(mach_task_self(), previous));
    (void)expect_notification(first, MACH_NOTIFY_SEND_ONCE);
    EXPECT_SUCCESS(cancel(port, variants[i]));
    EXPECT_EQUAL(type_of(previous), MACH_PORT_TYPE_SEND_ONCE);
    EXPECT_SUCCESS(cancel(port, variants[i]));
    EXPECT_EQUAL(previous, MACH_PORT_NULL);
    kill_port(port);
    EXPECT(is_empty(second) && is_empty(first));
  }
}

CONFORMS(mach_port_request_notification, KERN_SUCCESS, "a send-once right moved into the request") {
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  const mach_port_t once = make_send_once(notify);
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_DEAD_NAME, 0,
                                                 once, MACH_MSG_TYPE_MOVE_SEND_ONCE, &previous));
  EXPECT_EQUAL(type_of(once), 0);
  kill_port(port);
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_DEAD_NAME), port);
}

CONFORMS(mach_port_request_notification, "dead name: for send, receive and send-once rights") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  const mach_port_t once = make_send_once(port);
  EXPECT_SUCCESS(ask(port, MACH_NOTIFY_DEAD_NAME, 0, notify));
  EXPECT_SUCCESS(ask(once, MACH_NOTIFY_DEAD_NAME, 0, notify));
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, 1));
  kill_port(port);
  {
    const mach_port_t first = expect_notification(notify, MACH_NOTIFY_DEAD_NAME);
    const mach_port_t second = expect_notification(notify, MACH_NOTIFY_DEAD_NAME);
    EXPECT((first == port && second == once) || (first == once && second == port));
  }
  /* One reference more than there were send rights. */
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_DEAD_NAME), 3);
  EXPECT_EQUAL(refs_of(once, MACH_PORT_RIGHT_DEAD_NAME), 2);
}

CONFORMS(mach_port_request_notification,
         "dead name: the bit is shown, and goes with the notification") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  EXPECT_SUCCESS(ask(port, MACH_NOTIFY_DEAD_NAME, 0, notify));
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE | MACH_PORT_TYPE_DNREQUEST);
  kill_port(port);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_DEAD_NAME);
}

CONFORMS(mach_port_request_notification,
         "dead name: sync tells whether a dead name is notified at once") {
  const mach_port_t notify = make_receive();
  const mach_port_t dead = make_dead_name();
  EXPECT_SUCCESS(ask(dead, MACH_NOTIFY_DEAD_NAME, 1, notify));
  EXPECT_EQUAL(previous, MACH_PORT_NULL);
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_DEAD_NAME), dead);
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), 2);
  EXPECT_EQUAL(type_of(dead), MACH_PORT_TYPE_DEAD_NAME);
}

CONFORMS(mach_port_request_notification, KERN_INVALID_ARGUMENT,
         "a dead name, but no sync or no notify") {
  const mach_port_t notify = make_receive();
  const mach_port_t dead = make_dead_name();
  EXPECT_EQUAL(ask(dead, MACH_NOTIFY_DEAD_NAME, 0, notify), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(cancel(dead, MACH_NOTIFY_DEAD_NAME), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(mach_port_request_notification(mach_task_self(), dead, MACH_NOTIFY_DEAD_NAME, 1,
                                              MACH_PORT_NULL, MACH_MSG_TYPE_MOVE_SEND_ONCE,
                                              &previous),
               KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), 1);
}

CONFORMS(mach_port_request_notification, KERN_UREFS_OVERFLOW,
         "a dead name with as many references as there can be") {
  const mach_port_t notify = make_receive();
  const mach_port_t dead = make_dead_name();
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), dead, MACH_PORT_RIGHT_DEAD_NAME,
                                     (mach_port_delta_t)MACH_PORT_UREFS_MAX - 1));
  EXPECT_EQUAL(ask(dead, MACH_NOTIFY_DEAD_NAME, 1, notify), KERN_UREFS_OVERFLOW);
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), MACH_PORT_UREFS_MAX);
}

CONFORMS(mach_port_request_notification,
         "no senders: at once when there are none and sync is reached") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_receive();
  EXPECT_SUCCESS(ask(port, MACH_NOTIFY_NO_SENDERS, 0, notify));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_NO_SENDERS), 0);
  EXPECT(!status_of(port).mps_nsrequest);
  EXPECT_SUCCESS(ask(port, MACH_NOTIFY_NO_SENDERS, 1, notify));
  EXPECT(is_empty(notify));
  EXPECT(status_of(port).mps_nsrequest);
  REQUIRE_SUCCESS(mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_MAKE_SEND));
  REQUIRE_SUCCESS(mach_port_deallocate(mach_task_self(), port));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_NO_SENDERS), 1);
}

CONFORMS(mach_port_request_notification,
         "no senders: a request before is returned even if this one is met at once") {
  const mach_port_t first = make_receive();
  const mach_port_t second = make_receive();
  const mach_port_t port = make_receive();
  EXPECT_SUCCESS(ask(port, MACH_NOTIFY_NO_SENDERS, 1, first));
  EXPECT_SUCCESS(ask(port, MACH_NOTIFY_NO_SENDERS, 0, second));
  EXPECT_EQUAL(type_of(previous), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT_EQUAL(expect_notification(second, MACH_NOTIFY_NO_SENDERS), 0);
  EXPECT(is_empty(first));
}

CONFORMS(mach_port_request_notification,
         "no senders: the request stays with a receive right that moves") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  const mach_port_t child = make_empty_task();
  EXPECT_SUCCESS(ask(port, MACH_NOTIFY_NO_SENDERS, 0, notify));
  REQUIRE_SUCCESS(mach_port_insert_right(child, 0x5000, port, MACH_MSG_TYPE_MOVE_RECEIVE));
  EXPECT(is_empty(notify));
  REQUIRE_SUCCESS(mach_port_deallocate(mach_task_self(), port));
  EXPECT_EQUAL(expect_notification(notify, MACH_NOTIFY_NO_SENDERS), 0);
}

CONFORMS(mach_port_request_notification,
         "requests of a port that dies turn into send-once notifications") {
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_receive();
  EXPECT_SUCCESS(ask(port, MACH_NOTIFY_NO_SENDERS, 1, notify));
  kill_port(port);
  (void)expect_notification(notify, MACH_NOTIFY_SEND_ONCE);
}

CONFORMS(mach_port_request_notification, KERN_INVALID_VALUE,
         "no such variant; port destroyed with sync") {
  static const mach_msg_id_t wrong[] = {0, MACH_NOTIFY_PORT_DELETED, MACH_NOTIFY_MSG_ACCEPTED,
                                        MACH_NOTIFY_SEND_ONCE, MACH_NOTIFY_LAST, -1};
  const mach_port_t notify = make_receive();
  const mach_port_t port = make_port();
  unsigned i;
  for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    EXPECT_EQUAL(ask(port, wrong[i], 0, notify), KERN_INVALID_VALUE);
    (void)expect_notification(notify, MACH_NOTIFY_SEND_ONCE);
  }
  EXPECT_EQUAL(ask(port, MACH_NOTIFY_PORT_DESTROYED, 1, notify), KERN_INVALID_VALUE);
}

CONFORMS(mach_port_request_notification, KERN_INVALID_NAME, "the name denotes nothing") {
  const mach_port_t notify = make_receive();
  EXPECT_EQUAL(ask(unused_name(), MACH_NOTIFY_DEAD_NAME, 0, notify), KERN_INVALID_NAME);
  EXPECT_EQUAL(ask(unused_name(), MACH_NOTIFY_NO_SENDERS, 0, notify), KERN_INVALID_NAME);
  EXPECT_EQUAL(ask(MACH_PORT_NULL, MACH_NOTIFY_PORT_DESTROYED, 0, notify), KERN_INVALID_NAME);
}

CONFORMS(mach_port_request_notification, KERN_INVALID_RIGHT,
         "the name denotes another kind of right") {
  const mach_port_t notify = make_receive();
  const mach_port_t once = make_send_once(notify);
  EXPECT_EQUAL(ask(make_set(), MACH_NOTIFY_DEAD_NAME, 0, notify), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(ask(once, MACH_NOTIFY_NO_SENDERS, 0, notify), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(ask(mach_task_self(), MACH_NOTIFY_PORT_DESTROYED, 0, notify), KERN_INVALID_RIGHT);
  EXPECT_EQUAL(ask(make_dead_name(), MACH_NOTIFY_NO_SENDERS, 0, notify), KERN_INVALID_RIGHT);
}

CONFORMS(mach_port_request_notification, KERN_INVALID_CAPABILITY, "the notify right is dead") {
  static const mach_msg_id_t variants[] = {MACH_NOTIFY_PORT_DESTROYED, MACH_NOTIFY_NO_SENDERS,
                                           MACH_NOTIFY_DEAD_NAME};
  const mach_port_t port = make_port();
  unsigned i;
  for (i = 0; i < 3; i++) {
    EXPECT_EQUAL(mach_port_request_notification(mach_task_self(), port, variants[i], 0,
                                                MACH_PORT_DEAD, MACH_MSG_TYPE_MOVE_SEND_ONCE,
                                                &previous),
                 KERN_INVALID_CAPABILITY);
    EXPECT_EQUAL(mach_port_request_notification(mach_task_self(), port, variants[i], 0,
                                                make_dead_name(), MACH_MSG_TYPE_MOVE_SEND_ONCE,
                                                &previous),
                 KERN_INVALID_CAPABILITY);
  }
}

CONFORMS(mach_port_request_notification, KERN_INVALID_TASK, "a port that is no task") {
  const mach_port_t notify = make_receive();
  EXPECT_EQUAL(mach_port_request_notification(no_task(), make_port(), MACH_NOTIFY_DEAD_NAME, 0,
                                              notify, MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous),
               KERN_INVALID_TASK);
}

CONFORMS(mach_port_request_notification, KERN_RESOURCE_SHORTAGE,
         "no kernel memory for the request") {
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  exhaust_kernel_memory();
  free_a_message();
  EXPECT_EQUAL(ask(port, MACH_NOTIFY_DEAD_NAME, 0, notify), KERN_RESOURCE_SHORTAGE);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
}
