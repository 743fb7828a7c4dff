// The interpreter against the processor that runs the test: the same instructions with the same
// registers and memory, once each way.
#include "kernel/arch/host/user_mode/processor.h"

#include <sys/mman.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "kernel/vm/test_support.h"

namespace user_mode {
namespace {

using Bytes = std::vector<uint8_t>;

// Both see the data at this address.
constexpr uint32_t kData = 0x60000000, kCode = 0x61000000, kSize = 4096;
constexpr uint32_t kF = flag::kStatus;

// What an instruction may leave in flags that are undefined after it.
struct Instruction {
  const char* name;
  Bytes code;
  uint32_t undefined = 0;
};

// EBX, ESI and EDI point to data; the others hold anything. Memory operands are [ebx], [ebx + 4].
const std::vector<Instruction>& instructions() {
  constexpr uint32_t kA = flag::kAdjust, kO = flag::kOverflow, kC = flag::kCarry;
  static const auto& list = *new std::vector<Instruction>{
      {"add %edx, %eax", {0x01, 0xD0}},
      {"add %dl, %ah", {0x00, 0xD4}},
      {"add %edx, (%ebx)", {0x01, 0x13}},
      {"or (%ebx), %eax", {0x0B, 0x03}, kA},
      {"adc %edx, %eax", {0x11, 0xD0}},
      {"adc %dx, %ax", {0x66, 0x11, 0xD0}},
      {"adc $-3, %dl", {0x80, 0xD2, 0xFD}},
      {"sbb %edx, %eax", {0x19, 0xD0}},
      {"sbb %al, (%ebx)", {0x18, 0x03}},
      {"and $0x12345678, %eax", {0x25, 0x78, 0x56, 0x34, 0x12}, kA},
      {"sub 4(%ebx), %ecx", {0x2B, 0x4B, 0x04}},
      {"sub %dx, %cx", {0x66, 0x29, 0xD1}},
      {"xor %ah, %dl", {0x30, 0xE2}, kA},
      {"cmp %edx, %eax", {0x39, 0xD0}},
      {"cmpb $0x80, (%ebx)", {0x80, 0x3B, 0x80}},
      {"cmpl $-1, (%ebx)", {0x83, 0x3B, 0xFF}},
      {"inc %eax", {0x40}},
      {"dec %dx", {0x66, 0x4A}},
      {"incb (%ebx)", {0xFE, 0x03}},
      {"decl (%ebx)", {0xFF, 0x0B}},
      {"test %edx, %eax", {0x85, 0xD0}, kA},
      {"test $0x81, %al", {0xA8, 0x81}, kA},
      {"testl $0x80000001, (%ebx)", {0xF7, 0x03, 0x01, 0x00, 0x00, 0x80}, kA},
      {"not %edx", {0xF7, 0xD2}},
      {"neg %eax", {0xF7, 0xD8}},
      {"negb (%ebx)", {0xF6, 0x1B}},
      {"mul %edx", {0xF7, 0xE2}, kF & ~kC & ~kO},
      {"mul %dl", {0xF6, 0xE2}, kF & ~kC & ~kO},
      {"mul %cx", {0x66, 0xF7, 0xE1}, kF & ~kC & ~kO},
      {"imul %ecx", {0xF7, 0xE9}, kF & ~kC & ~kO},
      {"imul %cl", {0xF6, 0xE9}, kF & ~kC & ~kO},
      {"imul %edx, %eax", {0x0F, 0xAF, 0xC2}, kF & ~kC & ~kO},
      {"imul $-7, %edx, %eax", {0x6B, 0xC2, 0xF9}, kF & ~kC & ~kO},
      {"imul $1000, %dx, %ax", {0x66, 0x69, 0xC2, 0xE8, 0x03}, kF & ~kC & ~kO},
      {"div %ecx", {0xF7, 0xF1}, kF},
      {"div %cl", {0xF6, 0xF1}, kF},
      {"div %cx", {0x66, 0xF7, 0xF1}, kF},
      {"idiv %ecx", {0xF7, 0xF9}, kF},
      {"idiv %cl", {0xF6, 0xF9}, kF},
      {"idivl (%ebx)", {0xF7, 0x3B}, kF},
      {"cltd; idiv %ecx", {0x99, 0xF7, 0xF9}, kF},
      {"cwtl", {0x98}},
      {"cbtw", {0x66, 0x98}},
      {"cwtd", {0x66, 0x99}},
      {"shl $1, %eax", {0xD1, 0xE0}, kA},
      {"shl %cl, %eax", {0xD3, 0xE0}, kA | kO | kC},
      {"shr $1, %dl", {0xD0, 0xEA}, kA},
      {"shr $7, %eax", {0xC1, 0xE8, 0x07}, kA | kO},
      {"shr %cl, %dx", {0x66, 0xD3, 0xEA}, kA | kO | kC},
      {"sar $1, %eax", {0xD1, 0xF8}, kA},
      {"sar %cl, %edx", {0xD3, 0xFA}, kA | kO},
      {"sar $5, (%ebx)", {0xC1, 0x3B, 0x05}, kA | kO},
      {"rol $1, %eax", {0xD1, 0xC0}, kA},
      {"rol %cl, %edx", {0xD3, 0xC2}, kA | kO},
      {"rol %cl, %dl", {0xD2, 0xC2}, kA | kO},
      {"ror $1, %ax", {0x66, 0xD1, 0xC8}, kA},
      {"ror $9, %edx", {0xC1, 0xCA, 0x09}, kA | kO},
      {"rcl $1, %eax", {0xD1, 0xD0}, kA},
      {"rcl %cl, %edx", {0xD3, 0xD2}, kA | kO},
      {"rcr $1, %edx", {0xD1, 0xDA}, kA},
      {"rcr %cl, %dl", {0xD2, 0xDA}, kA | kO},
      {"shld $5, %edx, %eax", {0x0F, 0xA4, 0xD0, 0x05}, kA | kO},
      {"shld %cl, %edx, %eax", {0x0F, 0xA5, 0xD0}, kA | kO},
      {"shrd %cl, %edx, (%ebx)", {0x0F, 0xAD, 0x13}, kA | kO},
      {"mov %dl, %ah", {0x88, 0xD4}},
      {"mov (%ebx), %dx", {0x66, 0x8B, 0x13}},
      {"mov %eax, 4(%ebx)", {0x89, 0x43, 0x04}},
      {"movb $0x55, (%ebx)", {0xC6, 0x03, 0x55}},
      {"movl $0x55667788, (%ebx)", {0xC7, 0x03, 0x88, 0x77, 0x66, 0x55}},
      {"lea 8(%eax, %ecx, 4), %edx", {0x8D, 0x54, 0x88, 0x08}},
      {"lea 0x100(, %edx, 8), %eax", {0x8D, 0x04, 0xD5, 0x00, 0x01, 0x00, 0x00}},
      {"lea -0x300(%ebp), %ax", {0x66, 0x8D, 0x85, 0x00, 0xFD, 0xFF, 0xFF}},
      {"movzbl (%ebx), %eax", {0x0F, 0xB6, 0x03}},
      {"movsbl %dl, %eax", {0x0F, 0xBE, 0xC2}},
      {"movsbw (%ebx), %dx", {0x66, 0x0F, 0xBE, 0x13}},
      {"movzwl (%ebx), %edx", {0x0F, 0xB7, 0x13}},
      {"movswl %ax, %edx", {0x0F, 0xBF, 0xD0}},
      {"xchg %edx, %eax", {0x92}},
      {"xchg %dl, (%ebx)", {0x86, 0x13}},
      {"xlat", {0x0F, 0xB6, 0xC0, 0x24, 0x3F, 0xD7}, kA},
      {"bswap %edx", {0x0F, 0xCA}},
      {"cmpxchg %edx, (%ebx)", {0xF0, 0x0F, 0xB1, 0x13}},
      {"cmpxchg %dl, %cl", {0x0F, 0xB0, 0xD1}},
      {"xadd %eax, (%ebx)", {0x0F, 0xC1, 0x03}},
      {"xadd %dx, %ax", {0x66, 0x0F, 0xC1, 0xD0}},
      {"bt %edx, %eax", {0x0F, 0xA3, 0xD0}, kF & ~kC & ~flag::kZero},
      {"bts $7, (%ebx)", {0x0F, 0xBA, 0x2B, 0x07}, kF & ~kC & ~flag::kZero},
      {"btr %eax, %edx", {0x0F, 0xB3, 0xC2}, kF & ~kC & ~flag::kZero},
      {"btc $30, %edx", {0x0F, 0xBA, 0xFA, 0x1E}, kF & ~kC & ~flag::kZero},
      {"and $63, %eax; bts %eax, (%ebx)",
       {0x83, 0xE0, 0x3F, 0x0F, 0xAB, 0x03},
       kF & ~kC & ~flag::kZero},
      {"bsf %edx, %eax", {0x0F, 0xBC, 0xC2}, kF & ~flag::kZero},
      {"bsr %edx, %eax", {0x0F, 0xBD, 0xC2}, kF & ~flag::kZero},
      {"cmp; seta; setl; setp; seto",
       {0x39, 0xD0, 0x0F, 0x97, 0xC1, 0x0F, 0x9C, 0xC5, 0x0F, 0x9A, 0xC2, 0x0F, 0x90, 0xC6}},
      {"cmp; cmovge; cmovbe; cmovs",
       {0x39, 0xD0, 0x0F, 0x4D, 0xC1, 0x0F, 0x46, 0xCD, 0x0F, 0x48, 0xD5}},
      {"cmp; jg 1f; not %ecx; 1:", {0x39, 0xD0, 0x7F, 0x02, 0xF7, 0xD1}},
      {"sahf; lahf", {0x9E, 0x9F}},
      {"cmc; std; cld", {0xF5, 0xFD, 0xFC}},
      {"movsb", {0xA4}},
      {"and $7, %ecx; rep movsl", {0x83, 0xE1, 0x07, 0xF3, 0xA5}, kA},
      {"std; and $7, %ecx; rep movsw; cld", {0xFD, 0x83, 0xE1, 0x07, 0x66, 0xF3, 0xA5, 0xFC}, kA},
      {"and $31, %ecx; rep stosb", {0x83, 0xE1, 0x1F, 0xF3, 0xAA}, kA},
      {"and $31, %ecx; repe cmpsb", {0x83, 0xE1, 0x1F, 0xF3, 0xA6}, kA},
      {"and $31, %ecx; repne scasb", {0x83, 0xE1, 0x1F, 0xF2, 0xAE}, kA},
      {"lodsl", {0xAD}},
      {"and $3, %ecx; inc %ecx; 1: add %edx, %eax; loop 1b",
       {0x83, 0xE1, 0x03, 0x41, 0x01, 0xD0, 0xE2, 0xFC}},
      {"push %eax; push $-5; pop %edx; pop %ecx", {0x50, 0x6A, 0xFB, 0x5A, 0x59}},
      {"pushal; popal", {0x60, 0x61}},
      {"push (%ebx); pop 4(%ebx)", {0xFF, 0x33, 0x8F, 0x43, 0x04}},
      {"enter $16, $0; leave", {0xC8, 0x10, 0x00, 0x00, 0xC9}},
      {"call 1f; 1: pop %edx; sub %edx, %edx",
       {0xE8, 0x00, 0x00, 0x00, 0x00, 0x5A, 0x29, 0xD2}},
      {"fildl (%ebx); fistpl 4(%ebx)", {0xDB, 0x03, 0xDB, 0x5B, 0x04}},
      {"fildl (%ebx); fsqrt; fchs; fstpl 8(%ebx)",
       {0xDB, 0x03, 0xD9, 0xFA, 0xD9, 0xE0, 0xDD, 0x5B, 0x08}},
      {"fildl (%ebx); fldpi; fcomip; fstp %st(0)",
       {0xDB, 0x03, 0xD9, 0xEB, 0xDF, 0xF1, 0xDD, 0xD8}},
      {"fildl (%ebx); fildl 4(%ebx); fdivp; fstpt 16(%ebx); fnstsw %ax; fninit",
       {0xDB, 0x03, 0xDB, 0x43, 0x04, 0xDE, 0xF9, 0xDB, 0x7B, 0x10, 0xDF, 0xE0, 0xDB, 0xE3}},
  };
  return list;
}

// Registers and data, before or after.
struct Machine {
  uint32_t general[8];
  uint32_t eflags;
  uint8_t data[128];
};

// ---- natively: a routine that loads the registers, executes the instruction and stores them

struct Native {
  uint32_t general[8];
  uint32_t eflags;
  uint32_t esp;
};

class NativeProcessor {
 public:
  NativeProcessor() {
    for (uint32_t at : {kData, kCode}) {
      void* const p = mmap(reinterpret_cast<void*>(at), kSize, PROT_READ | PROT_WRITE | PROT_EXEC,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
      EXPECT_EQ(p, reinterpret_cast<void*>(at));
    }
  }
  ~NativeProcessor() {
    munmap(reinterpret_cast<void*>(kData), kSize);
    munmap(reinterpret_cast<void*>(kCode), kSize);
  }

  void run(const Bytes& instruction, Machine& m) {
    std::memcpy(reinterpret_cast<void*>(kData), m.data, sizeof m.data);
    std::memcpy(state_.general, m.general, sizeof m.general);
    state_.eflags = m.eflags;
    Bytes code = {0x60};                                      // pushal
    access(code, {0x89, 0x25}, &state_.esp);                  // mov %esp, state.esp
    access(code, {0xFF, 0x35}, &state_.eflags);               // pushl state.eflags
    code.push_back(0x9D);                                     // popfl
    for (uint8_t i : {0, 1, 2, 3, 5, 6, 7}) {                 // mov state.general[i], register
      access(code, {0x8B, static_cast<uint8_t>(0x05 | i << 3)}, &state_.general[i]);
    }
    code.insert(code.end(), instruction.begin(), instruction.end());
    for (uint8_t i : {0, 1, 2, 3, 5, 6, 7}) {
      access(code, {0x89, static_cast<uint8_t>(0x05 | i << 3)}, &state_.general[i]);
    }
    code.push_back(0x9C);                                     // pushfl
    access(code, {0x8F, 0x05}, &state_.eflags);               // popl state.eflags
    access(code, {0x8B, 0x25}, &state_.esp);
    code.insert(code.end(), {0x61, 0xFC, 0xC3});              // popal, cld, ret
    std::memcpy(reinterpret_cast<void*>(kCode), code.data(), code.size());
    asm volatile("call *%0" ::"r"(kCode) : "memory", "cc");
    const uint32_t esp = m.general[kEsp];
    std::memcpy(m.general, state_.general, sizeof m.general);
    m.general[kEsp] = esp;
    m.eflags = state_.eflags;
    std::memcpy(m.data, reinterpret_cast<void*>(kData), sizeof m.data);
  }

 private:
  // An instruction whose operand is this word.
  static void access(Bytes& code, const Bytes& opcode, uint32_t* word) {
    code.insert(code.end(), opcode.begin(), opcode.end());
    const auto address = reinterpret_cast<uint32_t>(word);
    for (unsigned i = 0; i < 4; ++i) code.push_back(static_cast<uint8_t>(address >> (8 * i)));
  }

  Native state_ = {};
};

// ---- interpreted, in a task

class ProcessorTest : public vm::test::VmTest {
 protected:
  // The vector that stops it; none when it arrives at the end of the code.
  Stop interpret(vm::test::User& user, const Bytes& code, Machine& m) {
    EXPECT_TRUE(user.write_bytes(kCode, std::string(code.begin(), code.end())));
    EXPECT_TRUE(user.write_bytes(kData, std::string(std::begin(m.data), std::end(m.data))));
    Registers r = {};
    std::memcpy(r.general, m.general, sizeof m.general);
    r.eip = kCode;
    r.eflags = m.eflags;
    Stop stop;
    user.run([&] { stop = run_to(kCode + static_cast<uint32_t>(code.size()), r); });
    std::memcpy(m.general, r.general, sizeof m.general);
    m.eflags = r.eflags;
    const std::string data = user.read_bytes(kData, sizeof m.data);
    std::memcpy(m.data, data.data(), sizeof m.data);
    return stop;
  }

