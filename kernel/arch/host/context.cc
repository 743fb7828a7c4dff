// Kernel contexts as coroutines.
#include "kernel/arch/context.h"

#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <ucontext.h>

#include <cstdlib>
#include <vector>

#include "kernel/arch/host/user_program.h"
#include "kernel/arch/i386_user/registers.h"
#include "kernel/arch/pmap.h"
#include "kernel/arch/switch.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/task.h"

namespace arch {

// The kernel's own stacks are too small for sanitized code and libc: each has one from malloc.
struct ThreadContext::Coroutine {
  static constexpr size_t kStackBytes = 256 * 1024;
  ucontext_t context = {};
  char* stack = nullptr;
  const void* stack_bottom = nullptr;
  size_t stack_size = 0;
  void* fake_stack = nullptr;
  ContextEntry entry = nullptr;
  void* argument = nullptr;
};

namespace {

using Coroutine = ThreadContext::Coroutine;

// Who switches, and to whom: what the other side of a switch needs to tell the sanitizer.
Coroutine* leaving = nullptr;
Coroutine* arriving = nullptr;
// The thread that switches away is dead: the sanitizer may free what it keeps for its stack.
bool leaving_for_good = false;

// Stacks of threads that have ended: they are large, and threads come and go.
std::vector<char*>& spare_stacks() {
  static auto& stacks = *new std::vector<char*>;
  return stacks;
}
constexpr size_t kMaxSpareStacks = 16;

char* allocate_stack() {
  if (spare_stacks().empty()) return static_cast<char*>(malloc(Coroutine::kStackBytes));
  char* const stack = spare_stacks().back();
  spare_stacks().pop_back();
  // What the ended thread's frames left behind.
  ASAN_UNPOISON_MEMORY_REGION(stack, Coroutine::kStackBytes);
  return stack;
}

void free_stack(char* stack) {
  if (spare_stacks().size() == kMaxSpareStacks) return free(stack);
  spare_stacks().push_back(stack);
}

void finish_switch(void* fake_stack) {
  const void* bottom;
  size_t size;
  __sanitizer_finish_switch_fiber(fake_stack, &bottom, &size);
  // The test's own thread, whose stack nobody allocated.
  if (leaving->stack_bottom == nullptr) {
    leaving->stack_bottom = bottom;
    leaving->stack_size = size;
  }
}

void begin() {
  Coroutine* self = arriving;
  finish_switch(nullptr);
  self->entry(self->argument);
  abort();
}

}  // namespace

void init_context(ThreadContext& context, void*, size_t, ContextEntry entry, void* argument) {
  auto* c = new Coroutine;
  c->stack = allocate_stack();
  c->stack_bottom = c->stack;
  c->stack_size = Coroutine::kStackBytes;
  c->entry = entry;
  c->argument = argument;
  context.frame_storage = kInitialUserFrame;
  getcontext(&c->context);
  c->context.uc_stack.ss_sp = c->stack;
  c->context.uc_stack.ss_size = Coroutine::kStackBytes;
  c->context.uc_link = nullptr;
  makecontext(&c->context, begin, 0);
  context.coroutine = c;
}

void switch_thread(kern::Thread& old_thread, kern::Thread& new_thread) {
  check_no_lock_held();
  leaving_for_good = old_thread.sched.run_state == kern::RunState::kDead;
  // Kernel threads run in whatever address space is loaded.
  if (!new_thread.is_kernel_thread()) new_thread.task().map().pmap().activate();
  ThreadContext& from = old_thread.context;
  ThreadContext& to = new_thread.context;
  if (from.coroutine == nullptr) from.coroutine = new Coroutine;
  leaving = from.coroutine;
  arriving = to.coroutine;
  Coroutine* self = from.coroutine;
  __sanitizer_start_switch_fiber(leaving_for_good ? nullptr : &self->fake_stack,
                                 arriving->stack_bottom, arriving->stack_size);
  swapcontext(&self->context, &arriving->context);
  finish_switch(self->fake_stack);
}

void update_trap_redirection(kern::Task&) {}

void destroy_context(ThreadContext& context) {
  if (context.coroutine != nullptr && context.coroutine->stack != nullptr) {
    free_stack(context.coroutine->stack);
  }
  delete context.coroutine;
  delete context.program;
  context.coroutine = nullptr;
  context.program = nullptr;
}

}  // namespace arch
