#include <mach_error.h>
#include <stdio.h>

void mach_error(const char *message, mach_error_t error_value) {
  fprintf(stderr, "%s: %s %s (0x%x)\n", message, mach_error_type(error_value),
          mach_error_string(error_value), (unsigned int)error_value);
}
