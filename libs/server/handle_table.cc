#include "libs/server/handle_table.h"

#include <algorithm>

namespace server {

HandleTable::~HandleTable() {
  for (const auto& [port, handle] : handles_) ports_.destroy(port);
  for (const Spare& spare : spare_) ports_.destroy(spare.port);
}

base::Result<mach_port_t> HandleTable::open(base::Ref<OpenObject> object) {
  Spare spare{MACH_PORT_NULL, 0};
  if (!spare_.empty()) {
    spare = spare_.back();
    spare_.pop_back();
  } else {
    spare.port = TRY(ports_.allocate());
  }
  const uint32_t count = spare.make_send_count + 1;
  if (object->may_close_late()) {
    if (unwatched_.size() >= kMaxUnwatched) settle();
    unwatched_.push_back(spare.port);
  } else if (const auto watched = ports_.watch_senders(spare.port, count); !watched.ok()) {
    ports_.destroy(spare.port);
    return watched.error();
  }
  object->set_listener(ready_);
  handles_.emplace(spare.port, Handle{std::move(object), count});
  latest_ = spare.port;
  return spare.port;
}

OpenObject* HandleTable::find(mach_port_t port) const {
  const auto found = handles_.find(port);
  return found == handles_.end() ? nullptr : found->second.object.get();
}

void HandleTable::no_senders(mach_port_t port, uint32_t make_send_count) {
  const auto found = handles_.find(port);
  // A notification from the port's life before, overtaken by its reuse.
  if (found == handles_.end() || make_send_count < found->second.make_send_count) return;
  close(port, make_send_count);
}

bool HandleTable::settle_port(mach_port_t port) {
  const uint32_t expected = handles_.at(port).make_send_count;
  const PortSpace::Senders senders = ports_.senders(port);
  // The reply that makes the right is still on its way.
  if (senders.made < expected) return false;
  if (senders.any) return ports_.watch_senders(port, expected).ok();
  close(port, senders.made);
  return true;
}

template <typename Wanted>
void HandleTable::settle_if(Wanted wanted) {
  std::erase_if(unwatched_, [&](mach_port_t port) {
    return wanted(*handles_.at(port).object) && settle_port(port);
  });
}

void HandleTable::settle() {
  settle_if([](const OpenObject&) { return true; });
}

void HandleTable::settle_removed() {
  settle_if([](const OpenObject& object) { return !object.may_close_late(); });
}

void HandleTable::settle(const OpenObject& wanted) {
  settle_if([&](const OpenObject& object) { return &object == &wanted; });
}

void HandleTable::close(mach_port_t port, uint32_t make_send_count) {
  const auto found = handles_.find(port);
  const base::Ref<OpenObject> object = std::move(found->second.object);
  handles_.erase(found);
  if (close_listener_ != nullptr) close_listener_->object_closed(*object);
  object->set_listener(nullptr);
  object->closed();
  if (spare_.size() < kMaxSpare) {
    spare_.push_back({port, make_send_count});
  } else {
    ports_.destroy(port);
  }
}

void HandleTable::cancel(mach_port_t port) {
  const auto found = handles_.find(port);
  if (found == handles_.end()) return;
  // The notification asked for counts on a right that was never made: the port cannot be reused.
  const base::Ref<OpenObject> object = std::move(found->second.object);
  handles_.erase(found);
  std::erase(unwatched_, port);
  if (close_listener_ != nullptr) close_listener_->object_closed(*object);
  object->set_listener(nullptr);
  object->closed();
  ports_.destroy(port);
}

}  // namespace server
