/*
 * Port names, rights, types and status (book chapter 3, appendix D). A port name is a small word
 * that means something only within one task; clients must assume nothing about its bits.
 */
#ifndef MACH_PORT_H_
#define MACH_PORT_H_

#include <mach/boolean.h>
#include <mach/machine/vm_types.h>

typedef natural_t mach_port_t;
typedef mach_port_t mach_port_name_t; /* a bare name: no right travels with it */
typedef mach_port_t mach_port_receive_t;
typedef mach_port_t mach_port_send_t;
typedef mach_port_t mach_port_send_once_t;
typedef mach_port_t *mach_port_array_t;
typedef mach_port_name_t *mach_port_name_array_t;

#define MACH_PORT_NULL ((mach_port_t)0)
#define MACH_PORT_DEAD ((mach_port_t)0xffffffffu)
#define MACH_PORT_VALID(name) (((name) != MACH_PORT_NULL) && ((name) != MACH_PORT_DEAD))

typedef natural_t mach_port_right_t;
#define MACH_PORT_RIGHT_SEND ((mach_port_right_t)0)
#define MACH_PORT_RIGHT_RECEIVE ((mach_port_right_t)1)
#define MACH_PORT_RIGHT_SEND_ONCE ((mach_port_right_t)2)
#define MACH_PORT_RIGHT_PORT_SET ((mach_port_right_t)3)
#define MACH_PORT_RIGHT_DEAD_NAME ((mach_port_right_t)4)
#define MACH_PORT_RIGHT_NUMBER ((mach_port_right_t)5)

/* What mach_port_type answers: one bit for each right the name denotes, and request bits. */
typedef natural_t mach_port_type_t;
typedef mach_port_type_t *mach_port_type_array_t;
#define MACH_PORT_TYPE(right) ((mach_port_type_t)(((mach_port_type_t)1) << ((right) + 16)))
#define MACH_PORT_TYPE_NONE ((mach_port_type_t)0)
#define MACH_PORT_TYPE_SEND MACH_PORT_TYPE(MACH_PORT_RIGHT_SEND)
#define MACH_PORT_TYPE_RECEIVE MACH_PORT_TYPE(MACH_PORT_RIGHT_RECEIVE)
#define MACH_PORT_TYPE_SEND_ONCE MACH_PORT_TYPE(MACH_PORT_RIGHT_SEND_ONCE)
#define MACH_PORT_TYPE_PORT_SET MACH_PORT_TYPE(MACH_PORT_RIGHT_PORT_SET)
#define MACH_PORT_TYPE_DEAD_NAME MACH_PORT_TYPE(MACH_PORT_RIGHT_DEAD_NAME)
#define MACH_PORT_TYPE_SEND_RECEIVE (MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_RECEIVE)
#define MACH_PORT_TYPE_SEND_RIGHTS (MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_SEND_ONCE)
#define MACH_PORT_TYPE_PORT_RIGHTS (MACH_PORT_TYPE_SEND_RIGHTS | MACH_PORT_TYPE_RECEIVE)
#define MACH_PORT_TYPE_PORT_OR_DEAD (MACH_PORT_TYPE_PORT_RIGHTS | MACH_PORT_TYPE_DEAD_NAME)
#define MACH_PORT_TYPE_ALL_RIGHTS (MACH_PORT_TYPE_PORT_OR_DEAD | MACH_PORT_TYPE_PORT_SET)
#define MACH_PORT_TYPE_DNREQUEST 0x80000000u /* a dead-name notification is requested */
#define MACH_PORT_TYPE_MAREQUEST 0x40000000u /* a msg-accepted notification is requested */
#define MACH_PORT_TYPE_COMPAT 0x20000000u    /* right of the old IPC interface: never set here */

typedef natural_t mach_port_urefs_t;    /* user references, at most MACH_PORT_UREFS_MAX */
typedef integer_t mach_port_delta_t;    /* change of user references */
typedef natural_t mach_port_seqno_t;    /* sequence number of a message within its port */
typedef natural_t mach_port_mscount_t;  /* how often a send right was made */
typedef natural_t mach_port_msgcount_t; /* number of queued messages */
typedef natural_t mach_port_rights_t;   /* number of send-once rights */

#define MACH_PORT_UREFS_MAX 65535u
#define MACH_PORT_QLIMIT_DEFAULT ((mach_port_msgcount_t)5)
#define MACH_PORT_QLIMIT_MAX ((mach_port_msgcount_t)16)

/* What mach_port_get_receive_status answers (nine words). */
typedef struct mach_port_status {
  mach_port_t mps_pset;              /* name of the containing port set, or MACH_PORT_NULL */
  mach_port_seqno_t mps_seqno;       /* number the next received message gets */
  mach_port_mscount_t mps_mscount;   /* make-send count */
  mach_port_msgcount_t mps_qlimit;   /* queue limit */
  mach_port_msgcount_t mps_msgcount; /* messages queued now */
  mach_port_rights_t mps_sorights;   /* send-once rights in existence */
  boolean_t mps_srights;             /* do send rights exist? */
  boolean_t mps_pdrequest;           /* port-destroyed notification requested? */
  boolean_t mps_nsrequest;           /* no-senders notification requested? */
} mach_port_status_t;

#endif
