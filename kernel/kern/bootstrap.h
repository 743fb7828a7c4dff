// The first user task.
#pragma once

namespace kern {

// Starts the program in the boot loader's first module, with the arguments of the classic
// bootstrap task: "bootstrap", flags, the names of the host control and device master ports
// (decimal), the root device, then the words of the kernel's command line.
// Panics when there is no module or it cannot be started.
void start_bootstrap_task();

}  // namespace kern
