// Waiting until descriptors are ready: the common part of poll, select and their relatives.
#pragma once

#include <cstdint>

#include "emulation/linux_abi.h"

namespace emulation {

// One descriptor to look at. `ready` is filled in (POLLNVAL when it is not open).
struct Interest {
  int fd;
  int16_t events;
  int16_t ready;
};

inline constexpr int64_t kNoTimeout = -1;

// Waits until one of `count` interests is ready, `microseconds` have passed (kNoTimeout: no limit)
// or a signal is deliverable. Returns how many are ready, or -EINTR.
int32_t wait_until_ready(Interest* interests, uint32_t count, int64_t microseconds);

}  // namespace emulation
