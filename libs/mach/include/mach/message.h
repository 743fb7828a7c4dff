/*
 * Messages: layout, options, results and the calls that move them (book chapter 2, appendix D).
 * A message is a 24-byte header followed by typed items, each a type descriptor and its data,
 * padded to four bytes.
 */
#ifndef MACH_MESSAGE_H_
#define MACH_MESSAGE_H_

#include <mach/kern_return.h>
#include <mach/port.h>

typedef natural_t mach_msg_timeout_t; /* milliseconds */
#define MACH_MSG_TIMEOUT_NONE ((mach_msg_timeout_t)0)

/*
 * msgh_bits: what kinds of right the remote and the local port fields carry, and whether the body
 * holds rights or out-of-line memory (without COMPLEX it is taken as plain data).
 */
typedef unsigned int mach_msg_bits_t;
#define MACH_MSGH_BITS_ZERO 0x00000000u
#define MACH_MSGH_BITS_REMOTE_MASK 0x000000ffu
#define MACH_MSGH_BITS_LOCAL_MASK 0x0000ff00u
#define MACH_MSGH_BITS_PORTS_MASK (MACH_MSGH_BITS_REMOTE_MASK | MACH_MSGH_BITS_LOCAL_MASK)
#define MACH_MSGH_BITS_COMPLEX 0x80000000u
#define MACH_MSGH_BITS_CIRCULAR 0x40000000u      /* internal: stripped from sent messages */
#define MACH_MSGH_BITS_COMPLEX_PORTS 0x20000000u /* internal */
#define MACH_MSGH_BITS_COMPLEX_DATA 0x10000000u  /* internal */
#define MACH_MSGH_BITS_MIGRATED 0x08000000u      /* internal */
#define MACH_MSGH_BITS_UNUSED 0x07ff0000u        /* must be zero */
#define MACH_MSGH_BITS(remote, local) ((mach_msg_bits_t)(remote) | ((mach_msg_bits_t)(local) << 8))
#define MACH_MSGH_BITS_REMOTE(bits) ((bits) & MACH_MSGH_BITS_REMOTE_MASK)
#define MACH_MSGH_BITS_LOCAL(bits) (((bits) & MACH_MSGH_BITS_LOCAL_MASK) >> 8)
#define MACH_MSGH_BITS_PORTS(bits) ((bits) & MACH_MSGH_BITS_PORTS_MASK)
#define MACH_MSGH_BITS_OTHER(bits) ((bits) & ~MACH_MSGH_BITS_PORTS_MASK)

typedef unsigned int mach_msg_size_t; /* bytes, a multiple of four */
typedef integer_t mach_msg_id_t;

/*
 * Sending: remote is the destination, local the reply port. In a received message the two are
 * exchanged: local tells at which port the message arrived (a name, not a right), remote carries
 * the reply right, which now belongs to the receiver.
 */
typedef struct {
  mach_msg_bits_t msgh_bits;
  mach_msg_size_t msgh_size;
  mach_port_t msgh_remote_port;
  mach_port_t msgh_local_port;
  mach_port_seqno_t msgh_seqno; /* ignored when sent */
  mach_msg_id_t msgh_id;        /* not looked at by the kernel's message path */
} mach_msg_header_t;
#define msgh_kind msgh_seqno

