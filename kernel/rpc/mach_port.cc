// The port interface (book chapter 3): decodes, checks, delegates to ipc::Space and ipc::Port.
#include <mach/notify.h>

#include <new>

#include "kernel/rpc/mach_port_server.h"

namespace rpc {
namespace {

using ipc::Entry;
using ipc::NotifyRequest;
using ipc::Space;

// Runs `operation` on a live space.
template <typename F>
kern_return_t with(const SpaceRef& space, F operation) {
  if (!space || !space->active()) return KERN_INVALID_TASK;
  return operation(*space).code();
}

// The same on the port of a receive right.
template <typename F>
kern_return_t with_port(const SpaceRef& space, mach_port_t name, F operation) {
  if (!space || !space->active()) return KERN_INVALID_TASK;
  auto port = space->receive_port(name);
  if (!port.ok()) return port.code();
  return operation(*port.value());
}

// Stores the value of `result` in `out`.
template <typename T, typename U>
base::Status store(base::Result<T> result, U* out) {
  *out = TRY(result);
  return {};
}

// Words for an out-of-line answer.
class WordArray {
 public:
  explicit WordArray(uint32_t capacity)
      : words_(new (std::nothrow) uint32_t[capacity + 1]), capacity_(capacity) {}
  [[nodiscard]] bool ok() const { return words_ != nullptr; }
  void add(uint32_t word) {
    if (count_ < capacity_) words_[count_++] = word;
  }
  base::Status copy_to(MapCopyPtr* copy, mach_msg_type_number_t* count) const {
    *copy = TRY(vm::MapCopy::from_kernel(words_.get(), count_ * sizeof(uint32_t)));
    *count = count_;
    return {};
  }

