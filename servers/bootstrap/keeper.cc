#include "servers/bootstrap/keeper.h"

#include <algorithm>
#include <cstring>

#include <mach.h>

namespace bootstrap {
namespace {

// More than a system has names; programs that check in without end shall not fill this task's memory.
constexpr size_t kMaxEntries = 4096;

void release(mach_port_t port) {
  if (MACH_PORT_VALID(port)) mach_port_deallocate(mach_task_self(), port);
}

}  // namespace

kern_return_t Keeper::keeper_keep(mach_port_t, int kind, const char* name, int value,
                                  mach_port_t port, mach_port_t signature) {
  forget(kind, name);
  if (entries_.size() >= kMaxEntries) return KERN_RESOURCE_SHORTAGE;
  entries_.push_back({kind, name, value, port, signature});
  return KERN_SUCCESS;
}

kern_return_t Keeper::keeper_forget(mach_port_t, int kind, const char* name) {
  forget(kind, name);
  return KERN_SUCCESS;
}

kern_return_t Keeper::keeper_entry(mach_port_t, int number, int* kind, char* name, int* value,
                                   mach_port_t* port, mach_port_t* signature) {
  if (number < 0 || static_cast<size_t>(number) >= entries_.size()) return KERN_INVALID_ARGUMENT;
  const Entry& entry = entries_[static_cast<size_t>(number)];
  *kind = entry.kind;
  std::strncpy(name, entry.name.c_str(), sizeof(keeper_name_t) - 1);
  name[sizeof(keeper_name_t) - 1] = 0;
  *value = entry.value;
  *port = entry.port;
  *signature = entry.signature;
  return KERN_SUCCESS;
}

void Keeper::forget(int kind, const std::string& name) {
  const auto found = std::ranges::find_if(
      entries_, [&](const Entry& entry) { return entry.kind == kind && entry.name == name; });
  if (found == entries_.end()) return;
  release(found->port);
  release(found->signature);
  entries_.erase(found);
}

}  // namespace bootstrap
