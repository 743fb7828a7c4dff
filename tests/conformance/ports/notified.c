#include "tests/conformance/ports/notified.h"

struct notified notified;
kern_return_t notified_result = KERN_SUCCESS;

static kern_return_t note_call(mach_msg_id_t id, mach_port_t notify, mach_port_seqno_t seqno,
                               unsigned value) {
  notified.calls++;
  notified.id = id;
  notified.notify = notify;
  notified.seqno = seqno;
  notified.value = value;
  return notified_result;
}

kern_return_t do_mach_notify_port_deleted(notify_port_t notify, mach_port_name_t name) {
  return note_call(MACH_NOTIFY_PORT_DELETED, notify, NO_SEQNO, name);
}
kern_return_t do_mach_notify_msg_accepted(notify_port_t notify, mach_port_name_t name) {
  return note_call(MACH_NOTIFY_MSG_ACCEPTED, notify, NO_SEQNO, name);
}
kern_return_t do_mach_notify_port_destroyed(notify_port_t notify, mach_port_receive_t rights) {
  return note_call(MACH_NOTIFY_PORT_DESTROYED, notify, NO_SEQNO, rights);
}
kern_return_t do_mach_notify_no_senders(notify_port_t notify, mach_port_mscount_t mscount) {
  return note_call(MACH_NOTIFY_NO_SENDERS, notify, NO_SEQNO, mscount);
}
kern_return_t do_mach_notify_send_once(notify_port_t notify) {
  return note_call(MACH_NOTIFY_SEND_ONCE, notify, NO_SEQNO, 0);
}
kern_return_t do_mach_notify_dead_name(notify_port_t notify, mach_port_name_t name) {
  return note_call(MACH_NOTIFY_DEAD_NAME, notify, NO_SEQNO, name);
}

kern_return_t do_seqnos_mach_notify_port_deleted(notify_port_t notify, mach_port_seqno_t seqno,
                                                 mach_port_name_t name) {
  return note_call(MACH_NOTIFY_PORT_DELETED, notify, seqno, name);
}
kern_return_t do_seqnos_mach_notify_msg_accepted(notify_port_t notify, mach_port_seqno_t seqno,
                                                 mach_port_name_t name) {
  return note_call(MACH_NOTIFY_MSG_ACCEPTED, notify, seqno, name);
}
kern_return_t do_seqnos_mach_notify_port_destroyed(notify_port_t notify, mach_port_seqno_t seqno,
                                                   mach_port_receive_t rights) {
  return note_call(MACH_NOTIFY_PORT_DESTROYED, notify, seqno, rights);
}
kern_return_t do_seqnos_mach_notify_no_senders(notify_port_t notify, mach_port_seqno_t seqno,
                                               mach_port_mscount_t mscount) {
  return note_call(MACH_NOTIFY_NO_SENDERS, notify, seqno, mscount);
}
kern_return_t do_seqnos_mach_notify_send_once(notify_port_t notify, mach_port_seqno_t seqno) {
  return note_call(MACH_NOTIFY_SEND_ONCE, notify, seqno, 0);
}
kern_return_t do_seqnos_mach_notify_dead_name(notify_port_t notify, mach_port_seqno_t seqno,
                                              mach_port_name_t name) {
  return note_call(MACH_NOTIFY_DEAD_NAME, notify, seqno, name);
}

void demultiplex(mach_port_t port, boolean_t (*demux)(mach_msg_header_t *, mach_msg_header_t *),
                 mach_msg_id_t id, mach_port_seqno_t seqno) {
  struct message in;
  struct message out;
  const unsigned calls = notified.calls;
  REQUIRE_EQUAL(receive_message(&in, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL((*demux)(&in.head, &out.head), TRUE);
  EXPECT_EQUAL(notified.calls, calls + 1);
  EXPECT_EQUAL(notified.id, id);
  EXPECT_EQUAL(notified.notify, port);
  EXPECT_EQUAL(notified.seqno, seqno);
}

void request(mach_port_t name, mach_msg_id_t variant, mach_port_mscount_t sync,
             mach_port_t notify) {
  mach_port_t previous = MACH_PORT_DEAD;
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), name, variant, sync, notify,
                                                 MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  EXPECT_EQUAL(previous, MACH_PORT_NULL);
}
