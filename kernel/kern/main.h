#pragma once

namespace kern {

// The machine is ready, interrupts are off: starts every part of the kernel and the first user
// task, and becomes the idle thread.
[[noreturn]] void main();

}  // namespace kern
