#include "kernel/device/time_device.h"

#include <device/time_status.h>

#include "kernel/kern/clock.h"

namespace device {

io_return_t TimeDevice::get_status(int flavor, std::span<int> status, size_t& count) {
  if (flavor != TIME_GET_EVENT) return MemoryDevice::get_status(flavor, status, count);
  if (ticks_ == nullptr) {
    auto created = kern::EventCount::create();
    if (!created.ok()) return D_NO_MEMORY;
    ticks_ = created.take();
    kern::set_tick_event(ticks_);
  }
  const int words[] = {static_cast<int>(ticks_->id())};
  return store_status(status, count, words);
}

}  // namespace device
