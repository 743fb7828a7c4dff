// ByteQueue: bytes in order of arrival, in one growing ring.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

#include "servers/process/large_copy.h"

namespace process {

class ByteQueue {
 public:
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  // Appends all of `data`.
  void push(std::span<const uint8_t> data) {
    if (data.empty()) return;
    reserve(size_ + data.size());
    const size_t to = (first_ + size_) & (capacity_ - 1);
    const size_t before_wrap = std::min(data.size(), capacity_ - to);
    large_copy(bytes_.get() + to, data.data(), before_wrap);
    if (before_wrap != data.size()) large_copy(bytes_.get(), data.data() + before_wrap, data.size() - before_wrap);
    size_ += data.size();
  }

  // Takes the oldest bytes, as many as there are and `data` has room for; their number.
  size_t pop(std::span<uint8_t> data) {
    const size_t count = std::min(data.size(), size_);
    if (count == 0) return 0;
    const size_t before_wrap = std::min(count, capacity_ - first_);
    large_copy(data.data(), bytes_.get() + first_, before_wrap);
    if (before_wrap != count) large_copy(data.data() + before_wrap, bytes_.get(), count - before_wrap);
    size_ -= count;
    // An empty queue begins anew: small messages then use the same memory again and again.
    first_ = size_ == 0 ? 0 : (first_ + count) & (capacity_ - 1);
    return count;
  }

 private:
  static constexpr size_t kSmallest = 1024;

  void reserve(size_t wanted) {
    if (wanted <= capacity_) return;
    size_t capacity = std::max(capacity_, kSmallest);
    while (capacity < wanted) capacity *= 2;
    std::unique_ptr<uint8_t[]> bytes(new uint8_t[capacity]);
    const size_t kept = size_;
    pop({bytes.get(), kept});
    bytes_ = std::move(bytes);
    capacity_ = capacity;
    first_ = 0;
    size_ = kept;
  }

  std::unique_ptr<uint8_t[]> bytes_;
  size_t capacity_ = 0;  // a power of two, or 0
  size_t first_ = 0;
  size_t size_ = 0;
};

}  // namespace process
