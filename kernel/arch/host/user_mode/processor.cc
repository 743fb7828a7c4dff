#include "kernel/arch/host/user_mode/processor.h"

namespace user_mode {

Stop Processor::run(Registers& registers, arch::FloatState& floats, uint32_t& budget) {
  memory_.synchronize();
  floats_ = &floats;
  r_ = registers;
  while (budget != 0) {
    --budget;
    const bool steps = r_.eflags & flag::kTrap;
    execute();
    if (faulted()) {
      // `registers` are still those of the instruction's start.
      return std::exchange(stop_, {});
    }
    registers = r_;
    if (trap_ != vector::kNone) return {std::exchange(trap_, vector::kNone)};
    if (steps) return {vector::kDebug};
  }
  return {};
}

void Processor::fault(uint32_t vector, uint32_t error) {
  if (!faulted()) stop_ = {vector, error};
}

void Processor::page_fault(bool write) {
  constexpr uint32_t kWasUser = 1u << 2, kWasWrite = 1u << 1;
  if (faulted()) return;
  stop_ = {vector::kPageFault, kWasUser | (write ? kWasWrite : 0), memory_.fault_address()};
}

void Processor::execute() {
  start_ = r_.eip;
  wide_ = true;
  repeat_ = Repeat::kNo;
  opcode_ = fetch<uint8_t>();
  decode_prefixes();
  constexpr uint8_t kEscape = 0x0F;
  if (opcode_ == kEscape) {
    opcode_ = fetch<uint8_t>();
    kTwoByte[opcode_](*this);
  } else {
    kOneByte[opcode_](*this);
  }
}

// Segments are flat, so that their prefixes mean nothing; nor does LOCK with one processor.
void Processor::decode_prefixes() {
  constexpr unsigned kMostPrefixes = 14;
  for (unsigned i = 0; i < kMostPrefixes; ++i) {
    switch (opcode_) {
      case 0x26: case 0x2E: case 0x36: case 0x3E: case 0x64: case 0x65: case 0xF0: break;
      case 0x66: wide_ = false; break;
      case 0xF2: repeat_ = Repeat::kWhileNotEqual; break;
      case 0xF3: repeat_ = Repeat::kWhileEqual; break;
      default: return;
    }
    opcode_ = fetch<uint8_t>();
  }
  fault(vector::kProtection);
}

uint32_t Processor::scaled_index(unsigned mode) {
  constexpr unsigned kNoIndex = 4, kNoBase = 5;
  const auto sib = fetch<uint8_t>();
  const unsigned base = sib & 7, index = sib >> 3 & 7;
  const uint32_t offset = index == kNoIndex ? 0 : r_.general[index] << (sib >> 6);
  if (base == kNoBase && mode == 0) return fetch<uint32_t>() + offset;
  return r_.general[base] + offset;
}

uint32_t Processor::effective_address(unsigned mode, unsigned base) {
  constexpr unsigned kHasIndex = 4, kNoBase = 5;
  if (base == kNoBase && mode == 0) return fetch<uint32_t>();
  uint32_t address = base == kHasIndex ? scaled_index(mode) : r_.general[base];
  if (mode == 1) address += fetch_signed_byte<uint32_t>();
  if (mode == 2) address += fetch<uint32_t>();
  return address;
}

Processor::Operand Processor::operand() {
  constexpr uint8_t kRegister = 3;
  const auto byte = fetch<uint8_t>();
  mode_ = byte >> 6;
  reg_ = byte >> 3 & 7;
  const uint8_t base = byte & 7;
  if (mode_ == kRegister) return {true, base, 0};
  return {false, 0, effective_address(mode_, base)};
}

}  // namespace user_mode