/* Values of msgt_name. */
typedef unsigned int mach_msg_type_name_t;
#define MACH_MSG_TYPE_UNSTRUCTURED 0
#define MACH_MSG_TYPE_BIT 0
#define MACH_MSG_TYPE_BOOLEAN 0
#define MACH_MSG_TYPE_INTEGER_16 1
#define MACH_MSG_TYPE_INTEGER_32 2
#define MACH_MSG_TYPE_CHAR 8
#define MACH_MSG_TYPE_BYTE 9
#define MACH_MSG_TYPE_INTEGER_8 9
#define MACH_MSG_TYPE_REAL 10
#define MACH_MSG_TYPE_INTEGER_64 11
#define MACH_MSG_TYPE_STRING 12
#define MACH_MSG_TYPE_STRING_C 12
#define MACH_MSG_TYPE_PORT_NAME 15 /* a port's name without a right */
#define MACH_MSG_TYPE_MOVE_RECEIVE 16
#define MACH_MSG_TYPE_MOVE_SEND 17
#define MACH_MSG_TYPE_MOVE_SEND_ONCE 18
#define MACH_MSG_TYPE_COPY_SEND 19
#define MACH_MSG_TYPE_MAKE_SEND 20
#define MACH_MSG_TYPE_MAKE_SEND_ONCE 21
/* What a received right is: the disposition of the sender is gone. */
#define MACH_MSG_TYPE_PORT_RECEIVE MACH_MSG_TYPE_MOVE_RECEIVE
#define MACH_MSG_TYPE_PORT_SEND MACH_MSG_TYPE_MOVE_SEND
#define MACH_MSG_TYPE_PORT_SEND_ONCE MACH_MSG_TYPE_MOVE_SEND_ONCE
#define MACH_MSG_TYPE_LAST MACH_MSG_TYPE_MAKE_SEND_ONCE
/* MIG only: the caller, or the received message, tells the type. */
#define MACH_MSG_TYPE_POLYMORPHIC ((mach_msg_type_name_t)-1)

#define MACH_MSG_TYPE_PORT_ANY(x) \
  (((x) >= MACH_MSG_TYPE_MOVE_RECEIVE) && ((x) <= MACH_MSG_TYPE_MAKE_SEND_ONCE))
#define MACH_MSG_TYPE_PORT_ANY_SEND(x) \
  (((x) >= MACH_MSG_TYPE_MOVE_SEND) && ((x) <= MACH_MSG_TYPE_MAKE_SEND_ONCE))
#define MACH_MSG_TYPE_PORT_ANY_RIGHT(x) \
  (((x) >= MACH_MSG_TYPE_MOVE_RECEIVE) && ((x) <= MACH_MSG_TYPE_MOVE_SEND_ONCE))

typedef unsigned int mach_msg_type_size_t;   /* bits of one element */
typedef natural_t mach_msg_type_number_t;    /* number of elements */

/* Short type descriptor. <mach/message_bits.h> builds the word in C++ constant expressions. */
typedef struct {
  unsigned int msgt_name : 8,    /* MACH_MSG_TYPE_... */
      msgt_size : 8,             /* bits of an element */
      msgt_number : 12,          /* elements */
      msgt_inline : 1,           /* data follows; else its address does */
      msgt_longform : 1,         /* this is a mach_msg_type_long_t */
      msgt_deallocate : 1,       /* out of line only: unmap from the sender */
      msgt_unused : 1;           /* zero */
} mach_msg_type_t;
#define MACH_MSG_TYPE_NUMBER_MAX 4095u /* most elements a short descriptor can count */

/* Long type descriptor; in its header only the inline, longform and deallocate bits are set. */
typedef struct {
  mach_msg_type_t msgtl_header;
  unsigned short msgtl_name;
  unsigned short msgtl_size;
  natural_t msgtl_number;
} mach_msg_type_long_t;

/* Options of mach_msg. */
typedef integer_t mach_msg_option_t;
#define MACH_MSG_OPTION_NONE 0x00000000
#define MACH_SEND_MSG 0x00000001
#define MACH_RCV_MSG 0x00000002
#define MACH_SEND_TIMEOUT 0x00000010
#define MACH_SEND_NOTIFY 0x00000020    /* queue anyhow, notify when accepted */
#define MACH_SEND_INTERRUPT 0x00000040 /* do not retry an interrupted send (library) */
#define MACH_SEND_CANCEL 0x00000080
#define MACH_RCV_TIMEOUT 0x00000100
#define MACH_RCV_NOTIFY 0x00000200
#define MACH_RCV_INTERRUPT 0x00000400 /* do not retry an interrupted receive (library) */
#define MACH_RCV_LARGE 0x00000800     /* leave a message that does not fit in the queue */
#define MACH_SEND_ALWAYS 0x00010000   /* kernel only: ignore the queue limit */

/* Results of mach_msg. */
typedef kern_return_t mach_msg_return_t;
#define MACH_MSG_SUCCESS 0x00000000

