// What the library keeps for each thread of the program. %fs points to it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <mach/port.h>
#include <servers/process_page.h>

#include "emulation/entry/layout.h"
#include "emulation/entry/registers.h"

namespace emulation {

// The user descriptor slot that holds the segment of the thread block.
inline constexpr uint16_t kThreadSelector = 0x6b;

inline constexpr size_t kLibraryStackSize = LIBRARY_STACK_SIZE;

// Who has to be told when a signal interrupts the wait of this thread; see mach/interruptible.h.
struct PendingWait {
  enum class Kind : uint8_t { kNone, kIo, kProcess, kPlain };
  Kind kind = Kind::kNone;
  bool interrupted = false;
  mach_port_t port = MACH_PORT_NULL;
  int cookie = 0;
};

struct ThreadBlock {
  ThreadBlock* self;
  uint32_t stack_top;
  Registers user;
  // Complement of the blocked mask, kept so that the exit path needs one AND.
  uint32_t unblocked[2];

  int tid;
  mach_port_t thread_port;
  mach_port_t reply_port;
  PendingWait wait;
  // rt_sigsuspend and ppoll: the mask to restore when the handler's frame is built.
  bool restore_mask;
  uint32_t saved_unblocked[2];
  uint32_t alternate_stack;  // sigaltstack
  uint32_t alternate_stack_size;
  uint32_t alternate_stack_flags;
  uint32_t clear_child_tid;  // address to zero and wake at thread exit
  uint32_t robust_list;
  // Descriptors set by set_thread_area, as given, for fork: base, limit, flags of slots 6..8.
  struct TlsSlot {
    uint32_t base, limit, flags;
    bool used;
  } tls[3];
  uint16_t user_gs;  // as the program loaded it last, seen at fork
  char name[16];
};

static_assert(offsetof(ThreadBlock, self) == TB_SELF);
static_assert(offsetof(ThreadBlock, stack_top) == TB_STACK_TOP);
static_assert(offsetof(ThreadBlock, user.ebx) == TB_EBX);
static_assert(offsetof(ThreadBlock, user.ecx) == TB_ECX);
static_assert(offsetof(ThreadBlock, user.edx) == TB_EDX);
static_assert(offsetof(ThreadBlock, user.esi) == TB_ESI);
static_assert(offsetof(ThreadBlock, user.edi) == TB_EDI);
static_assert(offsetof(ThreadBlock, user.ebp) == TB_EBP);
static_assert(offsetof(ThreadBlock, user.eax) == TB_EAX);
static_assert(offsetof(ThreadBlock, user.eip) == TB_EIP);
static_assert(offsetof(ThreadBlock, user.esp) == TB_ESP);
static_assert(offsetof(ThreadBlock, user.eflags) == TB_EFLAGS);
static_assert(offsetof(ThreadBlock, user.call) == TB_CALL);
static_assert(offsetof(ThreadBlock, unblocked) == TB_UNBLOCKED);
static_assert(PROCESS_PAGE_ADDRESS + offsetof(process_page, pending) == PAGE_PENDING);

// The block of the running thread.
inline ThreadBlock& current_thread() {
  ThreadBlock* block;
  asm("movl %%fs:0, %0" : "=r"(block));
  return *block;
}

inline process_page& shared_page() {
  return *reinterpret_cast<process_page*>(PROCESS_PAGE_ADDRESS);
}

}  // namespace emulation
