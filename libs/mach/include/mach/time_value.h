/* Times (book appendix D). */
#ifndef MACH_TIME_VALUE_H_
#define MACH_TIME_VALUE_H_

#include <mach/machine/vm_types.h>

struct time_value {
  mach_long_t seconds;
  mach_long_t microseconds; /* 0..999999 */
};
typedef struct time_value time_value_t;

/*
 * The page of the "time" device. Read seconds, then microseconds, and repeat until check_seconds
 * equals the seconds read: the kernel writes check_seconds first when a second begins.
 */
struct mapped_time_value {
  mach_long_t seconds;
  mach_long_t microseconds;
  mach_long_t check_seconds;
};
typedef struct mapped_time_value mapped_time_value_t;

#define TIME_MICROS_MAX 1000000

#define time_value_add_usec(val, micros)                        \
  do {                                                          \
    if (((val)->microseconds += (micros)) >= TIME_MICROS_MAX) { \
      (val)->microseconds -= TIME_MICROS_MAX;                   \
      (val)->seconds++;                                         \
    }                                                           \
  } while (0)

#define time_value_add(result, addend)                      \
  do {                                                      \
    (result)->seconds += (addend)->seconds;                 \
    time_value_add_usec((result), (addend)->microseconds);  \
  } while (0)

#endif
