#include "servers/bootstrap/usage_judge.h"

namespace bootstrap {
namespace {

// Parts of the processor, in percent.
constexpr uint64_t kNearlyAll = 90;
constexpr uint64_t kHardlyAny = 10;

bool is_at_least(uint64_t used, uint64_t elapsed, uint64_t percent) { return used * 100 >= elapsed * percent; }

}  // namespace

void UsageJudge::judge(uint64_t elapsed, std::span<ServerUse* const> servers) {
  uint64_t used_by_fixed = 0;
  for (ServerUse* const server : servers) {
    if (!server->shares) {
      used_by_fixed += server->used;
    } else if (!is_at_least(server->used, elapsed, kHardlyAny)) {
      server->shares = false;
    }
  }
  busy_ = is_at_least(used_by_fixed, elapsed, kNearlyAll) ? busy_ + elapsed : 0;
  if (busy_ < kPatience) return;
  busy_ = 0;
  for (ServerUse* const server : servers) {
    if (is_at_least(server->used, elapsed, kHardlyAny)) server->shares = true;
  }
}

}  // namespace bootstrap
