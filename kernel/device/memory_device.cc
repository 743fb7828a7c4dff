#include "kernel/device/memory_device.h"

#include <algorithm>
#include <utility>

#include "kernel/vm/object.h"
#include "kernel/vm/pager_registry.h"
#include "libs/base/math.h"

namespace device {
namespace {

// Largest single read.
constexpr uint32_t kMaxTransfer = 4u << 20;

}  // namespace

void MemoryDevice::read(IoRequestPtr request) {
  const uint32_t offset = request->record();
  if (offset >= size_) return IoRequest::fail(std::move(request), D_INVALID_RECNUM);
  if (request->size() > kMaxTransfer) return IoRequest::fail(std::move(request), D_INVALID_SIZE);
  const uint32_t bytes = std::min(request->size(), size_ - offset);
  if (bytes == 0) return IoRequest::finish(std::move(request), D_SUCCESS, 0);
  if (const io_return_t result = request->allocate_pages(bytes); result != D_SUCCESS) {
    return IoRequest::fail(std::move(request), result);
  }
  request->fill_pages(start_ + offset, bytes);
  IoRequest::finish(std::move(request), D_SUCCESS, bytes);
}

void MemoryDevice::write(IoRequestPtr request) { IoRequest::fail(std::move(request), D_READ_ONLY); }

io_return_t MemoryDevice::get_status(int flavor, std::span<int> status, size_t& count) {
  if (flavor != DEV_GET_SIZE) return D_INVALID_OPERATION;
  const int words[] = {static_cast<int>(size_), 1};
  return store_status(status, count, words);
}

io_return_t MemoryDevice::map(vm_prot_t prot, vm::Offset offset, vm::Size size,
                              ipc::SendRight& memory_object) {
  if (prot & VM_PROT_WRITE) return D_READ_ONLY;
  const uint32_t limit = vm::round_page(size_);
  if (!base::is_aligned(offset, vm::kPageSize) || offset >= limit || size > limit - offset) {
    return D_INVALID_SIZE;
  }
  const uint32_t bytes = size == 0 ? limit - offset : vm::round_page(size);
  auto object = vm::Object::create_physical(start_ + offset, bytes, /*uncached=*/false);
  if (!object.ok()) return to_io_return(object.code());
  auto right = vm::export_object(object.take(), VM_PROT_READ | VM_PROT_EXECUTE);
  if (!right.ok()) return to_io_return(right.code());
  memory_object = right.take();
  return D_SUCCESS;
}

}  // namespace device
