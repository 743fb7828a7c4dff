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
              kColumns, kRows, kMemoryRows) {
  write_crt(CrtIndex::kCursorEnd, kCursorBottomLine);
  write_crt_word(CrtIndex::kStartHigh, CrtIndex::kStartLow, 0);
  show();
}

void VgaConsole::write(std::span<const uint8_t> bytes) {
  for (uint8_t byte : bytes) screen_.write(byte);
  show();
}

void VgaConsole::write_crt(CrtIndex index, uint8_t value) {
  crt_index_.write(index);
  crt_data_.write(value);
}

void VgaConsole::write_crt_word(CrtIndex high, CrtIndex low, uint16_t value) {
  write_crt(high, static_cast<uint8_t>(value >> 8));
  write_crt(low, static_cast<uint8_t>(value));
}

void VgaConsole::show() {
  const uint16_t origin = screen_.origin();
  if (origin != shown_origin_) write_crt_word(CrtIndex::kStartHigh, CrtIndex::kStartLow, origin);
  shown_origin_ = origin;
  const auto cursor =
      static_cast<uint16_t>(origin + screen_.row() * kColumns + screen_.column());
  write_crt_word(CrtIndex::kCursorHigh, CrtIndex::kCursorLow, cursor);
  write_crt(CrtIndex::kCursorStart, screen_.cursor_visible() ? kCursorTopLine : kCursorOff);
}

}  // namespace device
