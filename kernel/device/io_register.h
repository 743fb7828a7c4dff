// IoRegister: one typed hardware register in the processor's I/O space.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "kernel/arch/i386/io_port.h"

namespace device {

// Value: an integer, an enum or a trivially copyable struct of 1, 2 or 4 bytes that says what the
// bits mean. Reads and writes are single accesses of that width.
template <typename Value>
class IoRegister {
  static_assert(std::is_trivially_copyable_v<Value>);
  static_assert(sizeof(Value) == 1 || sizeof(Value) == 2 || sizeof(Value) == 4);
  using Raw = std::conditional_t<sizeof(Value) == 1, uint8_t,
                                 std::conditional_t<sizeof(Value) == 2, uint16_t, uint32_t>>;

 public:
  explicit constexpr IoRegister(uint16_t port) : port_(port) {}

  [[nodiscard]] Value read() const {
    if constexpr (sizeof(Value) == 1) return std::bit_cast<Value>(arch::inb(port_));
    if constexpr (sizeof(Value) == 2) return std::bit_cast<Value>(arch::inw(port_));
    if constexpr (sizeof(Value) == 4) return std::bit_cast<Value>(arch::inl(port_));
  }
  void write(Value value) const {
    const Raw raw = std::bit_cast<Raw>(value);
    if constexpr (sizeof(Value) == 1) arch::outb(port_, raw);
    if constexpr (sizeof(Value) == 2) arch::outw(port_, raw);
    if constexpr (sizeof(Value) == 4) arch::outl(port_, raw);
  }

  [[nodiscard]] constexpr uint16_t port() const { return port_; }

 private:
  uint16_t port_;
};

}  // namespace device
