// An i386 in user mode with flat 32-bit segments: what compilers for it use. What it has not got is
// an invalid opcode.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "kernel/arch/host/user_mode/registers.h"
#include "kernel/arch/host/user_mode/user_memory.h"
#include "platform/context.h"

namespace user_mode {

// What stops it, by the numbers of the processor's vectors; the last three are the ways into the
// kernel that have none.
namespace vector {
inline constexpr uint32_t kDivide = 0, kDebug = 1, kBreakpoint = 3, kOverflow = 4, kBound = 5,
                          kInvalidOpcode = 6, kProtection = 13, kPageFault = 14, kFloatError = 16,
                          kSoftware = 0x80, kLcall = 0x100, kSysenter = 0x101, kNone = UINT32_MAX;
}  // namespace vector

struct Stop {
  uint32_t vector = vector::kNone;
  uint32_t error = 0;    // as the processor pushes it
  uint32_t address = 0;  // of a page fault
};

class Processor {
 public:
  using Time = uint64_t (*)();
  // `time` is what RDTSC reads.
  Processor(UserMemory& memory, Time time) : memory_(memory), time_(time) {}

  // Executes at most `budget` instructions and counts them off, until something stops it (no
  // vector: the budget is used up). The registers are those before the instruction for faults,
  // those after it for traps: int3, into, system calls, single steps.
  Stop run(Registers& registers, arch::FloatState& floats, uint32_t& budget);

 private:
  friend struct Instructions;
  enum class Repeat : uint8_t { kNo, kWhileEqual, kWhileNotEqual };
  using Handler = void (*)(Processor&);

  // What a ModR/M byte names: a register, or memory.
  struct Operand {
    bool in_register;
    uint8_t number;
    uint32_t address;
  };

  void execute();
  void decode_prefixes();

  // --- faults: the first one counts, and what the instruction does afterwards is undone
  void fault(uint32_t vector, uint32_t error = 0);
  void page_fault(bool write);
  [[nodiscard]] bool faulted() const { return stop_.vector != vector::kNone; }
  // After the instruction.
  void trap(uint32_t vector) { trap_ = vector; }

  // --- memory; zeros after a fault
  template <typename T>
  T load(uint32_t va) {
    T value{};
    if (!memory_.load(va, value)) page_fault(/*write=*/false);
    return value;
  }
  template <typename T>
  void store(uint32_t va, T value) {
    if (!faulted() && !memory_.store(va, value)) page_fault(/*write=*/true);
  }
  template <typename T>
  T fetch() {
    const T value = load<T>(r_.eip);
    r_.eip += sizeof(T);
    return value;
  }
  // An immediate operand; bytes are sign extended where the instruction wants it so.
  template <typename T>
  T fetch_signed_byte() {
    return static_cast<T>(static_cast<int8_t>(fetch<uint8_t>()));
  }
  template <typename T>
  void push(T value) {
    store<T>(r_.general[kEsp] - sizeof(T), value);
    r_.general[kEsp] -= sizeof(T);
  }
  template <typename T>
  T pop() {
    const T value = load<T>(r_.general[kEsp]);
    r_.general[kEsp] += sizeof(T);
    return value;
  }

  // --- registers
  template <typename T>
  [[nodiscard]] T get(unsigned number) const {
    if constexpr (sizeof(T) == 1) {
      return static_cast<T>(r_.general[number & 3] >> (number & 4) * 2);
    } else {
      return static_cast<T>(r_.general[number]);
    }
  }
  template <typename T>
  void set(unsigned number, T value) {
    if constexpr (sizeof(T) == 4) {
      r_.general[number] = value;
    } else {
      const unsigned shift = sizeof(T) == 1 ? (number & 4) * 2 : 0;
      uint32_t& whole = r_.general[sizeof(T) == 1 ? number & 3 : number];
      const uint32_t mask = uint32_t{static_cast<T>(-1)} << shift;
      whole = (whole & ~mask) | uint32_t{value} << shift;
    }
  }

  // --- operands: read the ModR/M byte once, then use them
  Operand operand();
  uint32_t effective_address(unsigned mode, unsigned base);
  uint32_t scaled_index(unsigned mode);
  template <typename T>
  T get(const Operand& o) {
    return o.in_register ? get<T>(o.number) : load<T>(o.address);
  }
  // Of one that will be changed: the fault, if there is one, is that of the write.
  template <typename T>
  T get_to_change(const Operand& o) {
    if (!o.in_register && !memory_.writable(o.address, sizeof(T))) page_fault(/*write=*/true);
    return get<T>(o);
  }
  template <typename T>
  void set(const Operand& o, T value) {
    if (o.in_register) {
      set<T>(o.number, value);
    } else {
      store<T>(o.address, value);
    }
  }

  // --- f(T{}) with the operand's type
  template <typename F>
  void by_size(F f) {
    if (opcode_ & 1) {
      by_word(std::move(f));
    } else {
      f(uint8_t{});
    }
  }
  template <typename F>
  void by_word(F f) {
    if (wide_) {
      f(uint32_t{});
    } else {
      f(uint16_t{});
    }
  }

  using Table = std::array<Handler, 256>;
  static const Table kOneByte, kTwoByte;

  UserMemory& memory_;
  const Time time_;
  Registers r_ = {};
  arch::FloatState* floats_ = nullptr;

  // --- of the instruction
  uint32_t start_ = 0;  // its address
  Stop stop_;
  uint32_t trap_ = vector::kNone;
  uint8_t opcode_ = 0;
  bool wide_ = true;  // words are 32 bits
  Repeat repeat_ = Repeat::kNo;
  uint8_t mode_ = 0, reg_ = 0;  // of the ModR/M byte
};

}  // namespace user_mode
