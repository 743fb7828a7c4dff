// task_info, thread_info, host_info and the like (book chapters 6 to 9).
#pragma once

#include <mach/machine/vm_types.h>
#include <mach/time_value.h>

#include <cstdint>
#include <cstring>
#include <span>

#include "kernel/kern/task.h"
#include "kernel/kern/thread.h"
#include "libs/base/result.h"

namespace kern {

using InfoWords = std::span<integer_t>;
// Words stored; KERN_INVALID_ARGUMENT: no such flavor, or it does not fit.
using InfoResult = base::Result<uint32_t>;

InfoResult task_info(Task& task, int flavor, InfoWords out);
InfoResult thread_info(Thread& thread, int flavor, InfoWords out);
InfoResult host_info(int flavor, InfoWords out);
InfoResult processor_info(int flavor, InfoWords out);
InfoResult processor_set_info(int flavor, InfoWords out);

// Stores a structure as words.
InfoResult store_info(InfoWords out, const void* info, size_t bytes);

time_value_t ticks_to_time(uint32_t ticks);

}  // namespace kern
