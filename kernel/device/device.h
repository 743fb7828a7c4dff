// Device: what a driver offers to the device interface (book chapter 10).
#pragma once

#include <device/device_types.h>
#include <mach/vm_prot.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "kernel/device/device_name.h"
#include "kernel/device/io_request.h"
#include "kernel/ipc/right.h"
#include "kernel/vm/types.h"
#include "libs/base/list.h"

namespace device {

class OpenDevice;

// Devices live for ever. Unless it says otherwise, an operation answers D_INVALID_OPERATION: the
// device has no such thing. All run in threads.
class Device {
 public:
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  [[nodiscard]] std::string_view name() const { return name_.view(); }

  // The device with this name: this one, or a part of it. Null: neither. May block.
  virtual Device* find(std::string_view name) { return name == this->name() ? this : nullptr; }

  // Before each open; `first`: nobody has it open. Refusing is up to the device. May block.
  virtual io_return_t open(dev_mode_t mode, bool first);
  // After the last close.
  virtual void close() {}
  // An opener has closed: requests of its that wait for something outside are to be failed with
  // D_DEVICE_DOWN.
  virtual void cancel(const OpenDevice& opener);

  // Both take the request over and finish it, now or later.
  virtual void read(IoRequestPtr request);
  virtual void write(IoRequestPtr request);

  // Fills `status` and sets `count` to the words stored; it comes in as the room there is.
  virtual io_return_t get_status(int flavor, std::span<int> status, size_t& count);
  virtual io_return_t set_status(int flavor, std::span<const int> status);
  // A memory object of the device's memory [offset, offset + size).
  virtual io_return_t map(vm_prot_t prot, vm::Offset offset, vm::Size size,
                          ipc::SendRight& memory_object);

  base::ListLink table_link;

 protected:
  explicit Device(DeviceName name) : name_(name) {}
  explicit Device(std::string_view name) : name_(name) {}
  ~Device() = default;

 private:
  friend class OpenDevice;
  DeviceName name_;
  uint32_t open_count_ = 0;
};

// Stores `words` in a status array, D_INVALID_SIZE when there is not enough room.
io_return_t store_status(std::span<int> status, size_t& count, std::span<const int> words);

// Makes a device known by its name. It must not have been added before.
void add_device(Device& device);

// Null: there is no such device. May block.
Device* find_device(std::string_view name);

}  // namespace device
