// ByteRing: a fixed queue of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace device {

template <size_t kCapacity>
class ByteRing {
  static_assert((kCapacity & (kCapacity - 1)) == 0, "a power of two");

 public:
  [[nodiscard]] size_t size() const { return head_ - tail_; }
  [[nodiscard]] bool empty() const { return head_ == tail_; }
  [[nodiscard]] size_t space() const { return kCapacity - size(); }

  // False: full, the byte is not taken.
  bool push(uint8_t byte) {
    if (space() == 0) return false;
    bytes_[head_++ & (kCapacity - 1)] = byte;
    return true;
  }
  // Only when not empty.
  uint8_t pop() { return bytes_[tail_++ & (kCapacity - 1)]; }
  // Moves up to out.size() bytes out; returns how many.
  size_t pop(std::span<uint8_t> out) {
    size_t count = 0;
    while (count < out.size() && !empty()) out[count++] = pop();
    return count;
  }
  void clear() { tail_ = head_; }

 private:
  uint8_t bytes_[kCapacity];
  size_t head_ = 0;  // Both only grow; their difference is the size, also when they wrap.
  size_t tail_ = 0;
};

}  // namespace device
