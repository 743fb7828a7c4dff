#include "kernel/kern/host.h"

#include "kernel/kern/assert.h"

namespace kern {
namespace {

struct Ports {
  ipc::KernelPort name, control, processor, set, set_name;
};

Ports* ports;

ipc::KernelPort make_port(ipc::KObjectType type, void* object) {
  auto port = ipc::KernelPort::create(type, object);
  if (!port.ok()) panic("no memory for the host's ports");
  return port.take();
}

}  // namespace

void Host::init() {
  static Ports storage;
  ports = &storage;
  // The objects behind these ports are unique: any non-null word will do.
  ports->name = make_port(ipc::KObjectType::kHost, ports);
  ports->control = make_port(ipc::KObjectType::kHostPriv, ports);
  ports->processor = make_port(ipc::KObjectType::kProcessor, ports);
  ports->set = make_port(ipc::KObjectType::kProcessorSet, &ProcessorSet::the());
  ports->set_name = make_port(ipc::KObjectType::kProcessorSetName, &ProcessorSet::the());
}

ipc::SendRight Host::name_port() { return ports->name.make_send(); }
ipc::SendRight Host::control_port() { return ports->control.make_send(); }
ipc::SendRight Host::processor_port() { return ports->processor.make_send(); }
ipc::SendRight Host::processor_set_port() { return ports->set.make_send(); }
ipc::SendRight Host::processor_set_name_port() { return ports->set_name.make_send(); }

ProcessorSet& ProcessorSet::the() {
  static ProcessorSet set;
  return set;
}

}  // namespace kern
