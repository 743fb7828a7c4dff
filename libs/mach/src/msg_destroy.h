/* Releasing what messages carry. */
#ifndef LIBS_MACH_SRC_MSG_DESTROY_H_
#define LIBS_MACH_SRC_MSG_DESTROY_H_

#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Received: everything in it is ours. Unsent: memory it would not have deallocated stays. */
enum message_state { MESSAGE_RECEIVED, MESSAGE_UNSENT };

/* Releases the remote right and the rights and memory of the body. */
void mach_msg_release(mach_msg_header_t *msg, enum message_state state);

#ifdef __cplusplus
}
#endif

#endif
