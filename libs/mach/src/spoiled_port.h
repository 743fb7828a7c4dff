/* The end of a reply port that a failed call has spoiled. */
#ifndef LIBS_MACH_SRC_SPOILED_PORT_H_
#define LIBS_MACH_SRC_SPOILED_PORT_H_

#include <mach/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Destroys the task's right of that name. Needs no reply port, so it cannot spoil another one: when
 * even this fails (the task's own port is gone, or the kernel has no memory) the right stays.
 */
void mig_destroy_spoiled_port(mach_port_t port);

#ifdef __cplusplus
}
#endif

#endif
