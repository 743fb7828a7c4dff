#include <mach/message.h>

#include "libs/mach/src/mach_msg_result.h"

#define LIBRARY_OPTIONS (MACH_SEND_INTERRUPT | MACH_RCV_INTERRUPT)

__attribute__((regparm(1))) mach_msg_return_t mach_msg_result(
    mach_msg_return_t result, mach_msg_header_t *msg, mach_msg_option_t option,
    mach_msg_size_t send_size, mach_msg_size_t rcv_size, mach_port_t rcv_name,
    mach_msg_timeout_t timeout, mach_port_t notify) {
  const mach_msg_option_t kernel_options = option & ~LIBRARY_OPTIONS;

  /* The interrupted message was returned to the buffer: the whole call can be repeated. */
  while (result == MACH_SEND_INTERRUPTED && (option & MACH_SEND_INTERRUPT) == 0)
    result = mach_msg_trap(msg, kernel_options, send_size, rcv_size, rcv_name, timeout, notify);

  /* Once receiving, the message has been sent. */
  while (result == MACH_RCV_INTERRUPTED && (option & MACH_RCV_INTERRUPT) == 0)
    result = mach_msg_trap(msg, kernel_options & ~MACH_SEND_MSG, 0, rcv_size, rcv_name, timeout,
                           notify);
  return result;
}

mach_msg_return_t mach_msg_receive(mach_msg_header_t *header) {
  return mach_msg(header, MACH_RCV_MSG, 0, header->msgh_size, header->msgh_local_port,
                  MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
}

mach_msg_return_t mach_msg_send(mach_msg_header_t *header) {
  return mach_msg(header, MACH_SEND_MSG, header->msgh_size, 0, MACH_PORT_NULL,
                  MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
}
