#include "servers/file/mapped_copy.h"

// mapped_copy.S
extern "C" {
int file_mapped_copy(void* to, const void* from, size_t size);
extern const char file_mapped_copy_begin[];
extern const char file_mapped_copy_end[];
extern const char file_mapped_copy_failed[];
}

namespace file {

bool mapped_copy(void* to, const void* from, size_t size) {
  return file_mapped_copy(to, from, size) != 0;
}

bool is_in_mapped_copy(uint32_t eip) {
  return eip >= reinterpret_cast<uintptr_t>(file_mapped_copy_begin) &&
         eip < reinterpret_cast<uintptr_t>(file_mapped_copy_end);
}

uint32_t mapped_copy_failure() { return reinterpret_cast<uintptr_t>(file_mapped_copy_failed); }

}  // namespace file
