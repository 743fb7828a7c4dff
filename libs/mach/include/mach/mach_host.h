/*
 * Calls on the host, processors and processor sets, scheduling and wiring (book chapters 4, 6, 8
 * and 9). host: the name port (mach_host_self); host_priv: the control port, held by the bootstrap
 * task. KERN_INVALID_ARGUMENT when a port is not of the kind asked for; info calls count words as
 * task_info does; arrays are dynamic as in <mach/mach_interface.h>.
 */
#ifndef MACH_MACH_HOST_H_
#define MACH_MACH_HOST_H_

#include <mach/mach_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Host (chapter 8) ---- */

/* Information of one flavor (HOST_...). MIG_ARRAY_TOO_LARGE. */
kern_return_t host_info(mach_port_t host, int flavor, host_info_t host_info,
                        mach_msg_type_number_t *host_infoCnt);
/* The kernel's version string. */
kern_return_t host_kernel_version(mach_port_t host, kernel_version_t version);
/* The string the operator gave at boot. */
kern_return_t host_get_boot_info(mach_port_t priv_host, kernel_boot_info_t boot_info);
/* Time of day. */
kern_return_t host_get_time(mach_port_t host, time_value_t *current_time);
/* Sets the time of day. KERN_INVALID_HOST. */
kern_return_t host_set_time(mach_port_t host_priv, time_value_t new_time);
/* Makes the clock gain or lose that much slowly; old_adjustment: what was left of the last one. */
kern_return_t host_adjust_time(mach_port_t host_priv, time_value_t new_adjustment,
                               time_value_t *old_adjustment);
/* Stops or restarts the machine (HOST_REBOOT_...). Does not return on success. */
kern_return_t host_reboot(mach_port_t host_priv, int options);
#define HOST_REBOOT_NORMAL 0
#define HOST_REBOOT_HALT 0x08
#define HOST_REBOOT_DEBUGGER 0x1000

/* ---- Processors (chapter 9) ---- */

/* Control ports of all processors. */
kern_return_t host_processors(mach_port_t host_priv, processor_array_t *processor_list,
                              mach_msg_type_number_t *processor_count);
kern_return_t processor_start(mach_port_t processor);
/* Takes a processor out of service. KERN_FAILURE when it is the last one. */
kern_return_t processor_exit(mach_port_t processor);
/* host: new send right for the name port of the processor's host. */
kern_return_t processor_info(mach_port_t processor, int flavor, mach_port_t *host,
                             processor_info_t processor_info,
                             mach_msg_type_number_t *processor_infoCnt);
/* Machine-dependent command. KERN_FAILURE when there is none. */
kern_return_t processor_control(mach_port_t processor, processor_info_t cmd,
                                mach_msg_type_number_t count);
/* Moves a processor to another set; wait: until it runs there. */
kern_return_t processor_assign(mach_port_t processor, mach_port_t new_set, boolean_t wait);
/* Name port of the set a processor is in. */
kern_return_t processor_get_assignment(mach_port_t processor, mach_port_t *assigned_set);

/* ---- Processor sets (chapter 9) ---- */

/* Name port of the default set. */
kern_return_t processor_set_default(mach_port_t host, mach_port_t *default_set);
/* Control and name port of a new, empty set. */
kern_return_t processor_set_create(mach_port_t host, mach_port_t *new_set, mach_port_t *new_name);
/* Moves everything in the set to the default set. KERN_FAILURE for the default set itself. */
kern_return_t processor_set_destroy(mach_port_t processor_set);
/* Information of one flavor (PROCESSOR_SET_...). */
kern_return_t processor_set_info(mach_port_t processor_set, int flavor, mach_port_t *host,
                                 processor_set_info_t processor_set_info,
                                 mach_msg_type_number_t *infoCnt);
/* Highest priority of new threads and, with change_threads, of existing ones. */
kern_return_t processor_set_max_priority(mach_port_t processor_set, int priority,
                                         boolean_t change_threads);
kern_return_t processor_set_policy_enable(mach_port_t processor_set, int policy);
/* change_threads: threads of that policy become timesharing. */
kern_return_t processor_set_policy_disable(mach_port_t processor_set, int policy,
                                           boolean_t change_threads);
kern_return_t processor_set_tasks(mach_port_t processor_set, task_array_t *task_list,
                                  mach_msg_type_number_t *task_count);
kern_return_t processor_set_threads(mach_port_t processor_set, thread_array_t *thread_list,
                                    mach_msg_type_number_t *thread_count);
/* Name ports of all sets. */
kern_return_t host_processor_sets(mach_port_t host,
                                  processor_set_name_array_t *processor_set_list,
                                  mach_msg_type_number_t *processor_set_count);
/* Control port of the set with a given name port. */
kern_return_t host_processor_set_priv(mach_port_t host_priv, mach_port_t set_name,
                                      mach_port_t *processor_set);

/* ---- Assignment and scheduling (chapters 6, 7 and 9) ---- */

/* Moves a task, and with assign_threads its threads, to a set given by its control port. There is
 * one set: success, and nothing to do. KERN_INVALID_ARGUMENT. */
kern_return_t task_assign(mach_port_t task, mach_port_t processor_set, boolean_t assign_threads);
/* The same to the default set. */
kern_return_t task_assign_default(mach_port_t task, boolean_t assign_threads);
/* A send right for the name port of the task's set, the caller's. KERN_INVALID_ARGUMENT. */
kern_return_t task_get_assignment(mach_port_t task, mach_port_t *processor_set);
/* As task_assign, for one thread. */
kern_return_t thread_assign(mach_port_t thread, mach_port_t processor_set);
/* The same to the default set. */
kern_return_t thread_assign_default(mach_port_t thread);
/* As task_get_assignment, for a thread. */
kern_return_t thread_get_assignment(mach_port_t thread, mach_port_t *processor_set);
/* Priority of the task's new threads; see <mach/mach_interface.h>. */
kern_return_t task_priority(mach_port_t task, int priority, boolean_t change_threads);
/* Base priority; set_max: also the limit. KERN_FAILURE beyond the limit. */
kern_return_t thread_priority(mach_port_t thread, int priority, boolean_t set_max);
/* Limit of the priority; needs the control port of the thread's set. */
kern_return_t thread_max_priority(mach_port_t thread, mach_port_t processor_set, int priority);
/* POLICY_...; data: quantum in milliseconds of POLICY_FIXEDPRI. KERN_FAILURE: not enabled. */
kern_return_t thread_policy(mach_port_t thread, int policy, int data);
/* Ends a priority depression made with thread_switch or swtch_pri. */
kern_return_t thread_depress_abort(mach_port_t thread);

/* ---- Wiring (chapters 4 and 6) ---- */

/* Keeps pages in memory for the given accesses (VM_PROT_NONE: no longer). KERN_INVALID_HOST. */
kern_return_t vm_wire(mach_port_t host_priv, mach_port_t target_task, vm_address_t address,
                      vm_size_t size, vm_prot_t wired_access);
/* A wired thread may use reserved kernel memory: for threads of the paging path. */
kern_return_t thread_wire(mach_port_t host_priv, mach_port_t thread, boolean_t wired);

#ifdef __cplusplus
}
#endif

#endif
