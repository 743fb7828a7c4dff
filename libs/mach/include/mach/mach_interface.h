/*
 * Calls on tasks, threads and registered ports (book chapters 3, 6 and 7). Every call here is a
 * remote procedure call: besides the results named, transport (MACH_...) and marshalling (MIG_...)
 * errors are possible, and KERN_INVALID_ARGUMENT when the first port is not of the kind asked for.
 * "Dynamic array" results are allocated in the caller as by vm_allocate; the caller deallocates
 * them, and the rights in them.
 */
#ifndef MACH_MACH_INTERFACE_H_
#define MACH_MACH_INTERFACE_H_

#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach/vm_interface.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Tasks (chapter 7) ---- */

/*
 * Creates a task without threads. With inherit_memory its address space follows the inheritance
 * attributes of the parent's, else it is empty; emulation vector, special and registered ports are
 * inherited. child_task: new send right. KERN_RESOURCE_SHORTAGE.
 */
kern_return_t task_create(mach_port_t parent_task, boolean_t inherit_memory,
                          mach_port_t *child_task);

/* Ends a task: its threads, memory and port rights are destroyed. */
kern_return_t task_terminate(mach_port_t target_task);

/* Adds one to the suspend count: no thread of the task runs while it is above zero. */
kern_return_t task_suspend(mach_port_t target_task);

/* Takes one from the suspend count. KERN_FAILURE when it is zero. */
kern_return_t task_resume(mach_port_t target_task);

/* Threads of a task: dynamic array of send rights. KERN_RESOURCE_SHORTAGE. */
kern_return_t task_threads(mach_port_t target_task, thread_array_t *thread_list,
                           mach_msg_type_number_t *thread_count);

/*
 * Information of one flavor (TASK_..._INFO). task_infoCnt: in, words there is room for; out, words
 * of information. MIG_ARRAY_TOO_LARGE when it did not fit.
 */
kern_return_t task_info(mach_port_t target_task, int flavor, task_info_t task_info,
                        mach_msg_type_number_t *task_infoCnt);

/* A special port (TASK_..._PORT): new send right. Macros: <mach/task_special_ports.h>. */
kern_return_t task_get_special_port(mach_port_t task, int which_port, mach_port_t *special_port);

/* Replaces a special port; the caller's send right is copied. */
kern_return_t task_set_special_port(mach_port_t task, int which_port, mach_port_t special_port);

/*
 * Sets the priority new threads get (0 highest to 31 lowest) and, with change_threads, of those
 * that exist. KERN_FAILURE when the limit of a thread or of the set forbids it.
 */
kern_return_t task_priority(mach_port_t task, int priority, boolean_t change_threads);

/*
 * Handlers of system calls vector_start and following: dynamic array of addresses. A task without
 * handlers answers start 0, count 0. EML_BAD_TASK.
 */
kern_return_t task_get_emulation_vector(mach_port_t task, int *vector_start,
                                        emulation_vector_t *emulation_vector,
                                        mach_msg_type_number_t *emulation_vector_count);

/* Replaces the handlers of consecutive system calls. EML_BAD_TASK, EML_BAD_CNT. */
kern_return_t task_set_emulation_vector(mach_port_t task, int vector_start,
                                        emulation_vector_t emulation_vector,
                                        mach_msg_type_number_t emulation_vector_count);

/* Sets the handler of one system call. EML_BAD_TASK, EML_BAD_CNT. */
kern_return_t task_set_emulation(mach_port_t task, vm_address_t routine_entry_pt,
                                 int syscall_number);

/* Keeps up to TASK_PORT_REGISTER_MAX send rights for the task and its future children. */
kern_return_t mach_ports_register(mach_port_t target_task, mach_port_array_t init_port_set,
                                  mach_msg_type_number_t init_port_array_count);

/* The registered rights: dynamic array of new send rights. */
kern_return_t mach_ports_lookup(mach_port_t target_task, mach_port_array_t *init_port_set,
                                mach_msg_type_number_t *init_port_count);

/* ---- Threads (chapter 6) ---- */

/* Creates a thread, suspended once and with zero registers. child_thread: new send right. */
kern_return_t thread_create(mach_port_t parent_task, mach_port_t *child_thread);

/* Ends a thread. */
kern_return_t thread_terminate(mach_port_t target_thread);

/* Adds one to the suspend count; on return the thread executes no user instruction. */
kern_return_t thread_suspend(mach_port_t target_thread);

/* Takes one from the suspend count. KERN_FAILURE when it is zero. */
kern_return_t thread_resume(mach_port_t target_thread);

/*
 * Breaks off the thread's system trap, page fault or exception, so that its state can be read and
 * set; an interrupted mach_msg answers MACH_SEND_INTERRUPTED or MACH_RCV_INTERRUPTED.
 */
kern_return_t thread_abort(mach_port_t target_thread);

/* Machine state of one flavor; counts as task_info. */
kern_return_t thread_get_state(mach_port_t target_thread, int flavor, thread_state_t old_state,
                               mach_msg_type_number_t *old_stateCnt);

/* Sets the machine state; the thread should be suspended and aborted. */
kern_return_t thread_set_state(mach_port_t target_thread, int flavor, thread_state_t new_state,
                               mach_msg_type_number_t new_stateCnt);

/* Information of one flavor (THREAD_..._INFO); counts as task_info. */
kern_return_t thread_info(mach_port_t target_thread, int flavor, thread_info_t thread_info,
                          mach_msg_type_number_t *thread_infoCnt);

/* A special port (THREAD_..._PORT): new send right. Macros: <mach/thread_special_ports.h>. */
kern_return_t thread_get_special_port(mach_port_t thread, int which_port,
                                      mach_port_t *special_port);

/* Replaces a special port; the caller's send right is copied. */
kern_return_t thread_set_special_port(mach_port_t thread, int which_port,
                                      mach_port_t special_port);

#ifdef __cplusplus
}
#endif

#endif
