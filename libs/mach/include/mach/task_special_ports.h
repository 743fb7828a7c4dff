/* Special ports of a task (book chapter 7). The calls are in <mach/mach_interface.h>. */
#ifndef MACH_TASK_SPECIAL_PORTS_H_
#define MACH_TASK_SPECIAL_PORTS_H_

#define TASK_KERNEL_PORT 1    /* what mach_task_self answers */
#define TASK_EXCEPTION_PORT 3 /* exceptions the thread's own port did not take */
#define TASK_BOOTSTRAP_PORT 4 /* where a task asks for everything else */

/*
 * Ports that mach_ports_register keeps for a task: what each is for, and how many there can be (the
 * book's name for that number, and the classic one).
 */
#define NAME_SERVER_SLOT 0 /* the network name server */
#define ENVIRONMENT_SLOT 1 /* the environment manager */
#define SERVICE_SLOT 2     /* the service server */
#define MACH_PORT_SLOTS_USED 4
#define TASK_PORT_REGISTER_MAX MACH_PORT_SLOTS_USED

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
