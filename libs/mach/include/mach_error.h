/* Names of results, for people. */
#ifndef MACH_ERROR_H_
#define MACH_ERROR_H_

#include <mach/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a result means: a constant string, for any value whatever. */
const char *mach_error_string(mach_error_t error_value);

/* The system the result's code belongs to: a constant string. */
const char *mach_error_type(mach_error_t error_value);

/* Prints "message: meaning (0xnumber)" on the standard error output (libmach.a only). */
void mach_error(const char *message, mach_error_t error_value);

#ifdef __cplusplus
}
#endif

#endif
