#include "libs/mach/src/spoiled_port.h"

#include <mach.h>
#include <mach/message.h>

/* The request of mach_port_destroy. */
#define DESTROY_ID 3205

void mig_destroy_spoiled_port(mach_port_t port) {
  static const mach_msg_type_t name_type = {MACH_MSG_TYPE_PORT_NAME, 32, 1, TRUE, 0, 0, 0};
  struct {
    mach_msg_header_t head;
    mach_msg_type_t type;
    mach_port_t name;
  } request;

  request.head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0);
  request.head.msgh_size = sizeof(request);
  request.head.msgh_remote_port = mach_task_self();
  request.head.msgh_local_port = MACH_PORT_NULL;
  request.head.msgh_seqno = 0;
  request.head.msgh_id = DESTROY_ID;
  request.type = name_type;
  request.name = port;
  (void)mach_msg(&request.head, MACH_SEND_MSG, sizeof(request), 0, MACH_PORT_NULL,
                 MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
}