  // Resolves faults as the kernel does.
  Stop run_to(uint32_t end, Registers& r) {
    static UserMemory& memory = *new UserMemory;
    static Processor& processor = *new Processor(memory, [] { return uint64_t{7}; });
    for (unsigned i = 0; r.eip != end && i < 1000; ++i) {
      uint32_t budget = 1;
      const Stop stop = processor.run(r, floats_, budget);
      if (stop.vector == vector::kNone) continue;
      const bool write = stop.error & 2;
      if (stop.vector != vector::kPageFault ||
          vm::fault(kern::current_task().map(), stop.address,
                    write ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ) != KERN_SUCCESS) {
        return stop;
      }
    }
    return {};
  }

  arch::FloatState floats_;

  static void map_code_and_data(vm::test::User& user) {
    for (uint32_t at : {kData, kCode}) {
      ASSERT_TRUE(user.map().allocate(at, kSize, vm::Placement::kFixed).ok());
    }
  }
};

class Inputs {
 public:
  Machine next() {
    Machine m = {};
    for (uint32_t& r : m.general) r = word();
    m.general[kEbx] = kData + 40;
    m.general[kEsi] = kData + 32 + random_() % 32;
    m.general[kEdi] = kData + 32 + random_() % 64;
    m.general[kEsp] = kData + 3000;
    m.eflags = flag::kAlways | flag::kInterrupt | (random_() & flag::kStatus);
    const bool same = random_() % 2;
    for (uint8_t& b : m.data) b = same ? 7 : static_cast<uint8_t>(random_());
    return m;
  }

