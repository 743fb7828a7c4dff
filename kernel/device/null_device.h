// NullDevice: "null", which swallows what is written and has nothing to read.
#pragma once

#include "kernel/device/device.h"

namespace device {

class NullDevice final : public Device {
 public:
  NullDevice() : Device("null") {}

  void read(IoRequestPtr request) override;
  void write(IoRequestPtr request) override;
};

}  // namespace device
