#include "servers/file/window_cache.h"

#include <mach.h>

#include <cerrno>

namespace file {
namespace {

void unmap(const WindowCache::Window& window) {
  (void)vm_deallocate(mach_task_self(), window.address, WindowCache::kSize);
}

}  // namespace

bool WindowCache::make_room() {
  if (windows_.size() < kMaxWindows) return true;
  for (auto at = windows_.end(); at != windows_.begin();) {
    --at;
    if (at->pins != 0) continue;
    unmap(*at);
    windows_.erase(at);
    return true;
  }
  return false;
}

base::Result<WindowCache::Window*> WindowCache::pin(mach_port_t object, uint64_t offset) {
  const auto start = static_cast<vm_offset_t>(offset - offset % kSize);
  for (auto at = windows_.begin(); at != windows_.end(); ++at) {
    if (at->object != object || at->offset != start) continue;
    windows_.splice(windows_.begin(), windows_, at);
    ++at->pins;
    return &*at;
  }
  if (!make_room()) return base::Error(ENOMEM);
  vm_address_t address = 0;
  const kern_return_t code =
      vm_map(mach_task_self(), &address, kSize, 0, TRUE, object, start, FALSE,
             VM_PROT_READ | VM_PROT_WRITE, VM_PROT_READ | VM_PROT_WRITE, VM_INHERIT_NONE);
  if (code != KERN_SUCCESS) return base::Error(ENOMEM);
  windows_.push_front({.object = object, .offset = start, .address = address, .pins = 1});
  return &windows_.front();
}

void WindowCache::drop(mach_port_t object) {
  std::erase_if(windows_, [&](const Window& window) {
    if (window.object != object || window.pins != 0) return false;
    unmap(window);
    return true;
  });
}

}  // namespace file
