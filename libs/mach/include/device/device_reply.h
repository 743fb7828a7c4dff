/*
 * Answers to asynchronous device calls (book chapter 10, appendix A): the demultiplexer of the
 * library and the functions a program supplies for it. return_code: result of the operation; the
 * other arguments mean something only with D_SUCCESS.
 */
#ifndef DEVICE_DEVICE_REPLY_H_
#define DEVICE_DEVICE_REPLY_H_

#include <device/device_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Decodes an answer and calls the function for it. FALSE: not such a message. */
boolean_t device_reply_server(mach_msg_header_t *in_msg, mach_msg_header_t *out_msg);

/* device: send right, the program's. */
kern_return_t ds_device_open_reply(mach_port_t reply_port, kern_return_t return_code,
                                   mach_port_t device);
/* data: memory allocated in the program, which deallocates it. */
kern_return_t ds_device_read_reply(mach_port_t reply_port, kern_return_t return_code,
                                   io_buf_ptr_t data, mach_msg_type_number_t data_count);
/* data: within the message. */
kern_return_t ds_device_read_reply_inband(mach_port_t reply_port, kern_return_t return_code,
                                          io_buf_ptr_inband_t data,
                                          mach_msg_type_number_t data_count);
kern_return_t ds_device_write_reply(mach_port_t reply_port, kern_return_t return_code,
                                    int bytes_written);
kern_return_t ds_device_write_reply_inband(mach_port_t reply_port, kern_return_t return_code,
                                           int bytes_written);

#ifdef __cplusplus
}
#endif

#endif
