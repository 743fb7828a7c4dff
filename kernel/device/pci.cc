#include "kernel/device/pci.h"

#include "kernel/device/io_register.h"

namespace device {
namespace {

constexpr IoRegister<uint32_t> kConfigAddress(0xcf8);
constexpr IoRegister<uint32_t> kConfigData(0xcfc);
constexpr uint32_t kConfigEnable = 1u << 31;

constexpr uint16_t kCommandIo = 1 << 0;
constexpr uint16_t kCommandMemory = 1 << 1;
constexpr uint16_t kCommandBusMaster = 1 << 2;

constexpr uint32_t kBarIsIo = 1;
constexpr uint32_t kBarIoMask = ~3u;
constexpr uint32_t kBarMemoryMask = ~15u;

constexpr uint8_t kMultiFunction = 0x80;
constexpr uint32_t kPositions = 256 << 8;
constexpr uint32_t kFunctionsPerDevice = 8;

void select(PciAddress a, uint8_t offset) {
  kConfigAddress.write(kConfigEnable | static_cast<uint32_t>(a.bus) << 16 | a.device << 11 |
                       a.function << 8 | (offset & ~3));
}

}  // namespace

uint32_t PciFunction::read32(uint8_t offset) const {
  select(address_, offset);
  return kConfigData.read();
}

uint16_t PciFunction::read16(uint8_t offset) const {
  return static_cast<uint16_t>(read32(offset) >> (8 * (offset & 2)));
}

uint8_t PciFunction::read8(uint8_t offset) const {
  return static_cast<uint8_t>(read32(offset) >> (8 * (offset & 3)));
}

void PciFunction::write32(uint8_t offset, uint32_t value) const {
  select(address_, offset);
  kConfigData.write(value);
}

void PciFunction::write16(uint8_t offset, uint16_t value) const {
  select(address_, offset);
  // The data register is byte addressable; a 32-bit write would also write the neighbour, and the
  // status register next to the command register is cleared by writing ones.
  IoRegister<uint16_t>(static_cast<uint16_t>(kConfigData.port() + (offset & 2))).write(value);
}

PciClass PciFunction::device_class() const {
  const uint32_t word = read32(kClass);
  return {.base = static_cast<uint8_t>(word >> 24),
          .sub = static_cast<uint8_t>(word >> 16),
          .interface = static_cast<uint8_t>(word >> 8)};
}

PciBar PciFunction::bar(unsigned index) const {
  const uint32_t word = read32(static_cast<uint8_t>(kFirstBar + 4 * index));
  if (word & kBarIsIo) return {PciBar::Space::kIo, word & kBarIoMask};
  return {PciBar::Space::kMemory, word & kBarMemoryMask};
}

void PciFunction::enable_bus_master() const {
  write16(kCommand, static_cast<uint16_t>(read16(kCommand) | kCommandIo | kCommandMemory |
                                          kCommandBusMaster));
}

std::optional<PciFunction> PciWalker::next() {
  while (position_ < kPositions) {
    const PciFunction function({.bus = static_cast<uint8_t>(position_ >> 8),
                                .device = static_cast<uint8_t>(position_ >> 3 & 31),
                                .function = static_cast<uint8_t>(position_ & 7)});
    const bool present = function.present();
    const bool first = function.address().function == 0;
    const bool single =
        present && first && (function.read8(PciFunction::kHeaderType) & kMultiFunction) == 0;
    advance(first && (!present || single));
    if (present) return function;
  }
  return std::nullopt;
}

void PciWalker::advance(bool skip_functions) {
  position_ += skip_functions ? kFunctionsPerDevice : 1;
}

}  // namespace device
