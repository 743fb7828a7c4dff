// MemoryDevice: a range of physical memory to read and map: boot modules; also the "time" page.
#pragma once

#include "kernel/arch/phys.h"
#include "kernel/device/device.h"

namespace device {

// Record numbers count bytes. Read only: writes and writable maps give D_READ_ONLY.
class MemoryDevice : public Device {
 public:
  // `start` page aligned; the memory stays what it is for ever.
  MemoryDevice(DeviceName name, arch::PhysAddr start, uint32_t size)
      : Device(name), start_(start), size_(size) {}

  void read(IoRequestPtr request) override;
  void write(IoRequestPtr request) override;
  // DEV_GET_SIZE: {size, 1}.
  io_return_t get_status(int flavor, std::span<int> status, size_t& count) override;
  io_return_t map(vm_prot_t prot, vm::Offset offset, vm::Size size,
                  ipc::SendRight& memory_object) override;

 private:
  const arch::PhysAddr start_;
  const uint32_t size_;
};

}  // namespace device
