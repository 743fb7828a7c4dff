// What a program that boots the whole kernel on the host machine decides beforehand; a unit test
// leaves it alone.
#pragma once

#include <cstdint>
#include <span>

#include "kernel/arch/phys.h"

namespace arch {

// 32 MiB if not set.
void set_memory_size(uint32_t bytes);
// All of it.
std::span<const char> machine_memory();
// Copies `data` to the end of the free memory, which becomes smaller.
PhysAddr place_in_memory(std::span<const char> data);

// Adds a boot module of these bytes. `arguments` must live for ever.
void add_boot_module(std::span<const char> data, const char* arguments);

// The kernel's arguments, words with single spaces between them. Must live for ever.
void set_boot_arguments(const char* text);

// Called when the kernel turns the machine off; without one, that aborts the process.
void set_power_switch(void (*off)());

// What threads do in user mode that a test did not start (machine.h): it continues with the
// registers in the thread's context, and never returns. Without one they end.
void set_user_mode(void (*run)());

}  // namespace arch
