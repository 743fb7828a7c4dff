#include "kernel/device/io_request.h"

#include <algorithm>
#include <new>
#include <utility>

#include "kernel/device/open_device.h"

namespace device {
namespace {

// Calls visit(physical address, buffer part) for each piece of [offset, offset + bytes.size()) of a
// buffer that lies within a page.
template <typename Visit>
void for_each_piece(const vm::DmaBuffer& pages, uint32_t offset, std::span<uint8_t> bytes,
                    Visit visit) {
  uint32_t position = pages.page_offset() + offset;
  while (!bytes.empty()) {
    const uint32_t in_page = position & (arch::kPageSize - 1);
    const size_t size = std::min<size_t>(bytes.size(), arch::kPageSize - in_page);
    visit(pages.page(position >> arch::kPageShift) + in_page, bytes.first(size));
    bytes = bytes.subspan(size);
    position += static_cast<uint32_t>(size);
  }
}

void copy_piece_to_phys(arch::PhysAddr to, std::span<uint8_t> piece) {
  arch::copy_to_phys(to, piece.data(), piece.size());
}

}  // namespace

io_return_t to_io_return(int code) {
  return code == KERN_RESOURCE_SHORTAGE ? D_NO_MEMORY : code;
}

IoRequest::IoRequest(base::Ref<OpenDevice> opener, Parameters parameters, Reply reply)
    : opener_(std::move(opener)), parameters_(parameters), reply_(std::move(reply)) {}

IoRequest::~IoRequest() = default;

base::Result<IoRequestPtr> IoRequest::create(base::Ref<OpenDevice> opener, Parameters parameters,
                                             Reply::Port& reply_port) {
  constexpr Reply::Form kForms[] = {Reply::Form::kRead, Reply::Form::kReadInband,
                                    Reply::Form::kWrite, Reply::Form::kWriteInband};
  Reply reply = TRY(Reply::create(kForms[static_cast<size_t>(parameters.kind)], reply_port));
  IoRequestPtr request(new (std::nothrow) IoRequest(std::move(opener), parameters, {}));
  if (!request) {
    reply_port = reply.take_port();
    return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  request->reply_ = std::move(reply);
  return request;
}

void IoRequest::set_inband_data(std::span<const char> data) {
  std::ranges::copy(data, small_.begin());
}

io_return_t IoRequest::set_data(vm::MapCopyPtr data) {
  auto pages = vm::DmaBuffer::from_copy(std::move(data));
  if (!pages.ok()) return to_io_return(pages.code());
  pages_ = pages.take();
  has_pages_ = true;
  return D_SUCCESS;
}

void IoRequest::copy_data(uint32_t offset, std::span<uint8_t> to) {
  if (!has_pages_) {
    std::ranges::copy(std::span(small_).subspan(offset, to.size()), to.begin());
    return;
  }
  for_each_piece(pages_, offset, to, [](arch::PhysAddr from, std::span<uint8_t> part) {
    arch::copy_from_phys(part.data(), from, part.size());
  });
}

std::span<uint8_t> IoRequest::small_buffer() {
  return std::span(small_).first(std::min<size_t>(small_.size(), size()));
}

io_return_t IoRequest::allocate_pages(uint32_t bytes) {
  using Waiting = vm::DmaBuffer::Waiting;
  auto pages = vm::DmaBuffer::allocate(bytes, may_wait() ? Waiting::kMayWait : Waiting::kNoWait);
  if (!pages.ok()) return may_wait() ? to_io_return(pages.code()) : D_WOULD_BLOCK;
  pages_ = pages.take();
  has_pages_ = true;
  return D_SUCCESS;
}

void IoRequest::fill_pages(arch::PhysAddr from, uint32_t bytes) {
  for (uint32_t done = 0; done < bytes;) {
    const auto part = std::span(small_).first(std::min<size_t>(small_.size(), bytes - done));
    arch::copy_from_phys(part.data(), from + done, part.size());
    for_each_piece(pages_, done, part, copy_piece_to_phys);
    done += static_cast<uint32_t>(part.size());
  }
}

io_return_t IoRequest::align_data() {
  if (has_pages_ && pages_.page_offset() == 0) return D_SUCCESS;
  auto aligned = vm::DmaBuffer::allocate(size());
  if (!aligned.ok()) return to_io_return(aligned.code());
  std::array<uint8_t, kSmallSize> chunk;
  for (uint32_t done = 0; done < size();) {
    const auto part = std::span(chunk).first(std::min<size_t>(chunk.size(), size() - done));
    copy_data(done, part);
    for_each_piece(aligned.value(), done, part, copy_piece_to_phys);
    done += static_cast<uint32_t>(part.size());
  }
  pages_ = aligned.take();
  has_pages_ = true;
  return D_SUCCESS;
}

void IoRequest::finish(IoRequestPtr request, io_return_t result, uint32_t bytes) {
  if (request->is_read()) {
    request->send_read_reply(result, bytes);
  } else {
    request->reply_.send_written(result, bytes);
  }
}

void IoRequest::send_read_reply(io_return_t result, uint32_t bytes) {
  if (is_inband()) {
    const uint32_t count = std::min<uint32_t>(bytes, IO_INBAND_MAX);
    if (has_pages_ && count != 0) copy_data(0, std::span(small_).first(count));
    return reply_.send_data(result, std::span(small_).first(count));
  }
  vm::MapCopyPtr data;
  if (bytes != 0) {
    auto copy =
        has_pages_ ? pages_.take_copy(bytes) : vm::MapCopy::from_kernel(small_.data(), bytes);
    if (!copy.ok()) return reply_.send_data(to_io_return(copy.code()), vm::MapCopyPtr());
    data = copy.take();
  }
  reply_.send_data(result, std::move(data));
}

}  // namespace device
