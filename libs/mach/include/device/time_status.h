/* The "time" device: flavors of device_get_status beyond DEV_GET_SIZE. */
#ifndef DEVICE_TIME_STATUS_H_
#define DEVICE_TIME_STATUS_H_

#include <device/device_types.h>

/* device_get_status: {number for evc_wait of the event that every clock interrupt signals}. */
#define TIME_GET_EVENT (('c' << 16) + 1)
#define TIME_GET_EVENT_COUNT 1

#endif
