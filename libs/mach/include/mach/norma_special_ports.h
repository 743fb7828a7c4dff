/* Special ports of a node (book appendix B). */
#ifndef MACH_NORMA_SPECIAL_PORTS_H_
#define MACH_NORMA_SPECIAL_PORTS_H_

#define NORMA_DEVICE_PORT 1
#define NORMA_HOST_PORT 2
#define NORMA_HOST_PRIV_PORT 3
#define NORMA_NAMESERVER_PORT 4
#define NORMA_HOST_PAGING_PORT 5
#define MAX_SPECIAL_KERNEL_ID 3 /* ids up to this one are set by the kernel only */
#define MAX_SPECIAL_ID 32

#define norma_get_device_port(host, node, port) \
  (norma_get_special_port((host), (node), NORMA_DEVICE_PORT, (port)))
#define norma_set_device_port(host, node, port) \
  (norma_set_special_port((host), (node), NORMA_DEVICE_PORT, (port)))
#define norma_get_host_port(host, node, port) \
  (norma_get_special_port((host), (node), NORMA_HOST_PORT, (port)))
#define norma_set_host_port(host, node, port) \
  (norma_set_special_port((host), (node), NORMA_HOST_PORT, (port)))
#define norma_get_host_priv_port(host, node, port) \
  (norma_get_special_port((host), (node), NORMA_HOST_PRIV_PORT, (port)))
#define norma_set_host_priv_port(host, node, port) \
  (norma_set_special_port((host), (node), NORMA_HOST_PRIV_PORT, (port)))
#define norma_get_host_paging_port(host, node, port) \
  (norma_get_special_port((host), (node), NORMA_HOST_PAGING_PORT, (port)))
#define norma_set_host_paging_port(host, node, port) \
  (norma_set_special_port((host), (node), NORMA_HOST_PAGING_PORT, (port)))
#define norma_get_nameserver_port(host, node, port) \
  (norma_get_special_port((host), (node), NORMA_NAMESERVER_PORT, (port)))
#define norma_set_nameserver_port(host, node, port) \
  (norma_set_special_port((host), (node), NORMA_NAMESERVER_PORT, (port)))

#endif
