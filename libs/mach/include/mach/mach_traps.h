/*
 * System traps (book chapters 3, 6, 7, 8): direct entries to the kernel. The syscall_ forms take
 * port names and work on objects of this host; on any other port they answer
 * MACH_SEND_INTERRUPTED and the function without the prefix sends a message instead.
 */
#ifndef MACH_MACH_TRAPS_H_
#define MACH_MACH_TRAPS_H_

#include <mach/boolean.h>
#include <mach/kern_return.h>
#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A new receive right, for replies. MACH_PORT_NULL on shortage. */
mach_port_t mach_reply_port(void);

/* A send right each: one more user reference at every call, to be deallocated. */
mach_port_t mach_thread_self(void);
mach_port_t mach_host_self(void);
/* <mach_init.h> makes mach_task_self() a macro for a right fetched once. */
mach_port_t (mach_task_self)(void);

/* Lets another thread run. TRUE when there was another to run. */
boolean_t swtch(void);
/* The same with this thread's priority depressed; the argument is ignored. */
boolean_t swtch_pri(int priority);
/* Hands the processor to a thread, waits or depresses: see <mach/thread_switch.h>. */
kern_return_t thread_switch(mach_port_t new_thread, int option, int time);

/* Waits for a device's event. KERN_INVALID_ARGUMENT, KERN_NO_SPACE when a thread waits already. */
kern_return_t evc_wait(unsigned int event);
/* Forgets events that happened before waiting. */
kern_return_t evc_wait_clear(unsigned int event);

/*
 * The functions of the same names without the prefix, whose contracts they have, as traps: for
 * callers that want no message. Ports are names of the caller's; whatever is not an object of this
 * host of the right kind, a null port included, is MACH_SEND_INTERRUPTED, and nothing was done.
 */
/* vm_map (chapter 4), without a memory object; with one MACH_SEND_INTERRUPTED. */
kern_return_t syscall_vm_map(mach_port_t target_task, vm_address_t *address, vm_size_t size,
                             vm_address_t mask, boolean_t anywhere, mach_port_t memory_object,
                             vm_offset_t offset, boolean_t copy, vm_prot_t cur_protection,
                             vm_prot_t max_protection, vm_inherit_t inheritance);
/* vm_allocate (chapter 4). */
kern_return_t syscall_vm_allocate(mach_port_t target_task, vm_address_t *address, vm_size_t size,
                                  boolean_t anywhere);
/* vm_deallocate (chapter 4). */
kern_return_t syscall_vm_deallocate(mach_port_t target_task, vm_address_t address,
                                    vm_size_t size);
/* task_create (chapter 7). The caller owns a send right for the child. */
kern_return_t syscall_task_create(mach_port_t parent_task, boolean_t inherit_memory,
                                  mach_port_t *child_task);
/* task_terminate (chapter 7). Does not return when the task is the caller's. */
kern_return_t syscall_task_terminate(mach_port_t target_task);
/* task_suspend (chapter 7). */
kern_return_t syscall_task_suspend(mach_port_t target_task);
/* task_set_special_port (chapter 7). The right stays with the caller. */
kern_return_t syscall_task_set_special_port(mach_port_t task, int which_port,
                                            mach_port_t special_port);
/* mach_port_allocate (chapter 3). The new right is the task's. */
kern_return_t syscall_mach_port_allocate(mach_port_t task, mach_port_right_t right,
                                         mach_port_t *name);
/* mach_port_deallocate (chapter 3): one user reference fewer. */
kern_return_t syscall_mach_port_deallocate(mach_port_t task, mach_port_t name);
/* mach_port_insert_right (chapter 3). */
kern_return_t syscall_mach_port_insert_right(mach_port_t task, mach_port_t name,
                                             mach_port_t right, mach_msg_type_name_t right_type);
/* mach_port_allocate_name (chapter 3). */
kern_return_t syscall_mach_port_allocate_name(mach_port_t task, mach_port_right_t right,
                                              mach_port_t name);
/* thread_depress_abort (chapter 6). */
kern_return_t syscall_thread_depress_abort(mach_port_t thread);

/*
 * Traps without a message of the same contract. They copy between the memory of a task, the caller's own for one, and
 * the caller's at `data`, as if both had touched theirs; pages of the task that are not mapped are not mapped by that.
 * Nothing need be aligned. MACH_SEND_INTERRUPTED: not a task of this host. KERN_INVALID_ARGUMENT: more than
 * SYSCALL_VM_COPY_MAX bytes, device memory, or wired memory to be written; KERN_INVALID_ADDRESS,
 * KERN_PROTECTION_FAILURE, KERN_RESOURCE_SHORTAGE, KERN_ABORTED (thread_abort); KERN_MEMORY_ERROR, KERN_MEMORY_FAILURE
 * from a memory manager. How much was copied is not known then.
 */
#define SYSCALL_VM_COPY_MAX (1024 * 1024)
kern_return_t syscall_vm_read_overwrite(mach_port_t target_task, vm_address_t address,
                                        vm_size_t size, vm_address_t data);
kern_return_t syscall_vm_write(mach_port_t target_task, vm_address_t address, vm_address_t data,
                               vm_size_t size);

#ifdef __cplusplus
}
#endif

#endif
