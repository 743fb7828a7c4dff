// VgaConsole: the text mode screen of a PC display adapter as a terminal.
#pragma once

#include <cstdint>
#include <span>

#include "kernel/device/io_register.h"
#include "kernel/device/text_screen.h"

namespace device {

class VgaConsole {
 public:
  // Clears the screen, which must be in 80x25 text mode (the firmware leaves it so).
  VgaConsole();

  void write(std::span<const uint8_t> bytes);

 private:
  static constexpr uint32_t kTextMemory = 0xb8000;
  static constexpr uint16_t kColumns = 80;
  static constexpr uint16_t kRows = 25;
  static constexpr uint16_t kMemoryRows = 0x8000 / sizeof(uint16_t) / kColumns;

  // Indexes of the CRT controller's registers.
  enum class CrtIndex : uint8_t {
    kCursorStart = 0x0a,
    kCursorEnd = 0x0b,
    kStartHigh = 0x0c,
    kStartLow = 0x0d,
    kCursorHigh = 0x0e,
    kCursorLow = 0x0f,
  };

  void write_crt(CrtIndex index, uint8_t value);
  void write_crt_word(CrtIndex high, CrtIndex low, uint16_t value);
  // Tells the adapter where the picture and the cursor are.
  void show();

  IoRegister<CrtIndex> crt_index_{0x3d4};
  IoRegister<uint8_t> crt_data_{0x3d5};
  TextScreen screen_;
  uint16_t shown_origin_ = 0;
};

}  // namespace device
