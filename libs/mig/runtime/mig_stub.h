/*
 * What generated C stubs share. The functions declared here are libmach's (except where defined);
 * the types are those of <mach/message.h>.
 */
#ifndef LIBS_MIG_RUNTIME_MIG_STUB_H_
#define LIBS_MIG_RUNTIME_MIG_STUB_H_

#include <mach/kern_return.h>
#include <mach/message.h>
#include <mach/mig_errors.h>
#include <mach/notify.h>
#include <mach/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The calling thread's reply port, made on first use. */
extern mach_port_t mig_get_reply_port(void);
/* The RPC on this reply port failed: a late reply must not reach the next one. */
extern void mig_dealloc_reply_port(mach_port_t reply_port);
/* The RPC on this reply port is over. */
extern void mig_put_reply_port(mach_port_t reply_port);
/* As vm_allocate and vm_deallocate on the calling task. mig_allocate leaves 0 on failure. */
extern void mig_allocate(vm_offset_t *address, vm_size_t size);
extern void mig_deallocate(vm_offset_t address, vm_size_t size);
/* Releases the rights and the memory that a message carries. */
extern void mach_msg_destroy(mach_msg_header_t *message);

#ifdef __cplusplus
}
#endif

typedef unsigned int __attribute__((__may_alias__)) mig_word_t;

/* The 32-bit word `offset` bytes after `base`. */
#define MIG_WORD(base, offset) (*(mig_word_t *)((base) + (offset)))

/* Descriptor of RetCode: one in-line INTEGER_32. */
#define MIG_RETCODE_TYPE 0x10012002u

static __inline__ __attribute__((__unused__)) int mig_has_nul_(const char *text,
                                                               unsigned int bytes) {
  return bytes != 0 && __builtin_memchr(text, 0, bytes) != 0;
}

/* Characters before the NUL, or `bytes` when there is none among the first `bytes`. */
static __inline__ __attribute__((__unused__)) unsigned int mig_length_(const char *text,
                                                                       unsigned int bytes) {
  unsigned int length = 0;
  while (length < bytes && text[length] != 0) ++length;
  return length;
}

/* Bytes of a string with its NUL; without one among `max` characters it is cut to end there. */
static __inline__ __attribute__((__unused__)) unsigned int mig_terminate_(char *text,
                                                                          unsigned int max) {
  const unsigned int length = mig_length_(text, max);
  if (length < max) return length + 1;
  text[max - 1] = 0;
  return max;
}

/* Clears what follows the last of `bytes` bytes up to the next word. */
static __inline__ __attribute__((__unused__)) void mig_clear_padding_(char *data,
                                                                      unsigned int bytes) {
  while ((bytes & 3u) != 0) data[bytes++] = 0;
}

/*
 * Destroys a received message that is not what the stub can use and passes on the reason. Most
 * carry nothing to release.
 */
static __attribute__((__unused__, __cold__, __noinline__)) kern_return_t mig_refuse_(
    mach_msg_header_t *message, kern_return_t reason) {
  if ((message->msgh_bits & (MACH_MSGH_BITS_COMPLEX | MACH_MSGH_BITS_REMOTE_MASK)) != 0) {
    mach_msg_destroy(message);
  }
  return reason;
}

/*
 * The result of an RPC whose reply is not the expected success: the server's error code, or why
 * the message is no reply to it. Destroys the message.
 */
static __attribute__((__unused__, __cold__, __noinline__)) kern_return_t mig_failed_reply_(
    mach_msg_header_t *reply, mach_msg_id_t expected_id) {
  kern_return_t result = MIG_TYPE_ERROR;
  if (reply->msgh_id != expected_id) {
    result = reply->msgh_id == MACH_NOTIFY_SEND_ONCE ? MIG_SERVER_DIED : MIG_REPLY_MISMATCH;
  } else if (reply->msgh_size >= sizeof(mig_reply_header_t) &&
             MIG_WORD((char *)reply, 24) == MIG_RETCODE_TYPE &&
             MIG_WORD((char *)reply, 28) != KERN_SUCCESS) {
    result = (kern_return_t)MIG_WORD((char *)reply, 28);
  }
  return mig_refuse_(reply, result);
}

#endif
