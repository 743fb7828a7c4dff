// ConsoleDevice: "console", the operator's terminal: the screen with its keyboard, a serial port,
// or both at once.
#pragma once

#include "kernel/device/ps2_keyboard.h"
#include "kernel/device/tty_device.h"
#include "kernel/device/uart16550.h"
#include "kernel/device/vga_console.h"

namespace device {

class ConsoleDevice final : public TtyDevice,
                            public Uart16550::Client,
                            public Ps2Keyboard::Client {
 public:
  ConsoleDevice() : TtyDevice("console") {}

  // Each adds a half; both live for ever.
  void use_serial(Uart16550& uart);
  void use_screen(VgaConsole& screen) { screen_ = &screen; }

  void on_input(uint8_t byte) override { receive(byte); }
  void on_output_ready() override { output_ready(); }

 private:
  size_t output(std::span<const uint8_t> bytes) override;
  void discard_output() override;
  void stop_output(bool stop) override;

  // The serial port, unless somebody opened it for himself.
  [[nodiscard]] Uart16550* serial() const;

  Uart16550* uart_ = nullptr;
  VgaConsole* screen_ = nullptr;
};

}  // namespace device
