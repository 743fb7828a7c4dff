#include "emulation/files/pipe_readiness.h"

#include <servers/process_page.h>

#include "emulation/mach/servers.h"
#include "libs/mach/process_user.h"

namespace emulation {

constinit PipeReadiness pipe_readiness{};

int PipeReadiness::events_of(const OpenFile& file) {
  constexpr uint8_t kAskedBeforeMapping = 8;
  if (file.kind != IO_KIND_STREAM || file.slot == 0 || file.slot >= PIPE_SLOT_COUNT) return -1;
  if (state_ == State::kNone || unsure_) return -1;
  if (state_ == State::kUnknown) {
    if (++asked_ < kAskedBeforeMapping) return -1;
    state_ = proc_pipe_slots(process_port()) == KERN_SUCCESS ? State::kMapped : State::kNone;
    if (state_ == State::kNone) return -1;
  }
  const auto& slots = *reinterpret_cast<const pipe_slots*>(PIPE_SLOTS_ADDRESS);
  const unsigned ready = slots.ready[file.slot];
  return (ready & PIPE_SLOT_SHOWN) != 0 ? static_cast<int>(ready & ~PIPE_SLOT_SHOWN) : -1;
}

}  // namespace emulation
