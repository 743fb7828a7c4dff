// The thread that waits for the server's deadlines.
#pragma once

namespace process {

class ProcessServer;

// Starts it; there is one.
void start_timer_thread(ProcessServer& server);

// The next deadline may have become earlier: makes the thread look again. Under the tree lock.
void wake_timer_thread();

}  // namespace process
