// What a thread does on its way back to user mode when Thread::ast is not zero.
#pragma once

namespace kern {

// Ends, stops, reschedules or single-steps the current thread as its ast bits ask; returns when it
// may enter user mode.
void handle_attention();

}  // namespace kern
