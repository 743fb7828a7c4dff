/* Between traps.S and mach_msg.c. */
#ifndef LIBS_MACH_SRC_MACH_MSG_RESULT_H_
#define LIBS_MACH_SRC_MACH_MSG_RESULT_H_

#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Finishes a mach_msg whose trap answered `result`, not success: repeats what was interrupted
 * unless the options forbid it. The convention lets mach_msg jump here with its own arguments
 * still on the stack: result in EAX.
 */
__attribute__((regparm(1))) mach_msg_return_t mach_msg_result(
    mach_msg_return_t result, mach_msg_header_t *msg, mach_msg_option_t option,
    mach_msg_size_t send_size, mach_msg_size_t rcv_size, mach_port_t rcv_name,
    mach_msg_timeout_t timeout, mach_port_t notify);

#ifdef __cplusplus
}
#endif

#endif
