/*
 * Devices (book chapter 10). Results are D_... of <device/device_types.h>: D_NO_SUCH_DEVICE when
 * the first port is no open device. Sizes are bytes, records as the device has them.
 */
#ifndef DEVICE_DEVICE_H_
#define DEVICE_DEVICE_H_

#include <device/device_types.h>
#include <device/net_status.h>
#include <mach/mach_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Opens a device by name. device: new send right. D_INVALID_OPERATION (no master port),
 * D_WOULD_BLOCK, D_ALREADY_OPEN, D_NO_SUCH_DEVICE, D_DEVICE_DOWN.
 */
kern_return_t device_open(mach_port_t master_port, dev_mode_t mode, const char *name,
                          mach_port_t *device);
/* Undoes one open. */
kern_return_t device_close(mach_port_t device);
/* Reads up to bytes_wanted bytes: dynamic array. */
kern_return_t device_read(mach_port_t device, dev_mode_t mode, recnum_t recnum, int bytes_wanted,
                          io_buf_ptr_t *data, mach_msg_type_number_t *data_count);
/* Reads up to IO_INBAND_MAX bytes into the caller's buffer. */
kern_return_t device_read_inband(mach_port_t device, dev_mode_t mode, recnum_t recnum,
                                 int bytes_wanted, io_buf_ptr_inband_t data,
                                 mach_msg_type_number_t *data_count);
/* Writes bytes of any number; the caller keeps its memory. */
kern_return_t device_write(mach_port_t device, dev_mode_t mode, recnum_t recnum,
                           io_buf_ptr_t data, mach_msg_type_number_t data_count,
                           int *bytes_written);
/* Writes up to IO_INBAND_MAX bytes. MIG_ARRAY_TOO_LARGE beyond. */
kern_return_t device_write_inband(mach_port_t device, dev_mode_t mode, recnum_t recnum,
                                  io_buf_ptr_inband_t data, mach_msg_type_number_t data_count,
                                  int *bytes_written);
/* A memory object showing the device, for vm_map: new send right. unmap is not used. */
kern_return_t device_map(mach_port_t device, vm_prot_t prot, vm_offset_t offset, vm_size_t size,
                         mach_port_t *pager, int unmap);
/* Status of one flavor; status_count: words there is room for in, words of status out. */
kern_return_t device_get_status(mach_port_t device, int flavor, dev_status_t status,
                                mach_msg_type_number_t *status_count);
kern_return_t device_set_status(mach_port_t device, int flavor, dev_status_t status,
                                mach_msg_type_number_t status_count);
/*
 * Sends packets the filter accepts to receive_port (receive_port_type: MAKE_SEND or MOVE_SEND), in
 * order of priority; see <device/net_status.h>. D_INVALID_OPERATION.
 */
kern_return_t device_set_filter(mach_port_t device, mach_port_t receive_port,
                                mach_msg_type_name_t receive_port_type, int priority,
                                filter_array_t filter, mach_msg_type_number_t filter_count);

#ifdef __cplusplus
}
#endif

#endif
