#include "kernel/device/serial_device.h"

#include <array>

namespace device {
namespace {

// Bits a second by B_ code; 0 = the code stands for no speed (B0) or for one no divisor gives.
constexpr std::array<uint32_t, 16> kSpeeds = {0,   50,   75,   110,  134,  150,  200,   300,
                                              600, 1200, 1800, 2400, 4800, 9600, 19200, 38400};

}  // namespace

io_return_t SerialDevice::open(dev_mode_t, bool first) {
  if (first) {
    previous_client_ = uart_.client();
    uart_.set_client(this);
  }
  return D_SUCCESS;
}

void SerialDevice::close() {
  TtyDevice::close();
  uart_.set_client(previous_client_);
  if (previous_client_) previous_client_->on_output_ready();
}

bool SerialDevice::set_speed(int code) {
  if (code < 0) return false;
  const auto number = static_cast<uint32_t>(code);
  return uart_.set_speed(number < kSpeeds.size() ? kSpeeds[number] : number);
}

int SerialDevice::speed() const {
  for (size_t code = 1; code < kSpeeds.size(); ++code) {
    if (kSpeeds[code] == uart_.speed()) return static_cast<int>(code);
  }
  return static_cast<int>(uart_.speed());
}

int SerialDevice::modem_lines() const {
  const Uart16550::ModemLines lines = uart_.modem_lines();
  return TM_DTR | TM_RTS | (lines.clear_to_send ? TM_CTS : 0) |
         (lines.data_set_ready ? TM_DSR : 0) | (lines.ring ? TM_RNG : 0) |
         (lines.carrier ? TM_CAR : 0);
}

}  // namespace device
