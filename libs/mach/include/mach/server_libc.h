/*
 * What a server linked with //libs/mach:server_libc may tell its C library. Such programs have
 * libc and the C++ library without POSIX: memory, threads, time and printing, but no files,
 * processes or signals.
 */
#ifndef MACH_SERVER_LIBC_H_
#define MACH_SERVER_LIBC_H_

#include <mach/kern_return.h>
#include <mach/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Index among the registered ports (mach_ports_lookup) of an open console device. */
#define CONSOLE_SLOT 3

/*
 * Standard output and error go to this open device; the library keeps a send right of its own.
 * Without this call the registered port CONSOLE_SLOT is used, else the device "console" of the
 * device master port the bootstrap port gives; without either, output is lost.
 */
void server_libc_set_console(mach_port_t device);

/* Opens the device "console" with a device master port and uses it. D_... errors. */
kern_return_t server_libc_open_console(mach_port_t device_master);

/*
 * Uses the mapped page of the "time" device (see mapped_time_value) for clocks, in place of
 * host_get_time; the page must stay mapped.
 */
void server_libc_set_mapped_time(const void *page);

#ifdef __cplusplus
}
#endif

#endif
