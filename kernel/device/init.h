// Start of the device subsystem.
#pragma once

namespace device {

// Finds the hardware and makes its devices known. To be called once, by a thread, when interrupts,
// heap, messages and the scheduler are up. Kernel messages go to the screen through the console
// driver from then on. The kernel argument console=com0, vga or both (the rule) says where the
// console is.
void init();

}  // namespace device
