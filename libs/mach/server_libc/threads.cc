#include "libs/mach/server_libc/threads.h"

#include <mach.h>
#include <mach/i386/mach_i386.h>
#include <mach/i386/thread_status.h>
#include <mach/mach_host.h>
#include <mach/policy.h>
#include <mach/thread_info.h>

#include "libs/mach/server_libc/futex.h"
#include "libs/mach/server_libc/linux_abi.h"
#include "libs/mach/server_libc/raw_rpc.h"
#include "libs/mach/server_libc/self.h"
#include "libs/mach/server_libc/undertaker.h"
#include "libs/mach/src/reply_port.h"

namespace server_libc {
namespace {

// What the library knows of a thread, in that thread's storage.
struct ThreadSelf {
  int number;
  mach_port_t port;  // send right
  int* clear_word;
};
__thread ThreadSelf self;

bool storage_ready;
int last_number;

int new_number() { return __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED); }

// A writable user segment of 4 GiB at thread_pointer: offsets below zero wrap around.
descriptor_t storage_segment(void* thread_pointer) {
  constexpr unsigned kPresentUserData = 0xf2;
  constexpr unsigned kPageGranular32 = 0xc;
  constexpr unsigned kLimit = 0xfffff;
  const auto base = reinterpret_cast<unsigned>(thread_pointer);
  return {(base & 0xffff) << 16 | (kLimit & 0xffff),
          (base & 0xff000000) | kPageGranular32 << 20 | (kLimit & 0xf0000) |
              kPresentUserData << 8 | (base >> 16 & 0xff)};
}

// Lies on the new thread's stack.
struct ThreadStart {
  unsigned long return_address;
  ThreadStart* argument;
  int (*function)(void*);
  void* function_argument;
  ThreadSelf self;
};

[[noreturn]] void run_thread(ThreadStart* start) {
  self = start->self;
  (void)start->function(start->function_argument);
  end_thread(nullptr, 0);
}

kern_return_t prepare(mach_port_t thread, void* thread_pointer, ThreadStart* start) {
  int selector = 0;
  kern_return_t result = i386_set_gdt(thread, &selector, storage_segment(thread_pointer));
  if (result != KERN_SUCCESS) return result;
  i386_thread_state state;
  mach_msg_type_number_t count = i386_REGS_SEGS_STATE_COUNT;
  result = thread_get_state(thread, i386_REGS_SEGS_STATE,
                            reinterpret_cast<thread_state_t>(&state), &count);
  if (result != KERN_SUCCESS) return result;
  state.eip = reinterpret_cast<unsigned>(&run_thread);
  state.uesp = reinterpret_cast<unsigned>(start);
  state.gs = static_cast<unsigned>(selector);
  return thread_set_state(thread, i386_REGS_SEGS_STATE, reinterpret_cast<thread_state_t>(&state),
                          i386_REGS_SEGS_STATE_COUNT);
}

// POSIX: a new thread is scheduled like the one that made it. The priority it has from the task.
kern_return_t inherit_policy(mach_port_t thread) {
  thread_sched_info info;
  mach_msg_type_number_t count = THREAD_SCHED_INFO_COUNT;
  const kern_return_t result =
      thread_info(self.port, THREAD_SCHED_INFO, reinterpret_cast<thread_info_t>(&info), &count);
  if (result != KERN_SUCCESS || info.policy != POLICY_FIXEDPRI) return result;
  // No longer permitted, it is not inherited.
  (void)thread_policy(thread, POLICY_FIXEDPRI, info.data);
  return KERN_SUCCESS;
}

void discard(mach_port_t thread) {
  (void)thread_terminate(thread);
  (void)mach_port_deallocate(self_task(), thread);
}

// Not inlined: the compiler takes the thread pointer for a constant within a function.
[[gnu::noinline]] void use_storage(mach_port_t thread, mach_port_t reply_port) {
  storage_ready = true;
  self = {new_number(), thread, nullptr};
  mig_adopt_reply_port(reply_port);
}

}  // namespace

long set_thread_pointer(void* thread_pointer) {
  const mach_port_t reply_port = mach_reply_port();
  const mach_port_t thread = mach_thread_self();
  int selector = 0;
  const kern_return_t result =
      raw_set_gdt(reply_port, thread, &selector, storage_segment(thread_pointer));
  if (result == KERN_SUCCESS) {
    __asm__ volatile("movw %w0, %%gs" : : "r"(selector) : "memory");
    use_storage(thread, reply_port);
    return 0;
  }
  (void)mach_port_deallocate(self_task(), thread);
  (void)raw_destroy_receive(reply_port, reply_port);
  return -kEnosys;
}

bool thread_storage_ready() { return storage_ready; }

long set_clear_address(int* clear_word) {
  self.clear_word = clear_word;
  return self.number;
}

long thread_number() { return self.number; }

void end_thread(void* map, unsigned long map_size) {
  if (!undertaker_exists()) end_task();
  const Remains remains{
      .thread = self.port,
      .reply_port = mig_take_reply_port(),
      .wait_port = futex_take_wait_port(),
      .clear_word = self.clear_word,
      .map = reinterpret_cast<vm_address_t>(map),
      .map_size = map_size,
  };
  await_burial(remains);
}

void end_task() {
  while (true) (void)task_terminate(self_task());
}

}  // namespace server_libc

// musl's names for what its assembly files would do.

extern "C" [[gnu::visibility("hidden")]] int __set_thread_area(void* thread_pointer) {
  return static_cast<int>(server_libc::set_thread_pointer(thread_pointer));
}

extern "C" [[gnu::visibility("hidden")]] int __clone(int (*function)(void*), void* stack, int flags,
                                                     void* argument, int* number_out,
                                                     void* thread_pointer, int* clear_word) {
  using namespace server_libc;
  constexpr int kNeeded = kCloneVm | kCloneThread | kCloneSettls;
  if ((flags & kNeeded) != kNeeded) return -kEnosys;
  if (!start_undertaker()) return -kEagain;
  mach_port_t thread = MACH_PORT_NULL;
  if (thread_create(self_task(), &thread) != KERN_SUCCESS) return -kEagain;

  // As at a call: the word above the return address is 16-byte aligned.
  const unsigned long top = (reinterpret_cast<unsigned long>(stack) - sizeof(ThreadStart)) & -16ul;
  auto* const start = reinterpret_cast<ThreadStart*>(top - sizeof(unsigned long));
  const int number = new_number();
  *start = {0, start, function, argument, {number, thread, clear_word}};
  *number_out = number;
  if (inherit_policy(thread) != KERN_SUCCESS || prepare(thread, thread_pointer, start) != KERN_SUCCESS ||
      thread_resume(thread) != KERN_SUCCESS) {
    discard(thread);
    return -kEagain;
  }
  return number;
}

extern "C" [[noreturn]] void __unmapself(void* map, unsigned long map_size) {
  server_libc::end_thread(map, map_size);
}
