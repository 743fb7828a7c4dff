#include "kernel/kern/bootstrap.h"

#include <mach/kern_return.h>

#include <cstdint>
#include <cstring>
#include <string_view>

#include "kernel/arch/boot.h"
#include "kernel/device/master.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/elf_loader.h"
#include "kernel/kern/format.h"
#include "kernel/kern/host.h"
#include "kernel/kern/task.h"
#include "kernel/kern/user_ptr.h"

namespace kern {
namespace {

constexpr uint32_t kStackSize = 64 * 1024;
// The last page of user space stays unmapped: who runs over the end of the stack finds out.
constexpr UserAddr kStackEnd = kUserEnd - arch::kPageSize;
constexpr unsigned kMaxArguments = 64;
constexpr std::string_view kDefaultRoot = "hd0s1";

// Builds argc, argv, null, null (no environment) and the strings at the top of the stack.
class ArgumentStack {
 public:
  void add(std::string_view text) {
    if (count_ == kMaxArguments || used_ + text.size() + 1 > sizeof strings_) return;
    std::memcpy(strings_ + used_, text.data(), text.size());
    strings_[used_ + text.size()] = 0;
    offsets_[count_++] = used_;
    used_ += text.size() + 1;
  }

  void add_number(uint32_t n) {
    char text[12];
    add({text, format_to(text, sizeof text, "%u", n)});
  }

  // The initial stack pointer.
  base::Result<UserAddr> copy_out(UserAddr stack_end) const {
    const UserAddr strings = (stack_end - used_) & ~3u;
    uint32_t words[kMaxArguments + 3];
    unsigned n = 0;
    words[n++] = count_;
    for (unsigned i = 0; i < count_; ++i) words[n++] = strings + offsets_[i];
    words[n++] = 0;
    words[n++] = 0;
    const UserAddr sp = (strings - n * sizeof words[0]) & ~15u;
    TRY(copy_out_bytes(strings, strings_, used_));
    TRY(copy_out_bytes(sp, words, n * sizeof words[0]));
    return sp;
  }

 private:
  char strings_[2048];
  uint32_t offsets_[kMaxArguments];
  unsigned count_ = 0;
  unsigned used_ = 0;
};

uint32_t name_in_current_task(ipc::SendRight right) {
  auto name = current_task().space().copyout(std::move(right));
  return name.ok() ? *name : 0;
}

std::string_view flags_word() {
  const std::string_view flags = arch::boot_option("flags");
  return flags.empty() ? "-x" : flags;
}

// The kernel's own file name, which some loaders put first, is left out.
void add_command_line(ArgumentStack& arguments) {
  std::string_view line = arch::boot_arguments();
  for (bool first = true; !line.empty(); first = false) {
    const size_t begin = line.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return;
    line.remove_prefix(begin);
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r\n"));
    line.remove_prefix(word.size());
    if (!first || word.find('/') == std::string_view::npos) arguments.add(word);
  }
}

// "module=" and the module's string, in the order of the devices module0, module1, ...
void add_modules(ArgumentStack& arguments) {
  for (const arch::BootModule& module : arch::boot_modules()) {
    char text[128];
    arguments.add({text, format_to(text, sizeof text, "module=%s", module.arguments)});
  }
}

base::Status exec_module(const arch::BootModule& module) {
  const uint32_t entry = TRY(load_elf(module.start, module.size));
  TRY(current_task().map().allocate(kStackEnd - kStackSize, kStackSize, vm::Placement::kFixed));
  static ArgumentStack arguments;
  arguments.add("bootstrap");
  arguments.add(flags_word());
  arguments.add_number(name_in_current_task(Host::control_port()));
  arguments.add_number(name_in_current_task(device::master_port()));
  const std::string_view root = arch::boot_option("root");
  arguments.add(root.empty() ? kDefaultRoot : root);
  add_modules(arguments);
  add_command_line(arguments);
  const UserAddr sp = TRY(arguments.copy_out(kStackEnd));
  arch::set_user_entry(current_thread(), entry, sp);
  return {};
}

// First thing the bootstrap thread does, still in the kernel.
void exec_first_module(void*) {
  const auto status = exec_module(arch::boot_modules().front());
  if (!status.ok()) panic("cannot start the bootstrap task: error %d", status.code());
}

}  // namespace

void start_bootstrap_task() {
  if (arch::boot_modules().empty()) panic("the boot loader brought no bootstrap program");
  auto task = Task::create(Task::kernel(), Task::Inherit::kNothing);
  if (!task.ok()) panic("no memory for the bootstrap task");
  (*task)->is_bootstrap = true;
  auto thread = Thread::create(**task, exec_first_module);
  if (!thread.ok() || !(*thread)->resume().ok()) panic("no memory for the bootstrap thread");
}

}  // namespace kern
