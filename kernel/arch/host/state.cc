// Machine states: the general registers only, as flavor 1 lays them out.
#include "kernel/arch/state.h"

#include <cstring>

#include "kernel/kern/thread.h"

namespace arch {
namespace {

constexpr int kGeneral = 1;
constexpr uint32_t kGeneralWords = 17;

}  // namespace

kern_return_t get_thread_state(kern::Thread& thread, int flavor, uint32_t* state, uint32_t& count) {
  if (flavor != kGeneral || count < kGeneralWords) return KERN_INVALID_ARGUMENT;
  const TrapFrame& f = *thread.context.frame;
  const uint32_t words[kGeneralWords] = {f.gs,  f.fs,  f.es,  f.ds,  f.edi,    f.esi,
                                         f.ebp, 0,     f.ebx, f.edx, f.ecx,    f.eax,
                                         f.eip, f.cs,  f.eflags, f.esp, f.ss};
  memcpy(state, words, sizeof words);
  count = kGeneralWords;
  return KERN_SUCCESS;
}

kern_return_t set_thread_state(kern::Thread& thread, int flavor, const uint32_t* state,
                               uint32_t count) {
  if (flavor != kGeneral || count < kGeneralWords) return KERN_INVALID_ARGUMENT;
  TrapFrame& f = *thread.context.frame;
  f.edi = state[4];
  f.esi = state[5];
  f.ebp = state[6];
  f.ebx = state[8];
  f.edx = state[9];
  f.ecx = state[10];
  f.eax = state[11];
  f.eip = state[12];
  f.esp = state[15];
  return KERN_SUCCESS;
}

}  // namespace arch
