// Clearing and copying whole pages sixteen bytes at a time.
#pragma once

namespace arch {

// Kernel addresses of pages, page aligned.
void clear_page_at(void* to);
void copy_page_at(void* to, const void* from);

}  // namespace arch
