#include <mach.h>

#include "libs/mach/src/msg_destroy.h"

typedef boolean_t (*demux_t)(mach_msg_header_t *in_msg, mach_msg_header_t *out_msg);

/* What to do with a reply before the next request is received. */
enum answer { SEND_REPLY, NO_REPLY };

/* Lets demux answer the request; the reply is ready to be sent when there is one. */
static enum answer handle(demux_t demux, mach_msg_header_t *request, mach_msg_header_t *reply) {
  mig_reply_header_t *result = (mig_reply_header_t *)(void *)reply;

  (void)(*demux)(request, reply);
  if ((reply->msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0 && result->RetCode != KERN_SUCCESS) {
    if (result->RetCode == MIG_NO_REPLY) return NO_REPLY;
    /* The request was refused as it came; its reply right is needed for saying so. */
    request->msgh_remote_port = MACH_PORT_NULL;
    mach_msg_destroy(request);
  }
  return MACH_PORT_VALID(reply->msgh_remote_port) ? SEND_REPLY : NO_REPLY;
}

/*
 * Never waits for a client that does not take its answer: replies go to send-once rights; for a
 * plain send right a full queue counts as a client that is gone.
 */
static mach_msg_option_t send_options(const mach_msg_header_t *reply) {
  const boolean_t once =
      MACH_MSGH_BITS_REMOTE(reply->msgh_bits) == MACH_MSG_TYPE_MOVE_SEND_ONCE;
  return once ? MACH_SEND_MSG : MACH_SEND_MSG | MACH_SEND_TIMEOUT;
}

static boolean_t reply_was_undeliverable(mach_msg_return_t result) {
  return result == MACH_SEND_INVALID_DEST || result == MACH_SEND_TIMED_OUT;
}

static mach_msg_return_t serve(demux_t demux, mach_msg_size_t max_size, mach_port_t rcv_name,
                               mach_msg_option_t options, mach_msg_timeout_t timeout,
                               mach_msg_header_t *request, mach_msg_header_t *reply) {
  const mach_msg_option_t receive = MACH_RCV_MSG | options;
  mach_msg_return_t result =
      mach_msg(request, receive, 0, max_size, rcv_name, timeout, MACH_PORT_NULL);

  while (result == MACH_MSG_SUCCESS) {
    if (handle(demux, request, reply) == SEND_REPLY) {
      mach_msg_header_t *other = request;
      mach_msg_option_t send = send_options(reply);
      /* One trap answers and fetches the next request, which takes the reply's buffer. */
      if ((send & MACH_SEND_TIMEOUT) == 0) {
        request = reply;
        reply = other;
        result = mach_msg(request, send | receive, request->msgh_size, max_size, rcv_name,
                          timeout, MACH_PORT_NULL);
        if (!reply_was_undeliverable(result)) continue;
        mach_msg_release(request, MESSAGE_UNSENT);
      } else {
        result = mach_msg(reply, send, reply->msgh_size, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL);
        if (reply_was_undeliverable(result))
          mach_msg_release(reply, MESSAGE_UNSENT);
        else if (result != MACH_MSG_SUCCESS)
          return result;
      }
    }
    result = mach_msg(request, receive, 0, max_size, rcv_name, timeout, MACH_PORT_NULL);
  }
  return result;
}

mach_msg_return_t mach_msg_server_timeout(demux_t demux, mach_msg_size_t max_size,
                                          mach_port_t rcv_name, mach_msg_option_t options,
                                          mach_msg_timeout_t timeout) {
  const vm_size_t buffer_size = round_page(max_size);
  vm_address_t buffers = 0;
  mach_msg_return_t result;

  result = vm_allocate(mach_task_self(), &buffers, 2 * buffer_size, TRUE);
  if (result != KERN_SUCCESS) return result;
  result = serve(demux, max_size, rcv_name, options, timeout, (mach_msg_header_t *)buffers,
                 (mach_msg_header_t *)(buffers + buffer_size));
  (void)vm_deallocate(mach_task_self(), buffers, 2 * buffer_size);
  return result;
}

mach_msg_return_t mach_msg_server(demux_t demux, mach_msg_size_t max_size,
                                  mach_port_t rcv_name) {
  return mach_msg_server_timeout(demux, max_size, rcv_name, MACH_MSG_OPTION_NONE,
                                 MACH_MSG_TIMEOUT_NONE);
}
