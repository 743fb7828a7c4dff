// Who keeps the processor to itself: the supervisor's usage watcher.
#include <chrono>
#include <cstdio>
#include <thread>

#include "servers/bootstrap/processor_use.h"
#include "servers/bootstrap/supervisor.h"

namespace bootstrap {

void Supervisor::watch_usage() {
  using Clock = std::chrono::steady_clock;
  UsageJudge judge;
  auto last = Clock::now();
  while (true) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const auto now = Clock::now();
    const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(now - last);
    last = now;
    const std::lock_guard lock(mutex_);
    judge_usage(judge, static_cast<uint64_t>(elapsed.count()));
  }
}

// With mutex_.
void Supervisor::judge_usage(UsageJudge& judge, uint64_t elapsed) {
  std::vector<ServerUse*> uses;
  std::vector<Server*> judged;
  for (const auto& server : servers_) {
    if (server->task == MACH_PORT_NULL) continue;
    const uint64_t total = processor_time(server->task);
    // A thread that ends may be missing from both sums for a moment.
    server->use.used = total > server->used_before ? total - server->used_before : 0;
    server->used_before = total;
    uses.push_back(&server->use);
    judged.push_back(server.get());
  }
  std::vector<bool> shared;
  for (const ServerUse* use : uses) shared.push_back(use->shares);
  judge.judge(elapsed, uses);
  for (size_t i = 0; i < judged.size(); ++i) {
    const Server& server = *judged[i];
    if (server.use.shares == shared[i]) continue;
    set_policy_of_all(server.task, server.use.shares ? Policy::kTimesharing : Policy::kFixed);
    std::printf("bootstrap: %s %s\n", server.entry.name.c_str(),
                server.use.shares ? "uses the processor all the time; it shares it from now on"
                                  : "does not use the processor all the time any more");
  }
}

}  // namespace bootstrap