 private:
  std::unique_ptr<uint32_t[]> words_;
  uint32_t capacity_;
  uint32_t count_ = 0;
};

base::Result<AnyRight> request_port_destroyed(Space& space, mach_port_t name,
                                              mach_port_mscount_t sync, SendOnceRight notify) {
  if (sync != 0) return base::Error(KERN_INVALID_VALUE);
  Port* port = TRY(space.receive_port(name));
  NotifyRequest request = TRY(NotifyRequest::create(notify));
  return AnyRight(port->swap_port_destroyed(std::move(request)).cancel());
}

base::Result<AnyRight> request_no_senders(Space& space, mach_port_t name, mach_port_mscount_t sync,
                                          SendOnceRight notify) {
  Port* port = TRY(space.receive_port(name));
  NotifyRequest request = TRY(NotifyRequest::create(notify));
  const bool due = request.armed() && port->send_rights() == 0 && port->make_send_count() >= sync;
  AnyRight previous(port->swap_no_senders(std::move(request)).cancel());
  if (due) port->fire_no_senders();
  return previous;
}

base::Result<AnyRight> request_notification(Space& space, mach_port_t name, mach_msg_id_t variant,
                                            mach_port_mscount_t sync, SendOnceRight notify) {
  if (notify.is_dead()) return base::Error(KERN_INVALID_CAPABILITY);
  switch (variant) {
    case MACH_NOTIFY_PORT_DESTROYED:
      return request_port_destroyed(space, name, sync, std::move(notify));
    case MACH_NOTIFY_NO_SENDERS:
      return request_no_senders(space, name, sync, std::move(notify));
    case MACH_NOTIFY_DEAD_NAME:
      return AnyRight(TRY(space.request_dead_name(name, sync, std::move(notify))));
    default:
      return base::Error(KERN_INVALID_VALUE);
  }
}

base::Status list_names(Space& space, MapCopyPtr* names, mach_msg_type_number_t* name_count,
                        MapCopyPtr* types, mach_msg_type_number_t* type_count) {
  WordArray name_words(space.names().used());
  WordArray type_words(space.names().used());
  if (!name_words.ok() || !type_words.ok()) return base::Error(KERN_RESOURCE_SHORTAGE);
  space.names().for_each([&](Entry& e) {
    (void)space.lookup(e.name);  // shows a right whose port has died as a dead name
    name_words.add(e.name);
    type_words.add(Space::type_of(e));
  });
  TRY(name_words.copy_to(names, name_count));
  return type_words.copy_to(types, type_count);
}

base::Status list_members(Space& space, mach_port_t name, MapCopyPtr* members,
                          mach_msg_type_number_t* count) {
  Entry* e = space.lookup(name);
  if (e == nullptr) return base::Error(KERN_INVALID_NAME);
  if (!e->has(ipc::kPortSetBit)) return base::Error(KERN_INVALID_RIGHT);
  uint32_t number = 0;
  for ([[maybe_unused]] Port& member : e->set()->members()) ++number;
  WordArray words(number);
  if (!words.ok()) return base::Error(KERN_RESOURCE_SHORTAGE);
  for (Port& member : e->set()->members()) words.add(member.receiver_name());
  return words.copy_to(members, count);
}

}  // namespace

kern_return_t mach_port_names(SpaceRef task, MapCopyPtr* names, mach_msg_type_number_t* namesCnt,
                              MapCopyPtr* types, mach_msg_type_number_t* typesCnt) {
  return with(task, [&](Space& s) { return list_names(s, names, namesCnt, types, typesCnt); });
}

kern_return_t mach_port_type(SpaceRef task, mach_port_t name, mach_port_type_t* ptype) {
  return with(task, [&](Space& s) { return store(s.type(name), ptype); });
}

kern_return_t mach_port_rename(SpaceRef task, mach_port_t old_name, mach_port_t new_name) {
  return with(task, [&](Space& s) { return s.rename(old_name, new_name); });
}

kern_return_t mach_port_allocate_name(SpaceRef task, mach_port_right_t right, mach_port_t name) {
  return with(task, [&](Space& s) { return s.allocate_right_at(right, name); });
}

kern_return_t mach_port_allocate(SpaceRef task, mach_port_right_t right, mach_port_t* name) {
  return with(task, [&](Space& s) { return store(s.allocate_right(right), name); });
}

kern_return_t mach_port_destroy(SpaceRef task, mach_port_t name) {
  return with(task, [&](Space& s) { return s.destroy(name); });
}

kern_return_t mach_port_deallocate(SpaceRef task, mach_port_t name) {
  return with(task, [&](Space& s) { return s.deallocate(name); });
}

kern_return_t mach_port_get_refs(SpaceRef task, mach_port_t name, mach_port_right_t right,
                                 mach_port_urefs_t* refs) {
  return with(task, [&](Space& s) { return store(s.refs(name, right), refs); });
}

kern_return_t mach_port_mod_refs(SpaceRef task, mach_port_t name, mach_port_right_t right,
                                 mach_port_delta_t delta) {
  return with(task, [&](Space& s) { return s.modify_refs(name, right, delta); });
}

kern_return_t mach_port_set_qlimit(SpaceRef task, mach_port_t name, mach_port_msgcount_t qlimit) {
  return with_port(task, name, [&](Port& p) {
    if (qlimit > MACH_PORT_QLIMIT_MAX) return KERN_INVALID_VALUE;
    p.set_queue_limit(qlimit);
    return KERN_SUCCESS;
  });
}

kern_return_t mach_port_set_mscount(SpaceRef task, mach_port_t name, mach_port_mscount_t mscount) {
  return with_port(task, name, [&](Port& p) {
    p.set_make_send_count(mscount);
    return KERN_SUCCESS;
  });
}

kern_return_t mach_port_get_set_status(SpaceRef task, mach_port_t name, MapCopyPtr* members,
                                       mach_msg_type_number_t* membersCnt) {
  return with(task, [&](Space& s) { return list_members(s, name, members, membersCnt); });
}

kern_return_t mach_port_move_member(SpaceRef task, mach_port_t member, mach_port_t after) {
  return with(task, [&](Space& s) { return s.move_member(member, after); });
}

kern_return_t mach_port_request_notification(SpaceRef task, mach_port_t name, mach_msg_id_t variant,
                                             mach_port_mscount_t sync, SendOnceRight notify,
                                             AnyRight* previous) {
  *previous = SendOnceRight();
  return with(task, [&](Space& s) {
    return store(request_notification(s, name, variant, sync, std::move(notify)), previous);
  });
}

kern_return_t mach_port_insert_right(SpaceRef task, mach_port_t name, AnyRight right) {
  return with(task, [&](Space& s) { return s.copyout_at(std::move(right), name); });
}

kern_return_t mach_port_extract_right(SpaceRef task, mach_port_t name,
                                      mach_msg_type_name_t desired_type, AnyRight* right) {
  return with(task, [&](Space& s) -> base::Status {
    if (!MACH_MSG_TYPE_PORT_ANY(desired_type)) return base::Error(KERN_INVALID_VALUE);
    return store(s.copyin(name, desired_type), right);
  });
}

kern_return_t mach_port_get_receive_status(SpaceRef task, mach_port_t name,
                                           mach_port_status_t* status) {
  return with_port(task, name, [&](Port& p) {
    *status = {
        .mps_pset = p.set() != nullptr ? p.set()->name() : MACH_PORT_NULL,
        .mps_seqno = p.seqno(),
        .mps_mscount = p.make_send_count(),
        .mps_qlimit = p.queue_limit(),
        .mps_msgcount = p.message_count(),
        .mps_sorights = p.send_once_rights(),
        .mps_srights = p.send_rights() != 0,
        .mps_pdrequest = p.has_port_destroyed_request(),
        .mps_nsrequest = p.has_no_senders_request(),
    };
    return KERN_SUCCESS;
  });
}

kern_return_t mach_port_set_seqno(SpaceRef task, mach_port_t name, mach_port_seqno_t seqno) {
  return with_port(task, name, [&](Port& p) {
    p.set_seqno(seqno);
    return KERN_SUCCESS;
  });
}

}  // namespace rpc
