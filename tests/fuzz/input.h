// Input: the bytes of a fuzzer, read as choices.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fuzz {

// What is read beyond the end is zero, so every input means something.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : at_(data), end_(data + size) {}

  [[nodiscard]] bool empty() const { return at_ == end_; }
  uint8_t byte() { return empty() ? 0 : *at_++; }
  uint16_t half() {
    const uint8_t low = byte();
    return static_cast<uint16_t>(low | byte() << 8);
  }
  uint32_t word() {
    const uint32_t low = half();
    return low | static_cast<uint32_t>(half()) << 16;
  }
  // Less than `limit`, which is at most 256.
  uint32_t pick(uint32_t limit) { return byte() % limit; }
  // True for one byte in `n`; false at the end.
  bool one_in(uint32_t n) { return byte() % n == n - 1; }

 private:
  const uint8_t* at_;
  const uint8_t* end_;
};

}  // namespace fuzz
