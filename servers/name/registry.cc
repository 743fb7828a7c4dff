#include "servers/name/registry.h"

#include <algorithm>

namespace name {

Registry::~Registry() {
  for (const auto& [unused, entry] : names_) release(entry);
  for (const auto& [unused, service] : services_) ports_.destroy_service_port(service.port);
}

kern_return_t Registry::check_in(std::string_view name, mach_port_t signature, mach_port_t port) {
  if (services_.contains(name)) return NETNAME_NOT_YOURS;
  const auto found = names_.find(name);
  if (found == names_.end()) {
    names_.emplace(name, CheckedIn{signature, port});
    return NETNAME_SUCCESS;
  }
  if (found->second.signature != signature) return NETNAME_NOT_YOURS;
  release(found->second);
  found->second = CheckedIn{signature, port};
  return NETNAME_SUCCESS;
}

kern_return_t Registry::check_out(std::string_view name, mach_port_t signature) {
  const auto found = names_.find(name);
  if (found == names_.end()) return NETNAME_NOT_CHECKED_IN;
  if (found->second.signature != signature) return NETNAME_NOT_YOURS;
  release(found->second);
  names_.erase(found);
  return NETNAME_SUCCESS;
}

kern_return_t Registry::look_up(std::string_view name, mach_port_t& port) const {
  if (const auto service = services_.find(name);
      service != services_.end() && service->second.visibility == Visibility::kPublic) {
    port = service->second.port;
    return NETNAME_SUCCESS;
  }
  const auto found = names_.find(name);
  if (found == names_.end()) return NETNAME_NOT_CHECKED_IN;
  port = found->second.port;
  return NETNAME_SUCCESS;
}

kern_return_t Registry::service_check_in(std::string_view name, Visibility visibility,
                                         mach_port_t& port) {
  Service* service = find_or_make(name);
  if (service == nullptr) return KERN_RESOURCE_SHORTAGE;
  if (service->served) return NETNAME_IN_USE;
  service->served = true;
  service->visibility = visibility;
  port = service->port;
  return NETNAME_SUCCESS;
}

kern_return_t Registry::service_look_up(std::string_view name, mach_port_t& port) {
  Service* service = find_or_make(name);
  if (service == nullptr) return KERN_RESOURCE_SHORTAGE;
  port = service->port;
  return NETNAME_SUCCESS;
}

bool Registry::returned(mach_port_t port) {
  const auto found = std::ranges::find_if(
      services_, [port](const auto& item) { return item.second.port == port; });
  if (found == services_.end()) return false;
  found->second.served = false;
  if (!ports_.watch_receive_right(port)) {
    // Without the notification the port would be lost with its next server: clients are better
    // off with a dead name now.
    ports_.destroy_service_port(port);
    services_.erase(found);
  }
  return true;
}

void Registry::restore_service(std::string_view name, Visibility visibility, mach_port_t port) {
  const bool is_new =
      services_.emplace(name, Service{.port = port, .served = true, .visibility = visibility}).second;
  if (!is_new) ports_.release_send_right(port);
}

std::vector<std::string> Registry::died(mach_port_t port) {
  std::vector<std::string> gone;
  for (auto it = names_.begin(); it != names_.end();) {
    if (it->second.port == port || it->second.signature == port) {
      release(it->second);
      gone.push_back(it->first);
      it = names_.erase(it);
    } else {
      ++it;
    }
  }
  return gone;
}

std::string Registry::list() const {
  std::string text;
  for (const auto& [name, service] : services_) {
    text += "service " + name + (service.served ? " running\n" : " waiting\n");
  }
  for (const auto& [name, unused] : names_) text += "name " + name + "\n";
  return text;
}

void Registry::release(const CheckedIn& entry) {
  ports_.release_send_right(entry.port);
  if (MACH_PORT_VALID(entry.signature)) ports_.release_send_right(entry.signature);
}

Registry::Service* Registry::find_or_make(std::string_view name) {
  if (const auto found = services_.find(name); found != services_.end()) return &found->second;
  const mach_port_t port = ports_.make_service_port();
  if (!MACH_PORT_VALID(port)) return nullptr;
  return &services_.emplace(name, Service{.port = port}).first->second;
}

}  // namespace name
