/* Disk devices: flavors of device_get_status and device_set_status beyond DEV_GET_SIZE. */
#ifndef DEVICE_DISK_STATUS_H_
#define DEVICE_DISK_STATUS_H_

#include <device/device_types.h>

/* device_get_status: {number of records, bytes in a record}; also for disks of 4 GiB and more, whose
 * size in bytes DEV_GET_SIZE cannot tell. */
#define DISK_GET_RECORDS (('d' << 16) + 1)
#define DISK_GET_RECORDS_RECORDS 0
#define DISK_GET_RECORDS_RECORD_SIZE 1
#define DISK_GET_RECORDS_COUNT 2

/* device_set_status, no words: returns when all data of writes that had finished before is on the
 * medium, not only in the drive's cache. D_IO_ERROR: the drive could not. */
#define DISK_FLUSH_CACHE (('d' << 16) + 2)
#define DISK_FLUSH_CACHE_COUNT 0

#endif
