// Copies of a few words between the kernel and the current address space.
#pragma once

#include <cstddef>
#include <cstdint>

namespace arch {

[[nodiscard]] inline bool copy_words_from_user(void* to, uint32_t from, uint32_t words) {
  return copy_from_user(to, from, size_t{words} * 4);
}
[[nodiscard]] inline bool copy_words_to_user(uint32_t to, const void* from, uint32_t words) {
  return copy_to_user(to, from, size_t{words} * 4);
}

}  // namespace arch
