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

kern_return_t device_open_request(mach_port_t master_port, mach_port_t reply_port,
                                  dev_mode_t mode, const char *name);
kern_return_t device_read_request(mach_port_t device, mach_port_t reply_port, dev_mode_t mode,
                                  recnum_t recnum, int bytes_wanted);
kern_return_t device_read_request_inband(mach_port_t device, mach_port_t reply_port,
                                         dev_mode_t mode, recnum_t recnum, int bytes_wanted);
kern_return_t device_write_request(mach_port_t device, mach_port_t reply_port, dev_mode_t mode,
                                   recnum_t recnum, io_buf_ptr_t data,
                                   mach_msg_type_number_t data_count);
kern_return_t device_write_request_inband(mach_port_t device, mach_port_t reply_port,
                                          dev_mode_t mode, recnum_t recnum,
                                          io_buf_ptr_inband_t data,
                                          mach_msg_type_number_t data_count);

#ifdef __cplusplus
}
#endif

#endif