 private:
  uint32_t word() {
    static constexpr uint32_t kEdges[] = {0,    1,      2,      0xFFFFFFFF, 0x80000000, 0x7FFFFFFF,
                                          0x80, 0x7F80, 0xFFFF, 0x8000,     0xFF,       31};
    return random_() % 2 ? kEdges[random_() % std::size(kEdges)] : random_();
  }
  std::mt19937 random_{1};
};

TEST_F(ProcessorTest, DoesWhatTheRealOneDoes) {
  NativeProcessor native;
  Inputs inputs;
  vm::test::User user;
  map_code_and_data(user);
  constexpr unsigned kRounds = 30;
  for (const Instruction& i : instructions()) {
    for (unsigned round = 0; round < kRounds; ++round) {
      const Machine before = inputs.next();
      Machine real = before, interpreted = before;
      const Stop stop = interpret(user, i.code, interpreted);
      if (stop.vector == vector::kDivide) continue;
      ASSERT_EQ(stop.vector, vector::kNone) << i.name;
      native.run(i.code, real);
      ASSERT_TRUE(std::equal(real.general, real.general + 8, interpreted.general)) << i.name;
      ASSERT_EQ(std::memcmp(real.data, interpreted.data, sizeof real.data), 0) << i.name;
      ASSERT_EQ((real.eflags ^ interpreted.eflags) & kF & ~i.undefined, 0u)
          << i.name << " eax " << before.general[kEax] << " ecx " << before.general[kEcx] << " edx "
          << before.general[kEdx] << " gives " << interpreted.eflags << ", not " << real.eflags;
    }
  }
}

}  // namespace
}  // namespace user_mode
