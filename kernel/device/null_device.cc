#include "kernel/device/null_device.h"

#include <utility>

namespace device {

void NullDevice::read(IoRequestPtr request) {
  IoRequest::finish(std::move(request), D_SUCCESS, 0);
}

void NullDevice::write(IoRequestPtr request) {
  const uint32_t bytes = request->size();
  IoRequest::finish(std::move(request), D_SUCCESS, bytes);
}

}  // namespace device
