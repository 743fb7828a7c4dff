/* Network devices: status, packet messages and packet filters (book chapter 10). */
#ifndef DEVICE_NET_STATUS_H_
#define DEVICE_NET_STATUS_H_

#include <device/device_types.h>
#include <mach/message.h>

/* Flavors of device_get_status. */
#define NET_STATUS (('n' << 16) + 1)
#define NET_ADDRESS (('n' << 16) + 2)    /* hardware address, in network byte order */
#define NET_DSTADDR (('n' << 16) + 3)

struct net_status {
  int min_packet_size; /* bytes */
  int max_packet_size;
  int header_format;   /* HDR_... */
  int header_size;
  int address_size;
  int flags;           /* IFF_... of the driver */
  int mapped_size;     /* of a mappable device, else 0 */
};
typedef struct net_status net_status_data_t;
#define NET_STATUS_COUNT (sizeof(struct net_status) / sizeof(int))

#define HDR_ETHERNET 1
#define HDR_PRO4MB 2
#define HDR_FDDI 5
#define HDR_LOOPBACK 6

/* Filter words: operator in the high six bits, what to push in the low ten. */
#define NET_MAX_FILTER 128
#define NET_FILTER_STACK_DEPTH 32
typedef unsigned short filter_t;
typedef filter_t filter_array_t[NET_MAX_FILTER];
typedef filter_t *filter_ptr_t;

#define NETF_NBPA 10
#define NETF_NBPO 6
#define NETF_ARG(word) ((word) & 0x3ff)
#define NETF_OP(word) (((word) >> NETF_NBPA) & 0x3f)

#define NETF_NOPUSH 0
#define NETF_PUSHLIT 1     /* the next word of the filter */
#define NETF_PUSHZERO 2
#define NETF_PUSHIND 14    /* data word whose index is popped */
#define NETF_PUSHHDRIND 15 /* header word whose index is popped */
#define NETF_PUSHWORD 16   /* + n: data word n */
#define NETF_PUSHHDR 960   /* + n: header word n */
#define NETF_PUSHSTK 992   /* + n: stack word n from the top */

#define NETF_NOP (0 << NETF_NBPA)
#define NETF_EQ (1 << NETF_NBPA)
#define NETF_LT (2 << NETF_NBPA)
#define NETF_LE (3 << NETF_NBPA)
#define NETF_GT (4 << NETF_NBPA)
#define NETF_GE (5 << NETF_NBPA)
#define NETF_AND (6 << NETF_NBPA)
#define NETF_OR (7 << NETF_NBPA)
#define NETF_XOR (8 << NETF_NBPA)
#define NETF_COR (9 << NETF_NBPA)    /* accept at once if equal */
#define NETF_CAND (10 << NETF_NBPA)  /* reject at once if not equal */
#define NETF_CNOR (11 << NETF_NBPA)  /* reject at once if equal */
#define NETF_CNAND (12 << NETF_NBPA) /* accept at once if not equal */
#define NETF_NEQ (13 << NETF_NBPA)
#define NETF_LSH (14 << NETF_NBPA)
#define NETF_RSH (15 << NETF_NBPA)
#define NETF_ADD (16 << NETF_NBPA)
#define NETF_SUB (17 << NETF_NBPA)
#define NETF_BPF (63 << NETF_NBPA)

/* A filter of at least this priority sees packets first and alone. */
#define NET_HI_PRI 100

/* A received packet: header, then data led by struct packet_header. */
#define NET_RCV_MSG_ID 2999
#define NET_HDW_HDR_MAX 64
#define NET_RCV_MAX 4095

struct packet_header {
  unsigned short length; /* of the data, with this structure */
  unsigned short type;   /* as on the wire */
};

struct net_rcv_msg {
  mach_msg_header_t msg_hdr;
  mach_msg_type_t header_type;
  char header[NET_HDW_HDR_MAX];
  mach_msg_type_t packet_type;
  char packet[NET_RCV_MAX];
};
typedef struct net_rcv_msg *net_rcv_msg_t;

#endif