/* Or-ed to a result: which resource was short. */
#define MACH_MSG_MASK 0x00003c00
#define MACH_MSG_IPC_SPACE 0x00002000
#define MACH_MSG_VM_SPACE 0x00001000
#define MACH_MSG_IPC_KERNEL 0x00000800
#define MACH_MSG_VM_KERNEL 0x00000400

#define MACH_SEND_IN_PROGRESS 0x10000001
#define MACH_SEND_INVALID_DATA 0x10000002
#define MACH_SEND_INVALID_DEST 0x10000003
#define MACH_SEND_TIMED_OUT 0x10000004
#define MACH_SEND_WILL_NOTIFY 0x10000005
#define MACH_SEND_NOTIFY_IN_PROGRESS 0x10000006
#define MACH_SEND_INTERRUPTED 0x10000007
#define MACH_SEND_MSG_TOO_SMALL 0x10000008
#define MACH_SEND_INVALID_REPLY 0x10000009
#define MACH_SEND_INVALID_RIGHT 0x1000000a
#define MACH_SEND_INVALID_NOTIFY 0x1000000b
#define MACH_SEND_INVALID_MEMORY 0x1000000c
#define MACH_SEND_NO_BUFFER 0x1000000d
#define MACH_SEND_NO_NOTIFY 0x1000000e
#define MACH_SEND_INVALID_TYPE 0x1000000f
#define MACH_SEND_INVALID_HEADER 0x10000010

#define MACH_RCV_IN_PROGRESS 0x10004001
#define MACH_RCV_INVALID_NAME 0x10004002
#define MACH_RCV_TIMED_OUT 0x10004003
#define MACH_RCV_TOO_LARGE 0x10004004
#define MACH_RCV_INTERRUPTED 0x10004005
#define MACH_RCV_PORT_CHANGED 0x10004006
#define MACH_RCV_INVALID_NOTIFY 0x10004007
#define MACH_RCV_INVALID_DATA 0x10004008
#define MACH_RCV_PORT_DIED 0x10004009
#define MACH_RCV_IN_SET 0x1000400a
#define MACH_RCV_HEADER_ERROR 0x1000400b
#define MACH_RCV_BODY_ERROR 0x1000400c

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Sends, receives, or sends and then receives one message in the same buffer (book chapter 2).
 *   msg        4-byte aligned buffer; send_size and rcv_size are bytes (0 when unused)
 *   rcv_name   port or port set to receive from, else MACH_PORT_NULL
 *   timeout    milliseconds, used with MACH_SEND_TIMEOUT and MACH_RCV_TIMEOUT
 *   notify     port used with MACH_SEND_NOTIFY, MACH_SEND_CANCEL and MACH_RCV_NOTIFY
 * A successful send consumes the rights and (deallocate) memory the message names; a successful
 * receive gives the caller the reply right and everything in the body. A failed send skips the
 * receive. Interrupted operations are repeated unless MACH_{SEND,RCV}_INTERRUPT is given.
 */
mach_msg_return_t mach_msg(mach_msg_header_t *msg, mach_msg_option_t option,
                           mach_msg_size_t send_size, mach_msg_size_t rcv_size,
                           mach_port_t rcv_name, mach_msg_timeout_t timeout, mach_port_t notify);

/* The bare trap: as mach_msg, but reports an interruption instead of repeating. */
mach_msg_return_t mach_msg_trap(mach_msg_header_t *msg, mach_msg_option_t option,
                                mach_msg_size_t send_size, mach_msg_size_t rcv_size,
                                mach_port_t rcv_name, mach_msg_timeout_t timeout,
                                mach_port_t notify);

/* mach_msg with MACH_RCV_MSG alone; size and port are taken from msgh_size, msgh_local_port. */
mach_msg_return_t mach_msg_receive(mach_msg_header_t *header);

/* mach_msg with MACH_SEND_MSG alone; the size is taken from msgh_size. */
mach_msg_return_t mach_msg_send(mach_msg_header_t *header);

#ifdef __cplusplus
}
#endif

#endif
