/* The first questions of a server started by the bootstrap task. */
#ifndef MACH_BOOTSTRAP_H_
#define MACH_BOOTSTRAP_H_

#include <mach/kern_return.h>
#include <mach/port.h>

/* Request of 24 bytes; the reply is its header and two (type, port) pairs, without return code. */
#define BOOTSTRAP_PORTS_ID 999999
#define BOOTSTRAP_PORTS_REPLY_ID (BOOTSTRAP_PORTS_ID + 100)

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Asks a bootstrap port for send rights: host control port and device master port. Errors of
 * mach_msg; MIG_REPLY_MISMATCH or MIG_TYPE_ERROR for an odd answer.
 */
kern_return_t bootstrap_ports(mach_port_t bootstrap, mach_port_t *priv_host,
                              mach_port_t *priv_device);

/* The same as message 1000000, answered with a return code. */
kern_return_t bootstrap_privileged_ports(mach_port_t bootstrap, mach_port_t *priv_host,
                                         mach_port_t *priv_device);

#ifdef __cplusplus
}
#endif

#endif
