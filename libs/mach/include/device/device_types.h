/* Types of the device interface (book chapter 10). */
#ifndef DEVICE_DEVICE_TYPES_H_
#define DEVICE_DEVICE_TYPES_H_

#include <mach/kern_return.h>
#include <mach/machine/vm_types.h>
#include <mach/port.h>

typedef mach_port_t device_t;
typedef device_t *device_list_t;
typedef mach_port_t mach_device_t;
#define DEVICE_NULL ((device_t)0)

typedef char dev_name_t[128]; /* zero-terminated */

typedef unsigned int dev_mode_t;
#define D_READ 0x1
#define D_WRITE 0x2
#define D_NODELAY 0x4 /* do not wait in device_open */
#define D_NOWAIT 0x8  /* do not wait for data or for a busy device */

/* Out-of-line and in-line data of reads and writes. */
typedef char *io_buf_ptr_t;
#define IO_INBAND_MAX 128
typedef char io_buf_ptr_inband_t[IO_INBAND_MAX];
typedef natural_t io_buf_len_t;

typedef natural_t recnum_t; /* record number; the record size is the device's */

typedef int *dev_status_t;
#define DEV_STATUS_MAX 1024
typedef int dev_status_data_t[DEV_STATUS_MAX];

/* Status flavor every block device has. */
#define DEV_GET_SIZE 0
#define DEV_GET_SIZE_DEVICE_SIZE 0 /* bytes, 0 = unknown */
#define DEV_GET_SIZE_RECORD_SIZE 1 /* bytes */
#define DEV_GET_SIZE_COUNT 2

typedef kern_return_t io_return_t;
#define D_IO_QUEUED (-1)           /* internal to drivers: the result comes later */
#define D_SUCCESS 0
#define D_IO_ERROR 2500            /* hardware error */
#define D_WOULD_BLOCK 2501         /* D_NOWAIT given and the operation would wait */
#define D_NO_SUCH_DEVICE 2502
#define D_ALREADY_OPEN 2503        /* exclusive device is open */
#define D_DEVICE_DOWN 2504         /* shut down */
#define D_INVALID_OPERATION 2505   /* not for this device */
#define D_INVALID_RECNUM 2506
#define D_INVALID_SIZE 2507
#define D_NO_MEMORY 2508
#define D_READ_ONLY 2509
#define D_OUT_OF_BAND 2510         /* break condition */

#endif
