/*
 * Calls on a task's port name space (book chapter 3). Usual errors besides those named:
 * KERN_INVALID_TASK (task is no task), KERN_INVALID_NAME (no right under that name),
 * KERN_INVALID_RIGHT (a right of another kind), KERN_RESOURCE_SHORTAGE, and transport errors.
 */
#ifndef MACH_MACH_PORT_H_
#define MACH_MACH_PORT_H_

#include <mach/mach_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a receive right, port set or dead name under a new name. KERN_INVALID_VALUE, NO_SPACE. */
kern_return_t mach_port_allocate(mach_port_t task, mach_port_right_t right, mach_port_t *name);

/* The same under a name of the caller's choice. KERN_NAME_EXISTS, KERN_INVALID_VALUE. */
kern_return_t mach_port_allocate_name(mach_port_t task, mach_port_right_t right,
                                      mach_port_t name);

/* Gives up one user reference of a send, send-once or dead-name right. */
kern_return_t mach_port_deallocate(mach_port_t task, mach_port_t name);

/* Gives up all rights under a name; without its receive right a port dies. */
kern_return_t mach_port_destroy(mach_port_t task, mach_port_t name);

/* User references of one right under a name (0 when it denotes none of that kind). */
kern_return_t mach_port_get_refs(mach_port_t task, mach_port_t name, mach_port_right_t right,
                                 mach_port_urefs_t *refs);

/* Adds delta user references. KERN_INVALID_VALUE: would be negative; KERN_UREFS_OVERFLOW. */
kern_return_t mach_port_mod_refs(mach_port_t task, mach_port_t name, mach_port_right_t right,
                                 mach_port_delta_t delta);

/* Every name of the space and its type, as two dynamic arrays of equal length. */
kern_return_t mach_port_names(mach_port_t task, mach_port_array_t *names,
                              mach_msg_type_number_t *ncount, mach_port_type_array_t *types,
                              mach_msg_type_number_t *tcount);

/* Which rights a name denotes: MACH_PORT_TYPE_... bits. */
kern_return_t mach_port_type(mach_port_t task, mach_port_t name, mach_port_type_t *ptype);

/* Changes the name of a right. KERN_NAME_EXISTS, KERN_INVALID_VALUE. */
kern_return_t mach_port_rename(mach_port_t task, mach_port_t old_name, mach_port_t new_name);

/*
 * Gives the task a right of the caller (right_type: MACH_MSG_TYPE_...) under a given name.
 * KERN_NAME_EXISTS, KERN_RIGHT_EXISTS, KERN_INVALID_CAPABILITY, KERN_UREFS_OVERFLOW.
 */
kern_return_t mach_port_insert_right(mach_port_t task, mach_port_t name, mach_port_t right,
                                     mach_msg_type_name_t right_type);

/* Takes, copies or makes (desired_type) a right of the task into the caller. */
kern_return_t mach_port_extract_right(mach_port_t task, mach_port_t name,
                                      mach_msg_type_name_t desired_type, mach_port_t *right,
                                      mach_msg_type_name_t *acquired_type);

/* Counters and limits of a receive right. */
kern_return_t mach_port_get_receive_status(mach_port_t task, mach_port_t name,
                                           mach_port_status_t *status);

/* Sets how many messages may be queued (1..MACH_PORT_QLIMIT_MAX). KERN_INVALID_VALUE. */
kern_return_t mach_port_set_qlimit(mach_port_t task, mach_port_t name,
                                   mach_port_msgcount_t qlimit);

/* Sets the make-send count. */
kern_return_t mach_port_set_mscount(mach_port_t task, mach_port_t name,
                                    mach_port_mscount_t mscount);

/* Sets the sequence number of the next received message. */
kern_return_t mach_port_set_seqno(mach_port_t task, mach_port_t name, mach_port_seqno_t seqno);

/* Members of a port set: dynamic array of names. */
kern_return_t mach_port_get_set_status(mach_port_t task, mach_port_t name,
                                       mach_port_array_t *members, mach_msg_type_number_t *count);

/* Moves a receive right into a port set, or (after == MACH_PORT_NULL) out. KERN_NOT_IN_SET. */
kern_return_t mach_port_move_member(mach_port_t task, mach_port_t member, mach_port_t after);

/*
 * Asks for one notification (MACH_NOTIFY_PORT_DESTROYED, _NO_SENDERS, _DEAD_NAME) to be sent to
 * notify (notify_type: a disposition yielding a send-once right; MACH_PORT_NULL cancels). sync: see
 * the book for each variant. previous: send-once right of the request replaced, or null.
 */
kern_return_t mach_port_request_notification(mach_port_t task, mach_port_t name,
                                             mach_msg_id_t variant, mach_port_mscount_t sync,
                                             mach_port_t notify,
                                             mach_msg_type_name_t notify_type,
                                             mach_port_t *previous);

#ifdef __cplusplus
}
#endif

#endif
