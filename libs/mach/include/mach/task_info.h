/* Structures of task_info (book chapter 7, appendix D). */
#ifndef MACH_TASK_INFO_H_
#define MACH_TASK_INFO_H_

#include <mach/machine/vm_types.h>
#include <mach/time_value.h>

#define TASK_INFO_MAX 1024 /* words of any flavor */
typedef integer_t *task_info_t;
typedef integer_t task_info_data_t[TASK_INFO_MAX];

#define TASK_BASIC_INFO 1
#define TASK_EVENTS_INFO 2
#define TASK_THREAD_TIMES_INFO 3

struct task_basic_info {
  integer_t suspend_count;
  integer_t base_priority;
  vm_size_t virtual_size;   /* bytes mapped */
  vm_size_t resident_size;  /* bytes in memory */
  time_value_t user_time;   /* of threads that have ended, as system_time */
  time_value_t system_time;
};
typedef struct task_basic_info task_basic_info_data_t;
typedef struct task_basic_info *task_basic_info_t;
#define TASK_BASIC_INFO_COUNT (sizeof(task_basic_info_data_t) / sizeof(natural_t))

struct task_events_info {
  natural_t faults;
  natural_t zero_fills;
  natural_t reactivations;
  natural_t pageins;
  natural_t cow_faults;
  natural_t messages_sent;
  natural_t messages_received;
};
typedef struct task_events_info task_events_info_data_t;
typedef struct task_events_info *task_events_info_t;
#define TASK_EVENTS_INFO_COUNT (sizeof(task_events_info_data_t) / sizeof(natural_t))

struct task_thread_times_info {
  time_value_t user_time; /* of live threads, as system_time */
  time_value_t system_time;
};
typedef struct task_thread_times_info task_thread_times_info_data_t;
typedef struct task_thread_times_info *task_thread_times_info_t;
#define TASK_THREAD_TIMES_INFO_COUNT (sizeof(task_thread_times_info_data_t) / sizeof(natural_t))

#endif
