// Copying from and to mapped files: memory that may turn out not to be there.
#pragma once

#include <cstddef>
#include <cstdint>

namespace file {

// Copies `size` bytes. False when a page could not be had (the disk failed): FaultHandler ends the
// copy there. Only in threads that a FaultHandler watches.
[[nodiscard]] bool mapped_copy(void* to, const void* from, size_t size);

// Whether a thread that stopped at `eip` was in mapped_copy, and where it is to go on.
bool is_in_mapped_copy(uint32_t eip);
uint32_t mapped_copy_failure();

}  // namespace file
