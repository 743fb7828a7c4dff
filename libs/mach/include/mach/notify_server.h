/*
 * The server side of notifications (book chapter 3, appendix A): demultiplexers of the library and
 * the functions a program supplies for the ones it uses.
 */
#ifndef MACH_NOTIFY_SERVER_H_
#define MACH_NOTIFY_SERVER_H_

#include <mach/mach_types.h>
#include <mach/notify.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Decode a notification and call the function for it. FALSE: not a notification. */
boolean_t notify_server(mach_msg_header_t *in_msg, mach_msg_header_t *out_msg);
boolean_t seqnos_notify_server(mach_msg_header_t *in_msg, mach_msg_header_t *out_msg);

/* The right of that name was deleted, so the request made for it is void. */
kern_return_t do_mach_notify_port_deleted(notify_port_t notify, mach_port_name_t name);
/* The message sent with MACH_SEND_NOTIFY to that name was accepted. */
kern_return_t do_mach_notify_msg_accepted(notify_port_t notify, mach_port_name_t name);
/* A receive right would have been destroyed; it is the program's now. */
kern_return_t do_mach_notify_port_destroyed(notify_port_t notify, mach_port_receive_t rights);
/* The port has no send rights left; mscount: make-send count at that time. */
kern_return_t do_mach_notify_no_senders(notify_port_t notify, mach_port_mscount_t mscount);
/* A send-once right for the notify port was destroyed without a message. */
kern_return_t do_mach_notify_send_once(notify_port_t notify);
/* The name became a dead name; it has one user reference more. */
kern_return_t do_mach_notify_dead_name(notify_port_t notify, mach_port_name_t name);

/* The same with the sequence number of the message. */
kern_return_t do_seqnos_mach_notify_port_deleted(notify_port_t notify, mach_port_seqno_t seqno,
                                                 mach_port_name_t name);
kern_return_t do_seqnos_mach_notify_msg_accepted(notify_port_t notify, mach_port_seqno_t seqno,
                                                 mach_port_name_t name);
kern_return_t do_seqnos_mach_notify_port_destroyed(notify_port_t notify, mach_port_seqno_t seqno,
                                                   mach_port_receive_t rights);
kern_return_t do_seqnos_mach_notify_no_senders(notify_port_t notify, mach_port_seqno_t seqno,
                                               mach_port_mscount_t mscount);
kern_return_t do_seqnos_mach_notify_send_once(notify_port_t notify, mach_port_seqno_t seqno);
kern_return_t do_seqnos_mach_notify_dead_name(notify_port_t notify, mach_port_seqno_t seqno,
                                              mach_port_name_t name);

#ifdef __cplusplus
}
#endif

#endif
