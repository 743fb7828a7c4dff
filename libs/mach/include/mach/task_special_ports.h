/* Special ports of a task (book chapter 7). The calls are in <mach/mach_interface.h>. */
#ifndef MACH_TASK_SPECIAL_PORTS_H_
#define MACH_TASK_SPECIAL_PORTS_H_

#define TASK_KERNEL_PORT 1    /* what mach_task_self answers */
#define TASK_EXCEPTION_PORT 3 /* exceptions the thread's own port did not take */
#define TASK_BOOTSTRAP_PORT 4 /* where a task asks for everything else */

/* Most ports mach_ports_register keeps for a task. */
#define TASK_PORT_REGISTER_MAX 4

#define task_get_kernel_port(task, port) (task_get_special_port((task), TASK_KERNEL_PORT, (port)))
#define task_set_kernel_port(task, port) (task_set_special_port((task), TASK_KERNEL_PORT, (port)))
#define task_get_exception_port(task, port) \
  (task_get_special_port((task), TASK_EXCEPTION_PORT, (port)))
#define task_set_exception_port(task, port) \
  (task_set_special_port((task), TASK_EXCEPTION_PORT, (port)))
#define task_get_bootstrap_port(task, port) \
  (task_get_special_port((task), TASK_BOOTSTRAP_PORT, (port)))
#define task_set_bootstrap_port(task, port) \
  (task_set_special_port((task), TASK_BOOTSTRAP_PORT, (port)))

#endif
