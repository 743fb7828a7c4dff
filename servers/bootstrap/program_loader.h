// Puts an ELF program into a fresh task: segments, stack, first thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <mach/kern_return.h>
#include <mach/mach_types.h>

namespace bootstrap {

// Bytes of a program in this task's memory, page aligned.
struct ProgramImage {
  vm_address_t address = 0;
  vm_size_t size = 0;
};

// Maps the program's segments into `task` (copy on write; whole pages are not copied), makes a
// stack with `arguments`, the auxiliary vector and nothing in the environment, creates the first
// thread and leaves it suspended. On error the task is to be terminated by the caller.
// Returns KERN_INVALID_ARGUMENT for a file that is no statically linked i386 program.
kern_return_t load_program(task_t task, const ProgramImage& image,
                           const std::vector<std::string>& arguments, thread_t* thread);

}  // namespace bootstrap
