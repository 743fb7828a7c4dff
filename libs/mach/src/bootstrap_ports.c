#include <mach.h>
#include <mach/bootstrap.h>
#include <mach/mig_support.h>

struct answer {
  mach_msg_header_t head;
  mach_msg_type_t host_type;
  mach_port_t host;
  mach_msg_type_t device_type;
  mach_port_t device;
};

static boolean_t is_answer(const struct answer *answer) {
  return answer->head.msgh_size == sizeof(*answer) &&
         (answer->head.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 &&
         answer->host_type.msgt_name == MACH_MSG_TYPE_PORT_SEND &&
         answer->device_type.msgt_name == MACH_MSG_TYPE_PORT_SEND;
}

kern_return_t bootstrap_ports(mach_port_t bootstrap, mach_port_t *priv_host,
                              mach_port_t *priv_device) {
  struct answer message;
  const mach_port_t reply_port = mig_get_reply_port();
  kern_return_t result;

  message.head.msgh_bits =
      MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  message.head.msgh_size = sizeof(message.head);
  message.head.msgh_remote_port = bootstrap;
  message.head.msgh_local_port = reply_port;
  message.head.msgh_seqno = 0;
  message.head.msgh_id = BOOTSTRAP_PORTS_ID;
  result = mach_msg(&message.head, MACH_SEND_MSG | MACH_RCV_MSG, sizeof(message.head),
                    sizeof(message), reply_port, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
  if (result != MACH_MSG_SUCCESS) {
    mig_dealloc_reply_port(reply_port);
    return result;
  }
  mig_put_reply_port(reply_port);
  result = message.head.msgh_id != BOOTSTRAP_PORTS_REPLY_ID ? MIG_REPLY_MISMATCH : KERN_SUCCESS;
  if (result == KERN_SUCCESS && !is_answer(&message)) result = MIG_TYPE_ERROR;
  if (result != KERN_SUCCESS) {
    mach_msg_destroy(&message.head);
    return result;
  }
  *priv_host = message.host;
  *priv_device = message.device;
  return KERN_SUCCESS;
}
