// What pipes are ready for, read from the page in which the process server shows it.
#pragma once

#include <cstdint>

#include "emulation/files/open_file.h"

namespace emulation {

// What is shown has happened. What has happened may not be shown yet, when it is news that the
// server gets from the kernel: that an end was closed. Who finds nothing ready makes sure by a
// message, behind which the server has heard of everything.
class PipeReadiness {
 public:
  // The poll(2) events that the pipe end is ready for, or -1: ask it.
  int events_of(const OpenFile& file);
  // An end was closed here: until all_asked(), what is shown does not count.
  void end_closed() { unsure_ = true; }
  void all_asked() { unsure_ = false; }
  // The child has to map the page again: it is not inherited.
  void after_fork_in_child() {
    if (state_ != State::kUnknown) state_ = State::kUnknown;
  }

 private:
  enum class State : uint8_t { kUnknown, kMapped, kNone };
  State state_;
  uint8_t asked_;  // how often, while the page is not mapped
  bool unsure_;
};

extern PipeReadiness pipe_readiness;

}  // namespace emulation
