// PageBlock: pages just read, in memory of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace default_pager {

inline constexpr uint32_t kPageSize = 4096;

// Move-only owner of page-aligned memory.
class PageBlock {
 public:
  using Release = void (*)(std::byte* start, size_t size);

  PageBlock(std::byte* start, size_t size, Release release)
      : start_(start), size_(size), release_(release) {}
  PageBlock(PageBlock&& other) noexcept
      : start_(std::exchange(other.start_, nullptr)), size_(other.size_), release_(other.release_) {}
  PageBlock& operator=(PageBlock&&) = delete;
  ~PageBlock() {
    if (start_ != nullptr) release_(start_, size_);
  }

  [[nodiscard]] std::span<std::byte> bytes() const { return {start_, size_}; }

  // Gives the memory away.
  std::span<std::byte> take() { return {std::exchange(start_, nullptr), size_}; }

 private:
  std::byte* start_;
  size_t size_;
  Release release_;
};

}  // namespace default_pager
