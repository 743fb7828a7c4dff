/* Start-up of the library, server loop and thread start (both archives). */
#ifndef MACH_INIT_H_
#define MACH_INIT_H_

#include <mach/mach_traps.h>
#include <mach/mach_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The task's own port: a send right mach_init fetched; not to be deallocated. */
extern mach_port_t mach_task_self_;
#define mach_task_self() mach_task_self_
#define current_task() mach_task_self()

/* Send right for the bootstrap port; the default port of programs asking for services. */
extern mach_port_t bootstrap_port;
/* First two of the registered ports, by convention; MACH_PORT_NULL when not registered. */
extern mach_port_t name_server_port;
extern mach_port_t environment_port;

/*
 * Sets the variables above and vm_page_size. Runs by itself before main in programs linked with
 * the C library; freestanding programs call it first. A child that has its parent's memory (see
 * task_create) calls it again. Always returns 0.
 */
int mach_init(void);

/*
 * Receives requests on rcv_name (port or port set) and answers them with demux, for ever. Messages
 * of up to max_size bytes. Returns only with an error of mach_msg that is the server's own; replies
 * that cannot be delivered are destroyed. When demux leaves a result other than KERN_SUCCESS and
 * MIG_NO_REPLY, everything the request carried is released. KERN_RESOURCE_SHORTAGE when there is no memory for the
 * buffers.
 */
mach_msg_return_t mach_msg_server(boolean_t (*demux)(mach_msg_header_t *in_msg,
                                                     mach_msg_header_t *out_msg),
                                  mach_msg_size_t max_size, mach_port_t rcv_name);

/*
 * The same with further options of mach_msg (MACH_RCV_TIMEOUT, MACH_RCV_LARGE ...) and a timeout in
 * milliseconds. Returns MACH_RCV_TIMED_OUT when no request came in time.
 */
mach_msg_return_t mach_msg_server_timeout(boolean_t (*demux)(mach_msg_header_t *in_msg,
                                                             mach_msg_header_t *out_msg),
                                          mach_msg_size_t max_size, mach_port_t rcv_name,
                                          mach_msg_option_t options,
                                          mach_msg_timeout_t timeout);

/* Releases everything a received message carries: the reply right, rights and memory in it. */
void mach_msg_destroy(mach_msg_header_t *msg);

/*
 * Makes a thread that runs entry(argument) on a stack of stack_size bytes allocated for it; the
 * thread must not return from entry. thread (may be null): send right for it, else released.
 * Errors of vm_allocate, thread_create, thread_set_state. Nothing is left behind on error.
 */
kern_return_t mach_thread_start(void (*entry)(void *argument), void *argument,
                                vm_size_t stack_size, mach_port_t *thread);

#ifdef __cplusplus
}
#endif

#endif
