// The PCI buses: configuration space and enumeration (configuration mechanism 1).
#pragma once

#include <cstdint>
#include <optional>

namespace device {

struct PciAddress {
  uint8_t bus = 0;
  uint8_t device = 0;    // 0..31
  uint8_t function = 0;  // 0..7
};

// What kind of thing a function is.
struct PciClass {
  uint8_t base = 0;
  uint8_t sub = 0;
  uint8_t interface = 0;
};

// One base address register.
struct PciBar {
  enum class Space : uint8_t { kMemory, kIo };
  Space space = Space::kMemory;
  uint32_t address = 0;  // 0: not assigned
};

// One function of a PCI device. A value: copies name the same function.
class PciFunction {
 public:
  explicit constexpr PciFunction(PciAddress address) : address_(address) {}

  // False: nothing answers at this address.
  [[nodiscard]] bool present() const { return vendor() != 0xffff; }
  [[nodiscard]] uint16_t vendor() const { return read16(kVendor); }
  [[nodiscard]] uint16_t device_id() const { return read16(kDeviceId); }
  [[nodiscard]] PciClass device_class() const;
  [[nodiscard]] PciBar bar(unsigned index) const;
  // The interrupt line the firmware routed, 0..15.
  [[nodiscard]] unsigned interrupt_line() const { return read8(kInterruptLine); }
  [[nodiscard]] constexpr PciAddress address() const { return address_; }

  // Lets the function decode its I/O and memory addresses and be a bus master (DMA).
  void enable_bus_master() const;

  // Configuration space; `offset` aligned to the width.
  [[nodiscard]] uint8_t read8(uint8_t offset) const;
  [[nodiscard]] uint16_t read16(uint8_t offset) const;
  [[nodiscard]] uint32_t read32(uint8_t offset) const;
  void write16(uint8_t offset, uint16_t value) const;
  void write32(uint8_t offset, uint32_t value) const;

 private:
  friend class PciWalker;
  static constexpr uint8_t kVendor = 0x00;
  static constexpr uint8_t kDeviceId = 0x02;
  static constexpr uint8_t kCommand = 0x04;
  static constexpr uint8_t kClass = 0x08;
  static constexpr uint8_t kHeaderType = 0x0e;
  static constexpr uint8_t kFirstBar = 0x10;
  static constexpr uint8_t kInterruptLine = 0x3c;

  PciAddress address_;
};

// Walks over all functions of all buses:
//   for (PciWalker walker; auto function = walker.next();) ...
class PciWalker {
 public:
  [[nodiscard]] std::optional<PciFunction> next();

 private:
  void advance(bool skip_functions);

  uint32_t position_ = 0;  // bus << 8 | device << 3 | function
};

}  // namespace device
