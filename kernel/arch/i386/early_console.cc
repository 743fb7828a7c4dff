// Polled output on COM1 and the VGA text screen, for messages before and beneath the drivers.
#include "kernel/arch/boot.h"
#include "kernel/arch/i386/early_console.h"
#include "kernel/arch/i386/io_port.h"

namespace arch {
namespace {

constexpr uint16_t kCom1 = 0x3F8;
constexpr uint16_t kData = kCom1, kInterruptEnable = kCom1 + 1, kFifo = kCom1 + 2,
                   kLineControl = kCom1 + 3, kModemControl = kCom1 + 4, kLineStatus = kCom1 + 5;
constexpr uint8_t kDataReady = 0x01, kTransmitEmpty = 0x20;
constexpr unsigned kColumns = 80, kRows = 25;
constexpr uint16_t kAttribute = 0x0700;

bool screen_enabled = true;
unsigned column, row;

volatile uint16_t* screen() {
  return static_cast<volatile uint16_t*>(direct_map(PhysAddr{0xB8000}));
}

void scroll() {
  volatile uint16_t* cells = screen();
  for (unsigned i = 0; i < kColumns * (kRows - 1); ++i) cells[i] = cells[i + kColumns];
  for (unsigned i = 0; i < kColumns; ++i) cells[kColumns * (kRows - 1) + i] = kAttribute | ' ';
}

void screen_put(char c) {
  if (c == '\n') {
    column = 0;
    ++row;
  } else if (c == '\r') {
    column = 0;
  } else {
    screen()[row * kColumns + column] = static_cast<uint16_t>(kAttribute | (c & 0xFF));
    if (++column == kColumns) {
      column = 0;
      ++row;
    }
  }
  if (row == kRows) {
    scroll();
    row = kRows - 1;
  }
}

void serial_put(char c) {
  for (unsigned spin = 0; spin < 100'000 && !(inb(kLineStatus) & kTransmitEmpty); ++spin) {
  }
  outb(kData, static_cast<uint8_t>(c));
}

}  // namespace

void init_early_console() {
  outb(kInterruptEnable, 0);
  outb(kLineControl, 0x80);  // divisor latch
  outb(kData, 1);            // 115200 baud
  outb(kInterruptEnable, 0);
  outb(kLineControl, 3);  // 8N1
  outb(kFifo, 0xC7);
  outb(kModemControl, 0x0B);
  volatile uint16_t* cells = screen();
  for (unsigned i = 0; i < kColumns * kRows; ++i) cells[i] = kAttribute | ' ';
}

void early_write(const char* text, unsigned length) {
  for (unsigned i = 0; i < length; ++i) {
    if (text[i] == '\n') serial_put('\r');
    serial_put(text[i]);
    if (screen_enabled) screen_put(text[i]);
  }
}

void release_early_screen() { screen_enabled = false; }

int early_read() { return (inb(kLineStatus) & kDataReady) ? inb(kData) : -1; }

}  // namespace arch
