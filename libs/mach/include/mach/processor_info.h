/* Structures of processor_info and processor_set_info (book chapter 9, appendix D). */
#ifndef MACH_PROCESSOR_INFO_H_
#define MACH_PROCESSOR_INFO_H_

#include <mach/boolean.h>
#include <mach/machine.h>

#define PROCESSOR_INFO_MAX 1024 /* words of any flavor */
typedef integer_t *processor_info_t;
typedef integer_t processor_info_data_t[PROCESSOR_INFO_MAX];

#define PROCESSOR_BASIC_INFO 1

struct processor_basic_info {
  cpu_type_t cpu_type;
  cpu_subtype_t cpu_subtype;
  boolean_t running;
  int slot_num;
  boolean_t is_master;
};
typedef struct processor_basic_info processor_basic_info_data_t;
typedef struct processor_basic_info *processor_basic_info_t;
#define PROCESSOR_BASIC_INFO_COUNT (sizeof(processor_basic_info_data_t) / sizeof(integer_t))

#define PROCESSOR_SET_INFO_MAX 1024 /* words of any flavor */
typedef integer_t *processor_set_info_t;
typedef integer_t processor_set_info_data_t[PROCESSOR_SET_INFO_MAX];

#define PROCESSOR_SET_BASIC_INFO 1
#define PROCESSOR_SET_SCHED_INFO 2

struct processor_set_basic_info {
  int processor_count;
  int task_count;
  int thread_count;
  int load_average; /* scaled by LOAD_SCALE, as mach_factor */
  int mach_factor;
};
typedef struct processor_set_basic_info processor_set_basic_info_data_t;
typedef struct processor_set_basic_info *processor_set_basic_info_t;
#define PROCESSOR_SET_BASIC_INFO_COUNT (sizeof(processor_set_basic_info_data_t) / sizeof(integer_t))

struct processor_set_sched_info {
  int policies;     /* or of the enabled policies' bits */
  int max_priority; /* of new threads */
};
typedef struct processor_set_sched_info processor_set_sched_info_data_t;
typedef struct processor_set_sched_info *processor_set_sched_info_t;
#define PROCESSOR_SET_SCHED_INFO_COUNT (sizeof(processor_set_sched_info_data_t) / sizeof(integer_t))

#endif
