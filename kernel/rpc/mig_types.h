// Names that the generated dispatch uses: rights, memory, and the objects that ports stand for.
#pragma once

#include <device/device_types.h>
#include <device/net_status.h>
#include <mach/exception.h>
#include <mach/i386/mach_i386_types.h>
#include <mach/mach_types.h>
#include <mach_debug/mach_debug_types.h>

#include "kernel/device/open_device.h"
#include "kernel/ipc/item.h"
#include "kernel/ipc/right.h"
#include "kernel/kern/host.h"
#include "kernel/rpc/convert.h"
#include "kernel/vm/map_copy.h"
#include "kernel/vm/pager.h"

namespace rpc {

using ipc::AnyRight;
using ipc::kind_of_type;
using ipc::Port;
using ipc::ReceiveRight;
using ipc::SendOnceRight;
using ipc::SendRight;
using ipc::type_of_kind;
using vm::MapCopy;
using vm::MapCopyPtr;

// An object behind a port; null when the port stands for nothing of that type.
using TaskRef = base::Ref<kern::Task>;
using ThreadRef = base::Ref<kern::Thread>;
using SpaceRef = base::Ref<ipc::Space>;
using MapRef = base::Ref<vm::Map>;
using MemoryControlRef = base::Ref<vm::Pager>;
using DeviceRef = base::Ref<device::OpenDevice>;

// The machine has one of each of these, so a reference only tells whether it was named.
template <typename Tag>
struct UniqueRef {
  bool named = false;
  explicit operator bool() const { return named; }
};
using HostRef = UniqueRef<struct HostTag>;
using HostPrivRef = UniqueRef<struct HostPrivTag>;
using ProcessorRef = UniqueRef<struct ProcessorTag>;
using ProcessorSetRef = UniqueRef<struct ProcessorSetTag>;

inline TaskRef convert_port_to_task(Port* p) { return to_task(p); }
inline ThreadRef convert_port_to_thread(Port* p) { return to_thread(p); }
inline SpaceRef convert_port_to_space(Port* p) { return to_space(p); }
inline MapRef convert_port_to_map(Port* p) { return to_map(p); }
inline HostRef convert_port_to_host(Port* p) { return {is_host(p)}; }
inline HostPrivRef convert_port_to_host_priv(Port* p) { return {is_host_control(p)}; }
inline ProcessorRef convert_port_to_processor(Port* p) { return {is_processor(p)}; }
inline ProcessorSetRef convert_port_to_pset(Port* p) { return {is_processor_set_control(p)}; }
inline ProcessorSetRef convert_port_to_pset_name(Port* p) { return {is_processor_set(p)}; }
inline MemoryControlRef convert_port_to_memory_control(Port* p) {
  return vm::pager_of_control_port(p);
}
inline DeviceRef convert_port_to_device(Port* p) { return device::OpenDevice::from_port(p); }

// Send rights for objects that a routine returns; a null reference gives a null right.
inline SendRight convert_task_to_port(const TaskRef& t) {
  return t ? t->make_send() : SendRight();
}
inline SendRight convert_thread_to_port(const ThreadRef& t) {
  return t ? t->make_send() : SendRight();
}
inline SendRight convert_host_to_port(HostRef h) {
  return h ? kern::Host::name_port() : SendRight();
}
inline SendRight convert_processor_to_port(ProcessorRef p) {
  return p ? kern::Host::processor_port() : SendRight();
}
inline SendRight convert_pset_to_port(ProcessorSetRef s) {
  return s ? kern::Host::processor_set_port() : SendRight();
}
inline SendRight convert_pset_name_to_port(ProcessorSetRef s) {
  return s ? kern::Host::processor_set_name_port() : SendRight();
}

// device_open answers by itself (the open may have to wait), so no device travels this way.
inline SendRight convert_device_to_port(const DeviceRef&) { return {}; }

}  // namespace rpc
