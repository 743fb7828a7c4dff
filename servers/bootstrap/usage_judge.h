// UsageJudge: which servers have to share the processor with everybody.
#pragma once

#include <cstdint>
#include <span>

namespace bootstrap {

// What is known of one server's use of the processor.
struct ServerUse {
  uint64_t used = 0;    // microseconds since the last judgement
  bool shares = false;  // timesharing; otherwise it has a fixed priority, better than all programs
};

// Servers at a fixed priority that use nearly the whole processor for long keep everybody else from it, be it one that
// loops or several that never stop to call one another. Those that do are to share it, until they hardly use it. Much
// work does not look like this: who asks for it needs the processor, too, or the disk is waited for.
class UsageJudge {
 public:
  static constexpr uint64_t kPatience = 10'000'000;  // microseconds

  // Sets `shares` of each, by what was used of the `elapsed` microseconds. To be called about once a second.
  void judge(uint64_t elapsed, std::span<ServerUse* const> servers);

 private:
  uint64_t busy_ = 0;  // how long there has been nothing left for others, in microseconds
};

}  // namespace bootstrap
