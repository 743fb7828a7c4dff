#include "kernel/kern/user_ptr.h"

#include <mach/kern_return.h>

#include <algorithm>
#include <cstring>

namespace kern {
namespace {

bool in_user_space(UserAddr a, size_t size) { return a <= kUserEnd && size <= kUserEnd - a; }

constexpr size_t kPage = 4096;

}  // namespace

base::Status copy_in_bytes(void* to, UserAddr from, size_t size) {
  if (in_user_space(from, size) && arch::copy_from_user(to, from, size)) return {};
  return base::Error(KERN_INVALID_ADDRESS);
}

base::Status copy_out_bytes(UserAddr to, const void* from, size_t size) {
  if (in_user_space(to, size) && arch::copy_to_user(to, from, size)) return {};
  return base::Error(KERN_INVALID_ADDRESS);
}

base::Status copy_in_string(char* to, UserAddr from, size_t capacity) {
  // Page by page: the string may end just before memory does.
  while (capacity != 0) {
    const size_t part = std::min(capacity, kPage - from % kPage);
    TRY(copy_in_bytes(to, from, part));
    if (std::memchr(to, 0, part) != nullptr) return {};
    to += part;
    from += part;
    capacity -= part;
  }
  return base::Error(KERN_INVALID_ARGUMENT);
}

}  // namespace kern
