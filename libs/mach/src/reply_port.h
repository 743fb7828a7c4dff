/* The reply port of the calling thread (libmach.a), for who makes and ends threads. */
#ifndef LIBS_MACH_SRC_REPLY_PORT_H_
#define LIBS_MACH_SRC_REPLY_PORT_H_

#include <mach/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Gives the calling thread, which has none, a receive right as reply port. */
void mig_adopt_reply_port(mach_port_t reply_port);

/* Takes the reply port away from the calling thread; MACH_PORT_NULL when it has none. */
mach_port_t mig_take_reply_port(void);

#ifdef __cplusplus
}
#endif

#endif
