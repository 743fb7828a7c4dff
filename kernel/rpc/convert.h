// From ports and names to the kernel's objects.
#pragma once

#include <mach/port.h>

#include "kernel/ipc/port.h"
#include "kernel/kern/task.h"
#include "kernel/kern/thread.h"
#include "libs/base/ref.h"

namespace rpc {

// The live task or thread behind a port; null when the port stands for something else.
base::Ref<kern::Task> to_task(ipc::Port* port);
base::Ref<kern::Thread> to_thread(ipc::Port* port);

// The address or name space of the task behind a port; null as above.
base::Ref<vm::Map> to_map(ipc::Port* port);
base::Ref<ipc::Space> to_space(ipc::Port* port);

// The host's name or control port / only the control port.
bool is_host(ipc::Port* port);
bool is_host_control(ipc::Port* port);
bool is_processor(ipc::Port* port);
// The processor set's name or control port / only the control port.
bool is_processor_set(ipc::Port* port);
bool is_processor_set_control(ipc::Port* port);

// The same by name in the current task, for traps.
base::Ref<kern::Task> name_to_task(mach_port_t name);
base::Ref<kern::Thread> name_to_thread(mach_port_t name);

}  // namespace rpc
