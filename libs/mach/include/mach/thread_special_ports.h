/* Special ports of a thread (book chapter 6). The calls are in <mach/mach_interface.h>. */
#ifndef MACH_THREAD_SPECIAL_PORTS_H_
#define MACH_THREAD_SPECIAL_PORTS_H_

#define THREAD_KERNEL_PORT 1    /* what mach_thread_self answers */
#define THREAD_EXCEPTION_PORT 3 /* first receiver of the thread's exceptions */

#define thread_get_kernel_port(thread, port) \
  (thread_get_special_port((thread), THREAD_KERNEL_PORT, (port)))
#define thread_set_kernel_port(thread, port) \
  (thread_set_special_port((thread), THREAD_KERNEL_PORT, (port)))
#define thread_get_exception_port(thread, port) \
  (thread_get_special_port((thread), THREAD_EXCEPTION_PORT, (port)))
#define thread_set_exception_port(thread, port) \
  (thread_set_special_port((thread), THREAD_EXCEPTION_PORT, (port)))

#endif
