#include "kernel/device/vga_console.h"

#include "kernel/arch/phys.h"

namespace device {
namespace {

constexpr uint8_t kCursorTopLine = 13;
constexpr uint8_t kCursorBottomLine = 14;
constexpr uint8_t kCursorOff = 0x20;

}  // namespace

VgaConsole::VgaConsole()
    : screen_(static_cast<volatile uint16_t*>(arch::direct_map(arch::PhysAddr{kTextMemory})),
              kColumns, kRows) {
  write_crt(CrtIndex::kCursorEnd, kCursorBottomLine);
  show_cursor();
}

void VgaConsole::write(std::span<const uint8_t> bytes) {
  for (uint8_t byte : bytes) screen_.write(byte);
  show_cursor();
}

void VgaConsole::write_crt(CrtIndex index, uint8_t value) {
  crt_index_.write(index);
  crt_data_.write(value);
}

void VgaConsole::show_cursor() {
  const auto position = static_cast<uint16_t>(screen_.row() * kColumns + screen_.column());
  write_crt(CrtIndex::kCursorHigh, static_cast<uint8_t>(position >> 8));
  write_crt(CrtIndex::kCursorLow, static_cast<uint8_t>(position));
  write_crt(CrtIndex::kCursorStart, screen_.cursor_visible() ? kCursorTopLine : kCursorOff);
}

}  // namespace device
