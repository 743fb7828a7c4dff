#include "default_pager/test/writer.h"

#include <mach/notify.h>
#include <mach/thread_status.h>
#include <mach/thread_switch.h>
#include <time.h>

#include <cstdint>
#include <cstdio>

namespace default_pager::test {
namespace {

constexpr vm_size_t kPage = 4096;
constexpr vm_size_t kStack = 16 * 1024;
constexpr mach_msg_timeout_t kPatienceMs = 200'000;
constexpr timespec kPause{0, 50'000'000};

// The code of the tasks: writes to every page of [start, end), then says so in the first and stands still.
[[noreturn]] void write_all(uintptr_t start, uintptr_t end) {
  for (uintptr_t a = start; a < end; a += kPage) *reinterpret_cast<volatile uintptr_t*>(a) = a;
  *reinterpret_cast<volatile uintptr_t*>(start) = 1;
  for (;;) (void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 1000);
}

// The first step that fails is named.
class Steps {
 public:
  void operator()(const char* name, kern_return_t code) {
    if (code_ != KERN_SUCCESS || code == KERN_SUCCESS) return;
    std::printf("# %s failed\n", name);
    code_ = code;
  }
  [[nodiscard]] kern_return_t code() const { return code_; }

 private:
  kern_return_t code_ = KERN_SUCCESS;
};

}  // namespace

kern_return_t Writer::prepare(vm_size_t size) {
  size_ = size;
  Steps step;
  step("task_create", task_create(mach_task_self(), TRUE, &task_));
  step("a port", mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &notify_));
  mach_port_t previous = MACH_PORT_NULL;
  step("a request", mach_port_request_notification(mach_task_self(), task_, MACH_NOTIFY_DEAD_NAME, 1, notify_,
                                                   MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  vm_address_t stack = 0;
  step("memory", vm_allocate(task_, &memory_, size, TRUE));
  step("a stack", vm_allocate(task_, &stack, kStack, TRUE));
  // Arguments as a call would leave them.
  constexpr vm_size_t kFrame = 16;
  alignas(kPage) static uint32_t top[kPage / sizeof(uint32_t)];
  top[(kPage - kFrame) / 4 + 1] = memory_;
  top[(kPage - kFrame) / 4 + 2] = memory_ + size;
  step("arguments", vm_write(task_, stack + kStack - kPage, reinterpret_cast<vm_offset_t>(top), kPage));
  step("a thread", thread_create(task_, &thread_));
  i386_thread_state state{};
  state.eip = reinterpret_cast<uintptr_t>(&write_all);
  state.uesp = stack + kStack - kFrame;
  step("its state", thread_set_state(thread_, i386_THREAD_STATE, reinterpret_cast<thread_state_t>(&state),
                                     i386_THREAD_STATE_COUNT));
  return step.code();
}

bool Writer::ends() const {
  struct {
    mach_msg_header_t header;
    uint32_t body[16];
  } message{};
  return mach_msg(&message.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof message, notify_, kPatienceMs,
                  MACH_PORT_NULL) == MACH_MSG_SUCCESS &&
         message.header.msgh_id == MACH_NOTIFY_DEAD_NAME;
}

bool Writer::is_done() const {
  for (mach_msg_timeout_t waited = 0; waited < kPatienceMs; waited += 50) {
    vm_offset_t data = 0;
    mach_msg_type_number_t size = 0;
    if (vm_read(task_, memory_, kPage, &data, &size) != KERN_SUCCESS) return false;
    const bool done = *reinterpret_cast<uintptr_t*>(data) == 1;
    (void)vm_deallocate(mach_task_self(), data, size);
    if (done) return true;
    (void)nanosleep(&kPause, nullptr);
  }
  return false;
}

bool Writer::is_intact() const {
  for (vm_address_t a = memory_; a < memory_ + size_; a += kPage) {
    vm_offset_t data = 0;
    mach_msg_type_number_t count = 0;
    if (vm_read(task_, a, kPage, &data, &count) != KERN_SUCCESS) return false;
    const uintptr_t word = *reinterpret_cast<uintptr_t*>(data);
    (void)vm_deallocate(mach_task_self(), data, count);
    if (word != (a == memory_ ? 1 : a)) return false;
  }
  return true;
}

}  // namespace default_pager::test
