// Who has checked in with the name server: the supervisor's watcher thread.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include <mach.h>
#include <mach/mach_host.h>

#include "libs/mach/service_user.h"
#include "servers/bootstrap/supervisor.h"

namespace bootstrap {
namespace {

// A server that has not checked in by then is named on the console.
constexpr long long kCheckInSeconds = 20;

long long now_seconds() {
  time_value_t now{};
  host_get_time(mach_host_self(), &now);
  return now.seconds;
}

}  // namespace

void Supervisor::watch_check_ins() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      server_watched_.wait(lock, [this] {
        return std::ranges::any_of(servers_, [](const auto& server) { return server->watched; });
      });
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
    std::string list;
    const bool answered = list_services(&list);
    note_check_ins(answered, list);
  }
}

// Asks the name server, which may be dead, or not have been started yet: the call waits for a while only.
bool Supervisor::list_services(std::string* list) const {
  vm_offset_t text = 0;
  mach_msg_type_number_t size = 0;
  if (service_list(service_port_, &text, &size) != KERN_SUCCESS) return false;
  list->assign(reinterpret_cast<const char*>(text), size);
  vm_deallocate(mach_task_self(), text, size);
  return true;
}

// `list`: the answer of service_list, when there was one.
void Supervisor::note_check_ins(bool answered, const std::string& list) {
  const std::lock_guard lock(mutex_);
  for (const auto& server : servers_) {
    if (!server->watched) continue;
    const std::string& name = server->entry.name;
    const bool there = name == kNameServer
                           ? answered
                           : list.find("service " + name + " running\n") != std::string::npos;
    if (there) {
      server->watched = false;
    } else if (now_seconds() - server->started_at >= kCheckInSeconds) {
      std::printf("bootstrap: %s has not checked in after %lld seconds\n", name.c_str(),
                  kCheckInSeconds);
      server->watched = false;
    }
  }
}

}  // namespace bootstrap
