#include "kernel/vm/default_manager.h"

#include <utility>

#include "kernel/vm/pager_messages.h"

namespace vm {
namespace {

ipc::SendRight& manager() {
  static ipc::SendRight right;
  return right;
}

}  // namespace

ipc::SendRight default_memory_manager() { return ipc::copy_send(manager()); }

ipc::SendRight set_default_memory_manager(ipc::SendRight right) {
  if (!right) return default_memory_manager();
  return std::exchange(manager(), std::move(right));
}

bool is_default_manager(const Pager& pager) {
  if (pager.internal) return true;
  const ipc::Port* port = pager.memory_object().port();
  const ipc::Port* default_port = manager().port();
  return port && default_port && port->receiver() && port->receiver() == default_port->receiver();
}

bool is_default_manager(const ipc::Space& names) {
  const ipc::Port* port = manager().port();
  return port && port->receiver() == &names;
}

base::Status give_to_default_manager(Object& object) {
  const ipc::SendRight& right = manager();
  if (!right || !right.port()->active()) return base::Error(KERN_FAILURE);
  base::Ref<Pager> pager = TRY(Pager::create_internal());
  pager->set_base(object.start());
  TRY(post_create(*pager, right, object.end() - object.start()));
  object.set_pager(std::move(pager));
  return {};
}

}  // namespace vm
