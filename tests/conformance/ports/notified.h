/* What the do_mach_notify_... functions of this program were called with last. */
#ifndef TESTS_CONFORMANCE_PORTS_NOTIFIED_H_
#define TESTS_CONFORMANCE_PORTS_NOTIFIED_H_

#include <mach/notify_server.h>

#include "tests/conformance/support/messages.h"

#define NO_SEQNO 0xffffffffu /* called in the form without a sequence number */

struct notified {
  unsigned calls;
  mach_msg_id_t id; /* which function */
  mach_port_t notify;
  mach_port_seqno_t seqno;
  unsigned value; /* name, right or count */
};

extern struct notified notified;
/* What the functions return. */
extern kern_return_t notified_result;

/*
 * Receives a notification from port and hands it to a demultiplexer, which must call a function
 * once and say so; then checks the call's port, sequence number and, unless it is the new name of
 * a right, value.
 */
void demultiplex(mach_port_t port, boolean_t (*demux)(mach_msg_header_t *, mach_msg_header_t *),
                 mach_msg_id_t id, mach_port_seqno_t seqno);
/* The same in both forms: without number, then, for the next notification, with it. */
#define PLAIN(port, id) demultiplex(port, notify_server, id, NO_SEQNO)
#define NUMBERED(port, id, seqno) demultiplex(port, seqnos_notify_server, id, seqno)

/* mach_port_request_notification with a send-once right made from notify, checked. */
void request(mach_port_t name, mach_msg_id_t variant, mach_port_mscount_t sync, mach_port_t notify);

#endif
