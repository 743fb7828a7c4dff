#pragma once

#include <stddef.h>
#include <stdint.h>

// The words of messages, for generated C++ code. Freestanding.
namespace mig {

using Word [[gnu::may_alias]] = uint32_t;

inline constexpr uint32_t kComplexBit = 1u << 31;      // msgh_bits
inline constexpr uint32_t kRetCodeType = 0x10012002u;  // one in-line INTEGER_32
inline constexpr uint32_t kReplyHeaderBytes = 32;
inline constexpr uint32_t kReplyIdOffset = 100;

/// The 32-bit word `offset` bytes after `base`.
inline Word& word(char* base, size_t offset) { return *reinterpret_cast<Word*>(base + offset); }

/// Whether `text` ends within `bytes` bytes.
inline bool has_nul(const char* text, uint32_t bytes) {
  return bytes != 0 && __builtin_memchr(text, 0, bytes) != nullptr;
}

/// Characters before the NUL, or `max` when there is none among the first `max`.
inline uint32_t length(const char* text, uint32_t max) {
  uint32_t result = 0;
  while (result < max && text[result] != 0) ++result;
  return result;
}

/// Bytes of a string with its NUL; a string of `max` characters without one is cut to end there.
inline uint32_t terminate(char* text, uint32_t max) {
  for (uint32_t i = 0; i < max; ++i) {
    if (text[i] == 0) return i + 1;
  }
  text[max - 1] = 0;
  return max;
}

/// Clears what follows the last of `bytes` bytes up to the next word, so that padding says nothing.
inline void clear_padding(char* data, uint32_t bytes) {
  for (uint32_t i = bytes; (i & 3u) != 0; ++i) data[i] = 0;
}

}  // namespace mig
