/* What generated stubs call. */
#ifndef MACH_MIG_SUPPORT_H_
#define MACH_MIG_SUPPORT_H_

#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach/mig_errors.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Forgets every cached reply port: for a child with its parent's memory and none of its ports. */
void mig_init(void *initial);

/* The calling thread's reply port, made at first use. */
mach_port_t mig_get_reply_port(void);

/* Destroys the calling thread's reply port if it is reply_port: after an error that spoils it. */
void mig_dealloc_reply_port(mach_port_t reply_port);

/* Gives a reply port back after use; the thread keeps it for its next call. */
void mig_put_reply_port(mach_port_t reply_port);

/* Prepares the header and return code (MIG_BAD_ID) of the reply to a request. */
void mig_reply_setup(const mach_msg_header_t *request, mach_msg_header_t *reply);

/*
 * Copies a string of at most len bytes, the last always a zero; returns the bytes copied, with the
 * zero.
 */
unsigned int mig_strncpy(char *dest, const char *src, unsigned int len);

/* Memory a stub needs for a while; *address is 0 when there is none. */
void mig_allocate(vm_offset_t *address, vm_size_t size);
void mig_deallocate(vm_offset_t address, vm_size_t size);

#ifdef __cplusplus
}
#endif

#endif
