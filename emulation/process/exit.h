// Ending the process.
#pragma once

namespace emulation {

// With the wait status of exit(code) or of a signal. The process server terminates the task.
[[noreturn]] void end_process(int code);
[[noreturn]] void end_process_by_signal(int signal);

}  // namespace emulation
