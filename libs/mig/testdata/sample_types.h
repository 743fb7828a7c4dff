/* C types of sample_types.defs. */
#ifndef LIBS_MIG_TESTDATA_SAMPLE_TYPES_H_
#define LIBS_MIG_TESTDATA_SAMPLE_TYPES_H_

#include <mach/mach_types.h>

typedef int *state_t;
typedef struct {
  int seconds;
  int microseconds;
} sample_time_t;
typedef char version_t[10];
typedef char digest_t[5];
typedef short *small_t;
typedef int *ints_t;
typedef struct {
  int first;
  int second;
} pair_t;
typedef pair_t *pairs_t;

#endif
