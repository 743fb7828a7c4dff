/*
 * Notifications the kernel sends (book chapter 3). Decode them with notify_server or
 * seqnos_notify_server and the do_mach_notify_... functions, or by these structures.
 */
#ifndef MACH_NOTIFY_H_
#define MACH_NOTIFY_H_

#include <mach/message.h>
#include <mach/port.h>

#define MACH_NOTIFY_FIRST 64
#define MACH_NOTIFY_PORT_DELETED (MACH_NOTIFY_FIRST + 1)   /* a right was removed: name */
#define MACH_NOTIFY_MSG_ACCEPTED (MACH_NOTIFY_FIRST + 2)   /* forced message queued: name */
#define MACH_NOTIFY_PORT_DESTROYED (MACH_NOTIFY_FIRST + 5) /* carries the receive right */
#define MACH_NOTIFY_NO_SENDERS (MACH_NOTIFY_FIRST + 6)     /* last send right gone: mscount */
#define MACH_NOTIFY_SEND_ONCE (MACH_NOTIFY_FIRST + 7)      /* send-once right destroyed */
#define MACH_NOTIFY_DEAD_NAME (MACH_NOTIFY_FIRST + 8)      /* port died: name, one more ref */
#define MACH_NOTIFY_LAST (MACH_NOTIFY_FIRST + 15)

typedef mach_port_t notify_port_t;

typedef struct {
  mach_msg_header_t not_header;
  mach_msg_type_t not_type; /* MACH_MSG_TYPE_PORT_NAME */
  mach_port_t not_port;
} mach_port_deleted_notification_t;

typedef struct {
  mach_msg_header_t not_header;
  mach_msg_type_t not_type; /* MACH_MSG_TYPE_PORT_NAME */
  mach_port_t not_port;
} mach_msg_accepted_notification_t;

typedef struct {
  mach_msg_header_t not_header;
  mach_msg_type_t not_type; /* MACH_MSG_TYPE_PORT_RECEIVE */
  mach_port_t not_port;
} mach_port_destroyed_notification_t;

typedef struct {
  mach_msg_header_t not_header;
  mach_msg_type_t not_type; /* MACH_MSG_TYPE_INTEGER_32 */
  mach_port_mscount_t not_count;
} mach_no_senders_notification_t;

typedef struct {
  mach_msg_header_t not_header;
} mach_send_once_notification_t;

typedef struct {
  mach_msg_header_t not_header;
  mach_msg_type_t not_type; /* MACH_MSG_TYPE_PORT_NAME */
  mach_port_t not_port;
} mach_dead_name_notification_t;

#endif
