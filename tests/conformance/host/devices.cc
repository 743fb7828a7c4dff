// The devices of the host machine: console, null, the clock.
#include <cstdio>
#include <utility>
#include <vector>

#include "kernel/arch/phys.h"
#include "kernel/device/device.h"
#include "kernel/device/init.h"
#include "kernel/device/master.h"
#include "kernel/device/null_device.h"
#include "kernel/device/time_device.h"
#include "kernel/device/work.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/time.h"
#include "kernel/vm/page_allocator.h"

namespace device {
namespace {

// "console": what is written goes to the standard output at once; nobody types anything.
class Console final : public Device {
 public:
  Console() : Device("console") {}

  void write(IoRequestPtr request) override {
    std::vector<uint8_t> bytes(request->size());
    request->copy_data(0, bytes);
    (void)fwrite(bytes.data(), 1, bytes.size(), stdout);
    (void)fflush(stdout);
    IoRequest::finish(std::move(request), D_SUCCESS, static_cast<uint32_t>(bytes.size()));
  }
};

void add_time() {
  void* const page = vm::allocate_zeroed_kernel_page();
  KASSERT(page != nullptr);
  kern::set_mapped_time(static_cast<volatile mapped_time_value_t*>(page));
  static TimeDevice time(arch::direct_to_phys(page));
  add_device(time);
}

}  // namespace

void init() {
  create_master_port();
  KASSERT(start_worker().ok());
  static Console console;
  static NullDevice null;
  add_device(console);
  add_device(null);
  add_time();
}

}  // namespace device
