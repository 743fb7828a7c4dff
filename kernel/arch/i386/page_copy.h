// Clearing and copying whole pages sixteen bytes at a time.
#pragma once

#include <cstddef>

namespace arch {

// Kernel addresses of pages, page aligned.
void clear_page_at(void* to);
void copy_page_at(void* to, const void* from);

// Copies bytes, of which one side is memory of the current address space. False: stopped by a page fault.
[[nodiscard]] bool copy_bytes_now(void* to, const void* from, size_t size);

}  // namespace arch
