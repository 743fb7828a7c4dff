/*
 * Asynchronous device calls (book chapter 10): they return when the request is sent; the answer
 * arrives at reply_port (a receive right) for device_reply_server. Results: of the sending only.
 */
#ifndef DEVICE_DEVICE_REQUEST_H_
#define DEVICE_DEVICE_REQUEST_H_

#include <device/device_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* device_open by messages. The answer is ds_device_open_reply, with a send right for the device. */
kern_return_t device_open_request(mach_port_t master_port, mach_port_t reply_port,
                                  dev_mode_t mode, const char *name);
/* device_read. Answer: ds_device_read_reply, with memory that the receiver deallocates. Sizes in
 * bytes, recnum in records of the device. */
kern_return_t device_read_request(mach_port_t device, mach_port_t reply_port, dev_mode_t mode,
                                  recnum_t recnum, int bytes_wanted);
/* device_read_inband. Answer: ds_device_read_reply_inband; at most 128 bytes. */
kern_return_t device_read_request_inband(mach_port_t device, mach_port_t reply_port,
                                         dev_mode_t mode, recnum_t recnum, int bytes_wanted);
/* device_write. Answer: ds_device_write_reply. The data stays the caller's, who may change it at
 * once. */
kern_return_t device_write_request(mach_port_t device, mach_port_t reply_port, dev_mode_t mode,
                                   recnum_t recnum, io_buf_ptr_t data,
                                   mach_msg_type_number_t data_count);
/* device_write_inband. Answer: ds_device_write_reply_inband; at most 128 bytes. */
kern_return_t device_write_request_inband(mach_port_t device, mach_port_t reply_port,
                                          dev_mode_t mode, recnum_t recnum,
                                          io_buf_ptr_inband_t data,
                                          mach_msg_type_number_t data_count);

#ifdef __cplusplus
}
#endif

#endif
