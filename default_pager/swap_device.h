// SwapDevice: one medium that pages are kept on. A Mach device in the system, memory in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "default_pager/page_block.h"
#include "libs/base/result.h"

namespace default_pager {

// Errors are kern_return_t values; KERN_FAILURE when the medium fails.
class SwapDevice {
 public:
  virtual ~SwapDevice() = default;

  // What people call it.
  [[nodiscard]] virtual std::string_view name() const = 0;

  // Whole pages that the medium holds.
  [[nodiscard]] virtual uint32_t page_count() const = 0;

  // Reads pages from page `first` on, into memory of their own: of `count` pages those, one at least, that lie together
  // on the medium.
  virtual base::Result<PageBlock> read(uint32_t first, uint32_t count) = 0;

  // Writes whole pages from page `first` on. Returns when they are safe from the end of this call:
  // the memory may be used for something else.
  virtual base::Status write(uint32_t first, std::span<const std::byte> pages) = 0;
};

}  // namespace default_pager
