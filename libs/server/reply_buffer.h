// ReplyBuffer: room for the data of a reply, in the message when small, else in pages of its own.
#pragma once

#include <mach/vm_types.h>
#include <servers/posix_types.h>

#include <cstdint>
#include <span>

#include "libs/base/result.h"

namespace server {

class ReplyBuffer {
 public:
  // `in_line`: POSIX_IO_INLINE bytes where data of that size goes. ENOMEM.
  static base::Result<ReplyBuffer> make(char* in_line, size_t size);
  ReplyBuffer(ReplyBuffer&& other) noexcept;
  ReplyBuffer(const ReplyBuffer&) = delete;
  ReplyBuffer& operator=(const ReplyBuffer&) = delete;
  ~ReplyBuffer();

  [[nodiscard]] std::span<uint8_t> bytes();
  // The address of the first `used` bytes for a `posix_data_t ... dealloc` result: either the
  // message itself or pages that now belong to the reply.
  char* release(size_t used);

 private:
  ReplyBuffer(char* in_line, size_t size) : in_line_(in_line), size_(size) {}

  char* in_line_;
  size_t size_;
  vm_offset_t pages_ = 0;
};

}  // namespace server
