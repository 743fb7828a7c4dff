// Reaper: frees threads that have left the processor for the last time.
#pragma once

namespace kern {

class Thread;

class Reaper {
 public:
  // Creates the reaper's kernel thread; panics without memory (boot).
  static void start();
  // Takes over a thread that is about to switch away for the last time, and its own reference.
  static void take(Thread& dead);

 private:
  static void run(void*);
};

}  // namespace kern
