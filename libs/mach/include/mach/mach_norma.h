/* Several nodes (book appendix B). Macros for the special ports: <mach/norma_special_ports.h>. */
#ifndef MACH_MACH_NORMA_H_
#define MACH_MACH_NORMA_H_

#include <mach/mach_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where the task's future children are created. */
kern_return_t task_set_child_node(mach_port_t task, int child_node);
/* Number of the host's node. */
kern_return_t norma_node_self(mach_port_t host, int *node);
/* task_create on another node. */
kern_return_t norma_task_create(mach_port_t parent_task, boolean_t inherit_memory, int child_node,
                                mach_port_t *child_task);
/* A special port (NORMA_..._PORT) of a node: new send right. */
kern_return_t norma_get_special_port(mach_port_t host_priv, int node, int which_port,
                                     mach_port_t *special_port);
/* Replaces one; the send right is copied. Ids the kernel sets: KERN_INVALID_ARGUMENT. */
kern_return_t norma_set_special_port(mach_port_t host_priv, int node, int which_port,
                                     mach_port_t special_port);
/* Node where the port probably is. */
kern_return_t norma_port_location_hint(mach_port_t task, mach_port_t port, int *node);

#ifdef __cplusplus
}
#endif

#endif
