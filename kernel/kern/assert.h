// Kernel assertions and panic.
#pragma once

namespace kern {

// Stops the machine: prints the message, where it happened and a stack trace. With the kernel
// argument panic=exit QEMU is left through its debug-exit port; otherwise the processor halts.
[[noreturn, gnu::format(printf, 1, 2)]] void panic(const char* format, ...);

}  // namespace kern

// On in all builds: a kernel that has lost its invariants must not go on touching user data.
#define KASSERT(condition)                                                        \
  do {                                                                            \
    if (!(condition)) [[unlikely]]                                                \
      ::kern::panic("%s:%d: assertion failed: %s", __FILE__, __LINE__, #condition); \
  } while (0)
