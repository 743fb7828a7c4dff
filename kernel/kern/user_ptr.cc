#include "kernel/kern/user_ptr.h"

#include <algorithm>
#include <cstring>

#include "kernel/kern/thread.h"

namespace kern {
namespace {

constexpr size_t kPage = 4096;

}  // namespace

bool copy_was_aborted() { return current_thread().sched.abort_pending; }

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
