// FakeSwapDevice: a medium in memory whose pages can be made to fail.
#pragma once

#include <mach/kern_return.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "default_pager/swap_device.h"

namespace default_pager {

class FakeSwapDevice final : public SwapDevice {
 public:
  struct Log {
    std::set<uint32_t> bad_pages;
    uint32_t reads = 0;
    uint32_t writes = 0;
    uint32_t destroyed = 0;
    uint32_t longest_read = 0;  // pages; 0: any number
  };

  FakeSwapDevice(uint32_t pages, Log& log, std::string name = "fake")
      : name_(std::move(name)), bytes_(size_t{pages} * kPageSize), log_(log) {}
  ~FakeSwapDevice() override { ++log_.destroyed; }

  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] uint32_t page_count() const override {
    return static_cast<uint32_t>(bytes_.size() / kPageSize);
  }
  base::Result<PageBlock> read(uint32_t first, uint32_t count) override {
    ++log_.reads;
    if (fails(first, count)) return base::Error(KERN_FAILURE);
    if (log_.longest_read != 0) count = std::min(count, log_.longest_read);
    const size_t size = size_t{count} * kPageSize;
    auto* copy = static_cast<std::byte*>(std::malloc(size));
    std::memcpy(copy, bytes_.data() + size_t{first} * kPageSize, size);
    return PageBlock(copy, size, [](std::byte* p, size_t) { std::free(p); });
  }
  base::Status write(uint32_t first, std::span<const std::byte> pages) override {
    ++log_.writes;
    if (fails(first, static_cast<uint32_t>(pages.size() / kPageSize))) {
      return base::Error(KERN_FAILURE);
    }
    std::ranges::copy(pages, bytes_.begin() + static_cast<ptrdiff_t>(size_t{first} * kPageSize));
    return {};
  }

 private:
  [[nodiscard]] bool fails(uint32_t first, uint32_t count) const {
    const auto bad = log_.bad_pages.lower_bound(first);
    return first + count > page_count() || (bad != log_.bad_pages.end() && *bad < first + count);
  }

  std::string name_;
  std::vector<std::byte> bytes_;
  Log& log_;
};

}  // namespace default_pager
