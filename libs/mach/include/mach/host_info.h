/* Structures of host_info and strings about the host (book chapter 8, appendix D). */
#ifndef MACH_HOST_INFO_H_
#define MACH_HOST_INFO_H_

#include <mach/machine.h>
#include <mach/machine/vm_types.h>

#define HOST_INFO_MAX 1024 /* words of any flavor */
typedef integer_t *host_info_t;
typedef integer_t host_info_data_t[HOST_INFO_MAX];

#define KERNEL_VERSION_MAX 512
typedef char kernel_version_t[KERNEL_VERSION_MAX];

#define KERNEL_BOOT_INFO_MAX 4096
typedef char kernel_boot_info_t[KERNEL_BOOT_INFO_MAX];

/* Flavors. */
#define HOST_BASIC_INFO 1
#define HOST_PROCESSOR_SLOTS 2 /* array of slot numbers of the processors */
#define HOST_SCHED_INFO 3
#define HOST_LOAD_INFO 4

struct host_basic_info {
  int max_cpus;          /* the kernel is configured for */
  int avail_cpus;        /* present now */
  vm_size_t memory_size; /* bytes */
  cpu_type_t cpu_type;
  cpu_subtype_t cpu_subtype;
};
typedef struct host_basic_info host_basic_info_data_t;
typedef struct host_basic_info *host_basic_info_t;
#define HOST_BASIC_INFO_COUNT (sizeof(host_basic_info_data_t) / sizeof(integer_t))

struct host_sched_info {
  int min_timeout; /* milliseconds */
  int min_quantum; /* milliseconds */
};
typedef struct host_sched_info host_sched_info_data_t;
typedef struct host_sched_info *host_sched_info_t;
#define HOST_SCHED_INFO_COUNT (sizeof(host_sched_info_data_t) / sizeof(integer_t))

/* Exponential averages over 5, 30 and 60 seconds, scaled by LOAD_SCALE. */
struct host_load_info {
  mach_long_t avenrun[3];     /* runnable threads per processor */
  mach_long_t mach_factor[3]; /* share of a processor a new thread would get */
};
typedef struct host_load_info host_load_info_data_t;
typedef struct host_load_info *host_load_info_t;
#define HOST_LOAD_INFO_COUNT (sizeof(host_load_info_data_t) / sizeof(integer_t))
#define LOAD_SCALE 1000

#endif
