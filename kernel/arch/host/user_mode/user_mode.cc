#include "kernel/arch/host/user_mode/user_mode.h"

#include "kernel/arch/host/boot_settings.h"
#include "kernel/arch/host/user_mode/processor.h"
#include "kernel/arch/host/user_mode/traps.h"
#include "kernel/arch/host/user_program.h"
#include "kernel/arch/i386_user/selectors.h"
#include "kernel/arch/time.h"
#include "kernel/kern/attention.h"
#include "kernel/kern/clock.h"
#include "kernel/kern/thread.h"
#include "kernel/kern/time.h"

namespace user_mode {
namespace {

// Instructions that have not made a microsecond yet.
uint32_t instructions_left_over = 0;

Registers registers_of(const arch::TrapFrame& f) {
  const auto selector = [](uint32_t word) { return static_cast<uint16_t>(word); };
  return {{f.eax, f.ecx, f.edx, f.ebx, f.esp, f.ebp, f.esi, f.edi},
          f.eip,
          f.eflags,
          {selector(f.es), selector(f.cs), selector(f.ss), selector(f.ds), selector(f.fs),
           selector(f.gs)}};
}

void set_frame(arch::TrapFrame& f, const Registers& r) {
  f.eax = r.general[kEax];
  f.ecx = r.general[kEcx];
  f.edx = r.general[kEdx];
  f.ebx = r.general[kEbx];
  f.esp = r.general[kEsp];
  f.ebp = r.general[kEbp];
  f.esi = r.general[kEsi];
  f.edi = r.general[kEdi];
  f.eip = r.eip;
  f.eflags = r.eflags;
  f.es = r.segments[kEs];
  f.cs = r.segments[kCs];
  f.ss = r.segments[kSs];
  f.ds = r.segments[kDs];
  f.fs = r.segments[kFs];
  f.gs = r.segments[kGs];
}

// What the return to user mode makes of segments that a thread's state names: the fault of the
// selector, none if the thread can run.
Stop check_segments(const Registers& r) {
  constexpr uint32_t kRequestedLevel = 3;
  const uint16_t cs = r.segments[kCs], ss = r.segments[kSs];
  if (cs != arch::kUserCode && cs != arch::kFlatCode) {
    return {vector::kProtection, cs & ~kRequestedLevel};
  }
  if (ss != arch::kUserData && ss != arch::kFlatData) {
    return {vector::kProtection, ss & ~kRequestedLevel};
  }
  return {};
}

uint32_t instructions_to_tick() {
  const auto passed = static_cast<uint32_t>(arch::monotonic_us() % kern::kMicrosecondsPerTick);
  return (kern::kMicrosecondsPerTick - passed) * kInstructionsPerMicrosecond -
         instructions_left_over;
}

// Moves the clock by the time of so many instructions.
void spend(uint32_t instructions) {
  instructions_left_over += instructions;
  arch::advance_clock_us(instructions_left_over / kInstructionsPerMicrosecond);
  instructions_left_over %= kInstructionsPerMicrosecond;
}

[[noreturn]] void run() {
  static UserMemory& memory = *new UserMemory;
  static Processor& processor = *new Processor(memory, arch::read_tsc);
  kern::Thread& self = kern::current_thread();
  arch::TrapFrame& frame = *self.context.frame;
  for (;;) {
    Registers registers = registers_of(frame);
    if (const Stop stop = check_segments(registers); stop.vector != vector::kNone) {
      handle_stop(frame, stop);
      continue;
    }
    const uint32_t budget = instructions_to_tick();
    uint32_t left = budget;
    const Stop stop = processor.run(registers, self.context.floats, left);
    set_frame(frame, registers);
    spend(budget - left);
    if (left == 0) kern::clock_tick(kern::TickMode::kUser, frame.eip);
    if (stop.vector != vector::kNone) {
      handle_stop(frame, stop);
    } else if (self.ast != 0) {
      kern::handle_attention();
    }
  }
}

}  // namespace

void install() {
  arch::set_user_mode([] { run(); });
}

}  // namespace user_mode
