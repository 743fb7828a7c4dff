#include <mach/mig_support.h>

unsigned int mig_strncpy(char *dest, const char *src, unsigned int len) {
  unsigned int i;

  if (len == 0) return 0;
  for (i = 0; i + 1 < len && src[i] != '\0'; i++) dest[i] = src[i];
  dest[i] = '\0';
  return i + 1;
}
