#include "kernel/device/console_device.h"

namespace device {

void ConsoleDevice::use_serial(Uart16550& uart) {
  uart_ = &uart;
  uart.set_client(this);
}

Uart16550* ConsoleDevice::serial() const {
  return uart_ && uart_->client() == static_cast<const Uart16550::Client*>(this) ? uart_ : nullptr;
}

// The screen is always ready, so the serial port sets the pace.
size_t ConsoleDevice::output(std::span<const uint8_t> bytes) {
  Uart16550* const uart = serial();
  const size_t taken = uart ? uart->write(bytes) : bytes.size();
  if (screen_) screen_->write(bytes.first(taken));
  return taken;
}

void ConsoleDevice::discard_output() {
  if (Uart16550* uart = serial()) uart->discard_output();
}

void ConsoleDevice::stop_output(bool stop) {
  if (Uart16550* uart = serial()) uart->set_stopped(stop);
}

}  // namespace device
