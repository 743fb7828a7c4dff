// Copies of a few words between the kernel and the current address space, in line.
#pragma once

#include <cstdint>

namespace arch {
namespace internal {

[[nodiscard, gnu::always_inline]] inline bool copy_words(void* to, const void* from,
                                                         uint32_t words) {
  asm goto volatile(
      "1: rep movsl\n"
      ".pushsection .fixup_table, \"a\"\n"
      ".long 1b, %l[failed]\n"
      ".popsection"
      : "+D"(to), "+S"(from), "+c"(words)
      :
      : "memory"
      : failed);
  return true;
failed:
  return false;
}

}  // namespace internal

// As copy_from_user and copy_to_user.
[[nodiscard, gnu::always_inline]] inline bool copy_words_from_user(void* to, uint32_t from,
                                                                   uint32_t words) {
  return internal::copy_words(to, reinterpret_cast<const void*>(from), words);
}
[[nodiscard, gnu::always_inline]] inline bool copy_words_to_user(uint32_t to, const void* from,
                                                                 uint32_t words) {
  return internal::copy_words(reinterpret_cast<void*>(to), from, words);
}

}  // namespace arch
