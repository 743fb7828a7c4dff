#include "kernel/rpc/convert.h"

namespace rpc {
namespace {

using ipc::KObjectType;

bool is(ipc::Port* port, KObjectType type) {
  return port != nullptr && port->kobject(type) != nullptr;
}

ipc::Port* port_of(mach_port_t name) { return kern::current_task().space().send_port(name); }

}  // namespace

base::Ref<kern::Task> to_task(ipc::Port* port) {
  auto* task = port ? static_cast<kern::Task*>(port->kobject(KObjectType::kTask)) : nullptr;
  return base::Ref<kern::Task>(task != nullptr && task->active() ? task : nullptr);
}

base::Ref<kern::Thread> to_thread(ipc::Port* port) {
  auto* thread = port ? static_cast<kern::Thread*>(port->kobject(KObjectType::kThread)) : nullptr;
  return base::Ref<kern::Thread>(thread != nullptr && thread->active() ? thread : nullptr);
}

base::Ref<vm::Map> to_map(ipc::Port* port) {
  const base::Ref<kern::Task> task = to_task(port);
  return base::Ref<vm::Map>(task ? &task->map() : nullptr);
}

base::Ref<ipc::Space> to_space(ipc::Port* port) {
  const base::Ref<kern::Task> task = to_task(port);
  return base::Ref<ipc::Space>(task ? &task->space() : nullptr);
}

bool is_host(ipc::Port* port) { return is(port, KObjectType::kHost) || is_host_control(port); }
bool is_host_control(ipc::Port* port) { return is(port, KObjectType::kHostPriv); }
bool is_processor(ipc::Port* port) { return is(port, KObjectType::kProcessor); }
bool is_processor_set(ipc::Port* port) {
  return is(port, KObjectType::kProcessorSetName) || is_processor_set_control(port);
}
bool is_processor_set_control(ipc::Port* port) { return is(port, KObjectType::kProcessorSet); }

base::Ref<kern::Task> name_to_task(mach_port_t name) { return to_task(port_of(name)); }
base::Ref<kern::Thread> name_to_thread(mach_port_t name) { return to_thread(port_of(name)); }

}  // namespace rpc
