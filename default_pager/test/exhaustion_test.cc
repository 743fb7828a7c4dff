// Memory and paging space are full: the task that uses most is terminated, and nothing else happens. Started by the
// bootstrap server beside a default pager without paging space. Reports TAP on the console and ends the machine.
#include <mach.h>
#include <mach/default_pager_object.h>
#include <mach/mach_host.h>

#include <cstdint>

#include "default_pager/test/report.h"
#include "default_pager/test/writer.h"

namespace default_pager::test {
namespace {

constexpr vm_size_t kMine = 4 * kMebibyte;
constexpr vm_size_t kTooMuch = 256 * kMebibyte;
constexpr vm_size_t kLittle = 3 * kMebibyte;

// This task's own memory.
class Memory {
 public:
  Memory() { (void)vm_allocate(mach_task_self(), &address_, kMine, TRUE); }
  void fill() const {
    for (vm_size_t i = 0; i < kMine; i += sizeof(uint32_t)) *word(i) = i * 2654435761u;
  }
  [[nodiscard]] bool is_filled() const {
    for (vm_size_t i = 0; i < kMine; i += sizeof(uint32_t)) {
      if (*word(i) != i * 2654435761u) return false;
    }
    return true;
  }

 private:
  [[nodiscard]] uint32_t* word(vm_size_t offset) const {
    return reinterpret_cast<uint32_t*>(address_ + offset);
  }
  vm_address_t address_ = 0;
};

void exhaustion(mach_port_t host) {
  const Memory memory;
  memory.fill();
  Writer modest;
  kern_return_t code = modest.start(kLittle);
  report(code == KERN_SUCCESS && modest.is_done(), "a task that needs little", code);
  for (int i = 0; i < 3; ++i) {
    Writer greedy;
    code = greedy.start(kTooMuch);
    report(code == KERN_SUCCESS, "a task that needs more than there is", code);
    report(greedy.ends(), "is terminated");
    report(memory.is_filled(), "memory of others is as it was");
  }
  report(modest.is_done(), "a task that needs little goes on");
  mach_port_t pager = MACH_PORT_NULL;
  vm_size_t total = 0;
  vm_size_t free = 0;
  code = vm_set_default_memory_manager(host, &pager);
  if (code == KERN_SUCCESS) code = default_pager_info(pager, &total, &free);
  report(code == KERN_SUCCESS, "the default pager goes on", code);
  modest.terminate();
}

}  // namespace
}  // namespace default_pager::test

int main() {
  using namespace default_pager::test;
  return run([](mach_port_t host, mach_port_t) { exhaustion(host); });
}
