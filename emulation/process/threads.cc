#include "emulation/process/threads.h"

#include <cerrno>

#include <mach.h>
#include <mach/i386/mach_i386.h>

#include "emulation/entry/calls.h"
#include "emulation/mach/servers.h"
#include "emulation/mach/traps.h"
#include "emulation/memory/user_memory.h"
#include "emulation/process/process_state.h"
#include "libs/mach/process_user.h"

// The first thread's block and stack. The process server loads %fs with the block before the thread
// runs (emulation_header.first_block).
extern "C" {
[[gnu::section(".bss.z_stack")]] alignas(4096) char emulation_first_stack[emulation::kLibraryStackSize];
constinit emulation::ThreadBlock emulation_first_block{
    .self = &emulation_first_block,
    .stack_top = 0,  // an address is no constant number: entry.S fills it in
    .user = {.call = -1},
    .unblocked = {~0u, ~0u},
};
}

namespace emulation {
namespace {

constexpr uint32_t kFirstTlsSlot = I386_USER_GDT_TLS_FIRST;
constexpr uint32_t kTlsSlots = I386_USER_GDT_TLS_LAST - I386_USER_GDT_TLS_FIRST + 1;

// A flat 32-bit user data segment descriptor.
descriptor_t data_segment(uint32_t base, uint32_t limit, bool in_pages) {
  constexpr uint32_t kPresentUserData = 0xf200;
  constexpr uint32_t k32Bit = 0x400000;
  constexpr uint32_t kGranular = 0x800000;
  descriptor_t d{};
  const uint32_t low = (limit & 0xffff) | base << 16;
  const uint32_t high = (base >> 16 & 0xff) | kPresentUserData | (limit & 0xf0000) | k32Bit |
                        (in_pages ? kGranular : 0) | (base & 0xff000000);
  static_assert(sizeof d == 8);
  __builtin_memcpy(&d, &low, 4);
  __builtin_memcpy(reinterpret_cast<char*>(&d) + 4, &high, 4);
  return d;
}

constexpr uint32_t kLimitInPages = 1 << 4;  // user_desc flags

int32_t load_slot(mach_port_t thread, uint32_t slot, descriptor_t descriptor) {
  int selector = static_cast<int>(slot << 3 | 3);
  return error_from(i386_set_gdt(thread, &selector, descriptor));
}

int32_t load_block_slot(mach_port_t thread, const ThreadBlock& block) {
  return load_slot(thread, I386_USER_GDT_EMULATION,
                   data_segment(reinterpret_cast<uint32_t>(&block), 0xfffff, true));
}

descriptor_t tls_descriptor(const ThreadBlock::TlsSlot& slot) {
  return data_segment(slot.base, slot.limit, (slot.flags & kLimitInPages) != 0);
}

}  // namespace

void enter_first_thread() {
  ThreadBlock& block = current_thread();
  block.tid = shared_page().pid;
  block.thread_port = mach_thread_self();
}

int32_t load_descriptors(mach_port_t thread, const ThreadBlock& block) {
  int32_t error = load_block_slot(thread, block);
  for (uint32_t i = 0; i < kTlsSlots && error == 0; ++i) {
    if (block.tls[i].used) error = load_slot(thread, kFirstTlsSlot + i, tls_descriptor(block.tls[i]));
  }
  return error;
}

void end_other_threads() {
  if (process_state.threads == 1) return;
  thread_array_t threads = nullptr;
  mach_msg_type_number_t count = 0;
  if (task_threads(mach_task_self(), &threads, &count) != KERN_SUCCESS) return;
  for (mach_msg_type_number_t i = 0; i < count; ++i) {
    if (threads[i] != current_thread().thread_port) thread_terminate(threads[i]);
    mach_port_deallocate(mach_task_self(), threads[i]);
  }
  vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(threads), count * sizeof *threads);
  process_state.threads = 1;
}

void reset_thread_for_exec() {
  ThreadBlock& thread = current_thread();
  asm volatile("movw %w0, %%gs" : : "r"(0));
  thread.user_gs = 0;
  for (ThreadBlock::TlsSlot& slot : thread.tls) slot = {};
  thread.alternate_stack = thread.alternate_stack_size = thread.alternate_stack_flags = 0;
  thread.clear_child_tid = thread.robust_list = 0;
  thread.tid = shared_page().pid;
}

void leave_thread() {
  ThreadBlock& thread = current_thread();
  if (thread.clear_child_tid != 0) {
    const int32_t zero = 0;
    (void)copy_out(thread.clear_child_tid, zero);
  }
  if (__atomic_sub_fetch(&process_state.threads, 1, __ATOMIC_ACQ_REL) == 0) return;
  proc_exit_thread(process_port(), thread.tid);
  thread_terminate(thread.thread_port);
}

void adopt_forked_thread(ThreadBlock& block) {
  block.thread_port = mach_thread_self();
  block.reply_port = MACH_PORT_NULL;
  block.tid = shared_page().pid;
  block.wait = {};
}

namespace calls {

namespace {

// struct user_desc of set_thread_area(2).
struct UserDescriptor {
  int32_t entry;
  uint32_t base;
  uint32_t limit;
  uint32_t flags;  // seg_32bit 1, contents 6, read_exec_only 8, limit_in_pages 16, not_present 32
};

}  // namespace

int32_t set_thread_area(Registers& r) {
  constexpr uint32_t kNotPresent = 1 << 5, kReadOnlyOrExecute = 1 << 3;
  UserDescriptor d;
  if (!copy_in(d, r.ebx)) return -EFAULT;
  ThreadBlock& thread = current_thread();
  uint32_t index = static_cast<uint32_t>(d.entry) - kFirstTlsSlot;
  if (d.entry == -1) {
    index = 0;
    while (index < kTlsSlots && thread.tls[index].used) ++index;
    if (index == kTlsSlots) return -ESRCH;
    d.entry = static_cast<int32_t>(kFirstTlsSlot + index);
    if (!copy_out(r.ebx, d.entry)) return -EFAULT;
  }
  if (index >= kTlsSlots) return -EINVAL;
  const bool clear = (d.flags & (kNotPresent | kReadOnlyOrExecute)) == (kNotPresent | kReadOnlyOrExecute) &&
                     d.base == 0 && d.limit == 0;
  thread.tls[index] = {d.base, d.limit, d.flags, !clear};
  return load_slot(thread.thread_port, kFirstTlsSlot + index,
                   clear ? descriptor_t{} : tls_descriptor(thread.tls[index]));
}

int32_t get_thread_area(Registers& r) {
  UserDescriptor d;
  if (!copy_in(d, r.ebx)) return -EFAULT;
  const uint32_t index = static_cast<uint32_t>(d.entry) - kFirstTlsSlot;
  if (index >= kTlsSlots) return -EINVAL;
  const ThreadBlock::TlsSlot& slot = current_thread().tls[index];
  d.base = slot.base;
  d.limit = slot.limit;
  d.flags = slot.flags;
  return copy_out(r.ebx, d) ? 0 : -EFAULT;
}

int32_t set_tid_address(Registers& r) {
  current_thread().clear_child_tid = r.ebx;
  return current_thread().tid;
}

int32_t gettid(Registers&) { return current_thread().tid; }

// Robust futexes matter to threads that die holding one; the list is kept for get_robust_list.
int32_t set_robust_list(Registers& r) {
  constexpr uint32_t kHeadSize = 12;
  if (r.ecx != kHeadSize) return -EINVAL;
  current_thread().robust_list = r.ebx;
  return 0;
}

}  // namespace calls
}  // namespace emulation
