/* Exceptions as messages (book chapter 6, appendix A). */
#ifndef MACH_EXC_H_
#define MACH_EXC_H_

#include <mach/exception.h>
#include <mach/mach_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Tells an exception port of an exception and waits for its verdict: KERN_SUCCESS = handled. */
kern_return_t exception_raise(mach_port_t exception_port, mach_port_t thread, mach_port_t task,
                              int exception, int code, int subcode);

/* Decodes an exception message and calls catch_exception_raise. FALSE: not such a message. */
boolean_t exc_server(mach_msg_header_t *in_msg, mach_msg_header_t *out_msg);

/*
 * Supplied by the program. KERN_SUCCESS continues the thread (as its state now is); anything else
 * passes the exception on. thread, task: send rights, the function's to deallocate when it returns
 * KERN_SUCCESS; with any other result mach_msg_server releases them.
 */
kern_return_t catch_exception_raise(mach_port_t exception_port, mach_port_t thread,
                                    mach_port_t task, int exception, int code, int subcode);

#ifdef __cplusplus
}
#endif

#endif
