#include "kernel/arch/host/user_mode/floating_point.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace user_mode {
namespace {

// Where FSAVE puts things, and what FNINIT sets.
constexpr unsigned kControl = 0, kStatus = 4, kTags = 8, kPointers = 12, kPointersEnd = 28;
constexpr uint16_t kInitialControl = 0x37F, kInitialTags = 0xFFFF;
// Of the status word: the exceptions, and that one of them is not masked.
constexpr uint16_t kExceptions = 0x80FF, kError = 0x80;

// By opcode and number. Stores have the sign.
constexpr int8_t kOperands[8][8] = {
    {4, 4, 4, 4, 4, 4, 4, 4},          // D8
    {4, 0, -4, -4, 28, 2, -28, -2},    // D9
    {4, 4, 4, 4, 4, 4, 4, 4},          // DA
    {4, 0, -4, -4, 0, 10, 0, -10},     // DB
    {8, 8, 8, 8, 8, 8, 8, 8},          // DC
    {8, 0, -8, -8, 108, 0, -108, -2},  // DD
    {2, 2, 2, 2, 2, 2, 2, 2},          // DE
    {2, 0, -2, -2, 10, 8, -10, -8},    // DF
};

uint16_t word(const arch::FloatState& state, unsigned at) {
  uint16_t value;
  std::memcpy(&value, state.image + at, sizeof value);
  return value;
}

void set_word(arch::FloatState& state, unsigned at, uint16_t value) {
  std::memcpy(state.image + at, &value, sizeof value);
}

void initialize(arch::FloatState& state) {
  std::memset(state.image, 0, sizeof state.image);
  set_word(state, kControl, kInitialControl);
  set_word(state, kTags, kInitialTags);
  state.in_use = true;
}

// Machine code, made anew for each instruction.
class Routine {
 public:
  Routine() {
    void* const p = mmap(nullptr, kSize, PROT_READ | PROT_WRITE | PROT_EXEC,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) abort();
    code_ = static_cast<uint8_t*>(p);
  }

  void clear() { size_ = 0; }
  void add(std::initializer_list<uint8_t> bytes) {
    for (uint8_t b : bytes) code_[size_++] = b;
  }
  // An instruction with the address of an operand at its end.
  void add(std::initializer_list<uint8_t> bytes, const void* operand) {
    add(bytes);
    const auto address = reinterpret_cast<uint32_t>(operand);
    std::memcpy(code_ + size_, &address, sizeof address);
    size_ += sizeof address;
  }
  void run() { asm volatile("call *%0" ::"r"(code_) : "memory", "cc", "st"); }

 private:
  static constexpr size_t kSize = 4096;
  uint8_t* code_ = nullptr;
  size_t size_ = 0;
};

// ModR/M byte of a memory operand that is an address alone.
constexpr uint8_t absolute(unsigned number) { return static_cast<uint8_t>(number << 3 | 5); }

}  // namespace

unsigned FloatInstruction::operand_size() const {
  return static_cast<unsigned>(std::abs(kOperands[opcode & 7][number()]));
}

bool FloatInstruction::stores() const { return kOperands[opcode & 7][number()] < 0; }

bool FloatInstruction::waits() const {
  if (in_registers()) {
    constexpr uint8_t kClear = 0xE2, kInitialize = 0xE3, kStoreStatus = 0xE0;
    return !(opcode == 0xDB && (mod_rm == kClear || mod_rm == kInitialize)) &&
           !(opcode == 0xDF && mod_rm == kStoreStatus);
  }
  // FNSTENV, FNSTCW, FNSAVE, FNSTSW
  return !((opcode == 0xD9 || opcode == 0xDD) && number() >= 6);
}

bool has_float_error(const arch::FloatState& state) {
  return state.in_use && (word(state, kStatus) & kError);
}

uint32_t take_float_error(arch::FloatState& state) {
  const uint16_t status = word(state, kStatus);
  set_word(state, kStatus, static_cast<uint16_t>(status & ~kExceptions));
  return status;
}

void execute_float(arch::FloatState& state, FloatInstruction instruction, uint8_t* operand,
                   Registers& registers) {
  static Routine& routine = *new Routine;
  if (!state.in_use) initialize(state);
  uint32_t flags = flag::kAlways | (registers.eflags & flag::kStatus);
  uint32_t& eax = registers.general[kEax];
  routine.clear();
  routine.add({0x60});                      // pushal
  routine.add({0xA1}, &eax);                // mov eax, %eax
  routine.add({0xDD, 0x25}, state.image);   // frstor image
  routine.add({0xFF, 0x35}, &flags);        // pushl flags
  routine.add({0x9D});                      // popfl
  if (instruction.in_registers()) {
    routine.add({instruction.opcode, instruction.mod_rm});
  } else {
    routine.add({instruction.opcode, absolute(instruction.number())}, operand);
  }
  routine.add({0x9C});                      // pushfl
  routine.add({0x8F, 0x05}, &flags);        // popl flags
  routine.add({0xA3}, &eax);                // mov %eax, eax
  routine.add({0xDD, 0x35}, state.image);   // fnsave image
  routine.add({0x61, 0xC3});                // popal; ret
  routine.run();
  registers.eflags = (registers.eflags & ~flag::kStatus) | (flags & flag::kStatus);
  // Addresses in this process are nobody's business.
  std::memset(state.image + kPointers, 0, kPointersEnd - kPointers);
}

}  // namespace user_mode
