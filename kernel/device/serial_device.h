// SerialDevice: "com0" and "com1".
#pragma once

#include "kernel/device/tty_device.h"
#include "kernel/device/uart16550.h"

namespace device {

// While it is open the port's input comes here, also when the port otherwise belongs to the
// console, whose serial half then pauses.
class SerialDevice final : public TtyDevice, public Uart16550::Client {
 public:
  SerialDevice(std::string_view name, Uart16550& uart) : TtyDevice(name), uart_(uart) {}

  io_return_t open(dev_mode_t mode, bool first) override;
  void close() override;

  void on_input(uint8_t byte) override { receive(byte); }
  void on_output_ready() override { output_ready(); }

 private:
  size_t output(std::span<const uint8_t> bytes) override { return uart_.write(bytes); }
  void discard_output() override { uart_.discard_output(); }
  void stop_output(bool stop) override { uart_.set_stopped(stop); }
  void send_break(bool on) override { uart_.set_break(on); }
  bool set_speed(int code) override;
  [[nodiscard]] int speed() const override;
  [[nodiscard]] int modem_lines() const override;

  Uart16550& uart_;
  Uart16550::Client* previous_client_ = nullptr;
};

}  // namespace device
