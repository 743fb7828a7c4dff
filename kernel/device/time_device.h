// TimeDevice: the page with the wall clock, and the clock interrupt as an event.
#pragma once

#include "kernel/device/memory_device.h"
#include "kernel/kern/event_count.h"

namespace device {

class TimeDevice final : public MemoryDevice {
 public:
  // `page`: what kern::set_mapped_time was given.
  explicit TimeDevice(arch::PhysAddr page)
      : MemoryDevice(DeviceName("time"), page, arch::kPageSize) {}

  // TIME_GET_EVENT: the number of an event count (evc_wait) that every clock interrupt signals. It
  // is made by the first such call. D_NO_MEMORY: there are no more event counts.
  io_return_t get_status(int flavor, std::span<int> status, size_t& count) override;

 private:
  kern::EventCount* ticks_ = nullptr;
};

}  // namespace device
