#include "libs/server/reply_buffer.h"

#include <mach/vm_param.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "libs/base/math.h"

extern "C" {
void mig_allocate(vm_offset_t* address, vm_size_t size);
void mig_deallocate(vm_offset_t address, vm_size_t size);
}

namespace server {
namespace {

vm_size_t round_page_up(size_t size) {
  return static_cast<vm_size_t>(base::align_up<size_t>(size, PAGE_SIZE));
}

}  // namespace

base::Result<ReplyBuffer> ReplyBuffer::make(char* in_line, size_t size) {
  ReplyBuffer buffer(in_line, size);
  if (size > POSIX_IO_INLINE) {
    mig_allocate(&buffer.pages_, round_page_up(size));
    if (buffer.pages_ == 0) return base::Error(ENOMEM);
  }
  return buffer;
}

ReplyBuffer::ReplyBuffer(ReplyBuffer&& other) noexcept
    : in_line_(other.in_line_), size_(other.size_), pages_(std::exchange(other.pages_, 0)) {}

ReplyBuffer::~ReplyBuffer() {
  if (pages_ != 0) mig_deallocate(pages_, round_page_up(size_));
}

std::span<uint8_t> ReplyBuffer::bytes() {
  void* start = pages_ != 0 ? reinterpret_cast<void*>(uintptr_t{pages_}) : in_line_;
  return {static_cast<uint8_t*>(start), size_};
}

char* ReplyBuffer::release(size_t used) {
  if (pages_ == 0) return in_line_;
  if (used <= POSIX_IO_INLINE) {
    std::memcpy(in_line_, bytes().data(), used);
    return in_line_;
  }
  const vm_size_t all = round_page_up(size_);
  const vm_size_t kept = round_page_up(used);
  if (kept < all) mig_deallocate(pages_ + kept, all - kept);
  return reinterpret_cast<char*>(uintptr_t{std::exchange(pages_, 0)});
}

}  // namespace server
