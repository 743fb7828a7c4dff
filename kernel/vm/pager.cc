#include "kernel/vm/pager.h"

#include <new>

namespace vm {

base::Status Pager::make_ports() {
  control_ = TRY(ipc::Port::create());
  control_.port()->set_kobject(ipc::KObjectType::kMemoryControl, this);
  name_ = TRY(ipc::Port::create());
  name_.port()->set_kobject(ipc::KObjectType::kMemoryName, this);
  return {};
}

base::Result<base::Ref<Pager>> Pager::create(ipc::SendRight memory_object) {
  auto pager = base::adopt_ref(new (std::nothrow) Pager);
  if (!pager) return base::Error(KERN_RESOURCE_SHORTAGE);
  TRY(pager->make_ports());
  pager->memory_object_ = std::move(memory_object);
  return pager;
}

base::Result<base::Ref<Pager>> Pager::create_internal() {
  ipc::ReceiveRight object = TRY(ipc::Port::create());
  ipc::SendRight send = ipc::make_send(*object.port());
  auto pager = TRY(create(std::move(send)));
  pager->new_object_ = std::move(object);
  pager->internal = true;
  pager->ready = true;
  pager->strategy = CopyStrategy::kDelay;
  return pager;
}

bool Pager::dead() const {
  const ipc::Port* port = memory_object_.port();
  return !port || !port->active();
}

Pager::Ports Pager::take_ports() {
  if (control_) control_.port()->set_kobject(ipc::KObjectType::kNone, nullptr);
  if (name_) name_.port()->set_kobject(ipc::KObjectType::kNone, nullptr);
  return {std::move(memory_object_), std::move(control_), std::move(name_)};
}

Pager::~Pager() {
  registry_link.unlink();
  cache_link.unlink();
  take_ports();
}

base::Ref<Pager> pager_of_control_port(ipc::Port* port) {
  if (!port) return nullptr;
  return base::Ref<Pager>(static_cast<Pager*>(port->kobject(ipc::KObjectType::kMemoryControl)));
}

}  // namespace vm
