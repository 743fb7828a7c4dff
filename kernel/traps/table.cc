#include "kernel/traps/table.h"

#include <mach/kern_return.h>

#include <initializer_list>

#include "kernel/ipc/mach_msg.h"
#include "kernel/traps/traps.h"

namespace traps {
namespace {

TRAP kern_return_t unassigned() { return KERN_INVALID_ARGUMENT; }
TRAP mach_port_t no_port() { return MACH_PORT_NULL; }

// In words; an argument is a word or a structure of words.
template <typename R, typename... Arguments>
constexpr uint32_t count_arguments(R (*)(Arguments...) TRAP) {
  static_assert(((sizeof(Arguments) % sizeof(uint32_t) == 0) && ...));
  return (0 + ... + sizeof(Arguments)) / sizeof(uint32_t);
}

struct Table {
  Entry entries[kTableSize];

  template <typename F>
  void set(int number, F* function) {
    entries[-number] = {reinterpret_cast<Function*>(function), count_arguments(function)};
  }

  Table() {
    for (Entry& e : entries) e = {reinterpret_cast<Function*>(unassigned), 0};
    // Of the interface before ports had types: they answer "no port".
    for (int number : {-10, -11, -12, -13, -55, -56}) set(number, no_port);
    set(-17, evc_wait);
    set(-18, evc_wait_clear);
    set(-25, ipc::mach_msg_trap);
    set(-26, ipc::mach_reply_port);
    set(-27, mach_thread_self);
    set(-28, mach_task_self);
    set(-29, mach_host_self);
    set(-59, swtch_pri);
    set(-60, swtch);
    set(-61, thread_switch);
    set(-64, vm_map);
    set(-65, vm_allocate);
    set(-66, vm_deallocate);
    set(-68, task_create);
    set(-69, task_terminate);
    set(-70, task_suspend);
    set(-71, task_set_special_port);
    set(-72, mach_port_allocate);
    set(-73, mach_port_deallocate);
    set(-74, mach_port_insert_right);
    set(-75, mach_port_allocate_name);
    set(-76, thread_depress_abort);
    set(-120, vm_read_overwrite);
    set(-121, vm_write);
  }
};

const Table trap_table;

}  // namespace

Entry table(unsigned index) { return trap_table.entries[index]; }

}  // namespace traps
