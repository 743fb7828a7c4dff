#include "servers/file/mach_file_pages.h"

#include <mach.h>
#include <mach/memory_object_user.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "servers/file/mapped_copy.h"

namespace file {
namespace {

constexpr vm_size_t kWholeFile = 0xfffff000;

uint8_t* at_address(vm_address_t address) { return reinterpret_cast<uint8_t*>(address); }

}  // namespace

MachFilePages::~MachFilePages() {
  pager_.windows().drop(port_);
  pager_.remove(*this);
  (void)mach_port_destroy(mach_task_self(), port_);
}

template <typename F>
base::Status MachFilePages::for_each_window(uint64_t offset, size_t size, F copy) {
  server::Mutex& lock = pager_.lock();
  for (size_t done = 0; done < size;) {
    const uint64_t at = offset + done;
    const auto within = static_cast<vm_offset_t>(at % WindowCache::kSize);
    const size_t part = std::min<size_t>(size - done, WindowCache::kSize - within);
    WindowCache::Window* window = nullptr;
    {
      const server::LockGuard guard(lock);
      window = TRY(pager_.windows().pin(port_, at));
    }
    const bool copied = copy(at_address(window->address + within), done, part);
    const server::LockGuard guard(lock);
    pager_.windows().unpin(*window);
    if (!copied) return base::Error(EIO);
    done += part;
  }
  return {};
}

base::Status MachFilePages::read(uint64_t offset, std::span<uint8_t> data) {
  return for_each_window(offset, data.size(), [&](uint8_t* mapped, size_t done, size_t part) {
    return mapped_copy(data.data() + done, mapped, part);
  });
}

base::Status MachFilePages::write(uint64_t offset, std::span<const uint8_t> data) {
  return for_each_window(offset, data.size(), [&](uint8_t* mapped, size_t done, size_t part) {
    return mapped_copy(mapped, data.data() + done, part);
  });
}

base::Status MachFilePages::zero(uint64_t offset, size_t size) {
  static constexpr std::array<uint8_t, kPageSize> kZeros = {};
  return for_each_window(offset, size, [&](uint8_t* mapped, size_t, size_t part) {
    for (size_t done = 0; done < part; done += kZeros.size()) {
      if (!mapped_copy(mapped + done, kZeros.data(), std::min(kZeros.size(), part - done))) {
        return false;
      }
    }
    return true;
  });
}

base::Status MachFilePages::lock_request(uint64_t offset, Flush flush) {
  std::unique_lock lock(pager_.lock());
  if (flush == Flush::kYes) pager_.read_ahead().drop(store_);
  if (control_ == MACH_PORT_NULL) return {};
  const auto start = static_cast<vm_offset_t>(offset);
  const kern_return_t code = memory_object_lock_request(
      control_, start, kWholeFile - start,
      flush == Flush::kYes ? MEMORY_OBJECT_RETURN_NONE : MEMORY_OBJECT_RETURN_DIRTY,
      flush == Flush::kYes ? TRUE : FALSE, VM_PROT_NO_CHANGE, port_);
  // A control port that has died means that terminate is on its way, and the pages before it.
  if (code != KERN_SUCCESS) return {};
  const uint32_t mine = ++locks_asked_;
  completed_.wait(lock, [&] { return static_cast<int32_t>(locks_done_ - mine) >= 0; });
  const int error = std::exchange(write_error_, 0);
  if (error != 0) return base::Error(error);
  return {};
}

base::Status MachFilePages::clean() { return lock_request(0, Flush::kNo); }

base::Status MachFilePages::discard_from(uint64_t offset) {
  return lock_request(offset, Flush::kYes);
}

void MachFilePages::retire() {
  pager_.windows().drop(port_);
  if (control_ == MACH_PORT_NULL) return;
  (void)memory_object_change_attributes(control_, FALSE, MEMORY_OBJECT_COPY_DELAY,
                                        MACH_PORT_NULL);
}

base::Status MachFilePages::map_into(const server::WindowRequest& request, bool writable) {
  const vm_prot_t protection = (request.readable ? VM_PROT_READ : VM_PROT_NONE) |
                               (writable ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_NONE);
  vm_address_t address = request.address;
  const kern_return_t code =
      vm_map(request.task, &address, request.size, 0, FALSE, port_,
             static_cast<vm_offset_t>(request.offset), FALSE, protection, protection,
             VM_INHERIT_NONE);
  if (code == KERN_SUCCESS) return {};
  return base::Error(code == KERN_RESOURCE_SHORTAGE ? ENOMEM : EINVAL);
}

void MachFilePages::initialized(mach_port_t control) {
  control_ = control;
  (void)memory_object_ready(control, TRUE, MEMORY_OBJECT_COPY_DELAY);
  store_.pages_attached();
}

void MachFilePages::terminated(mach_port_t control) {
  // A mapping may have overtaken the end of the one before: then control_ is the new one.
  if (control != control_) return;
  control_ = MACH_PORT_NULL;
  pager_.read_ahead().drop(store_);
  locks_done_ = locks_asked_;
  completed_.notify_all();
  store_.pages_detached();
}

void MachFilePages::lock_completed() {
  ++locks_done_;
  completed_.notify_all();
}

}  // namespace file
