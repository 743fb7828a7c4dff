// runner PROGRAM MEMORY [ARGUMENTS]: boots the kernel on the host machine with so many MiB and
// PROGRAM, an i386 ELF file, as its first task. ARGUMENTS are the kernel's. The console is the
// standard output. The status is 0 when the program has turned the machine off and the kernel has
// lost no memory.
#include <sanitizer/lsan_interface.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "kernel/arch/host/boot_settings.h"
#include "kernel/arch/host/user_mode/user_mode.h"
#include "kernel/kern/main.h"

namespace {

std::vector<char> read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.empty()) {
    perror(path);
    exit(2);
  }
  return bytes;
}

// Kernel objects may be known to others in the machine's memory alone.
void look_for_references_in_memory() {
  const auto memory = arch::machine_memory();
  __lsan_register_root_region(memory.data(), memory.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    fprintf(stderr, "usage: runner PROGRAM MEMORY [ARGUMENTS]\n");
    return 2;
  }
  constexpr uint32_t kMiB = 1u << 20;
  arch::set_memory_size(static_cast<uint32_t>(atoi(argv[2])) * kMiB);
  arch::add_boot_module(read_file(argv[1]), "bootstrap");
  arch::set_boot_arguments(argc == 4 ? argv[3] : "panic=exit");
  arch::set_power_switch([] { exit(0); });
  look_for_references_in_memory();
  user_mode::install();
  kern::main();
}
