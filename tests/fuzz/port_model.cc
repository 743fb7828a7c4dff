#include "tests/fuzz/port_model.h"

#include <algorithm>

#include "tests/fuzz/check.h"

namespace fuzz::model {
namespace {

Kind kind_after(mach_msg_type_name_t disposition) {
  switch (disposition) {
    case MACH_MSG_TYPE_MOVE_RECEIVE: return Kind::kReceive;
    case MACH_MSG_TYPE_MOVE_SEND_ONCE:
    case MACH_MSG_TYPE_MAKE_SEND_ONCE: return Kind::kSendOnce;
    default: return Kind::kSend;
  }
}

}  // namespace

Port* PortModel::new_port() { return &ports_.emplace_back(); }
Space* PortModel::new_space() { return &spaces_.emplace_back(); }

Entry* PortModel::find(Space& space, mach_port_t name) {
  const auto it = space.entries.find(name);
  return it == space.entries.end() ? nullptr : &it->second;
}

mach_port_t PortModel::name_of(Space& space, const Port& port) {
  for (auto& [name, e] : space.entries) {
    if (e.port == &port && (e.send || e.receive)) return name;
  }
  return MACH_PORT_NULL;
}

void PortModel::queue_changed(Port& port) {
  if (port.set == nullptr) return;
  auto& ready = port.set->ready;
  const bool listed = std::ranges::find(ready, &port) != ready.end();
  if (port.queue.empty() && listed) ready.remove(&port);
  if (!port.queue.empty() && !listed) ready.push_back(&port);
}

void PortModel::turn(Set& set, Port& port) {
  set.ready.remove(&port);
  set.ready.push_back(&port);
}

void PortModel::leave_set(Port& port) {
  if (port.set == nullptr) return;
  port.set->ready.remove(&port);
  port.set = nullptr;
}

// --- rights

void PortModel::drop_send(Port& port) {
  if (--port.sends != 0 || !port.active || port.no_senders == nullptr) return;
  notify(std::exchange(port.no_senders, nullptr), MACH_NOTIFY_NO_SENDERS, port.make_sends);
}

void PortModel::release(Right right) {
  if (right.port == nullptr) return;
  Port& port = *right.port;
  switch (right.kind) {
    case Kind::kSend: return drop_send(port);
    case Kind::kSendOnce:
      if (port.active && !port.kernel) return notify(&port, MACH_NOTIFY_SEND_ONCE, 0);
      --port.send_onces;
      return;
    case Kind::kReceive:
      port.destination = nullptr;
      if (port.port_destroyed == nullptr) return die(port);
      notify(std::exchange(port.port_destroyed, nullptr), MACH_NOTIFY_PORT_DESTROYED, 0, right);
  }
}

void PortModel::use_up(Right destination) {
  if (destination.kind == Kind::kSendOnce) {
    --destination.port->send_onces;
  } else {
    drop_send(*destination.port);
  }
}

// The notification uses the send-once right that is counted for it.
void PortModel::notify(Port* port, mach_msg_id_t id, uint32_t word, Right right) {
  auto m = std::make_unique<Message>();
  m->call = call_;
  m->id = id;
  m->word = word;
  m->destination = {Kind::kSendOnce, port};
  bool circular = false;
  if (right.port != nullptr) {
    m->rights.push_back(right);
    circular = port->active && !enter_transit(*right.port, *port);
  }
  if (!port->active || circular) return destroy_message(*m);
  port->queue.push_back(std::move(m));
  queue_changed(*port);
}

bool PortModel::enter_transit(Port& port, Port& destination) {
  for (Port* p = &destination; p != nullptr; p = p->destination) {
    if (p == &port) return false;
  }
  port.destination = &destination;
  return true;
}

void PortModel::post(std::unique_ptr<Message> m) {
  m->call = call_;
  Port& port = *m->destination.port;
  bool circular = false;
  for (const Right& r : m->rights) {
    if (r.port != nullptr && r.kind == Kind::kReceive) circular |= !enter_transit(*r.port, port);
  }
  if (!port.active || circular) return destroy_message(*m);
  port.queue.push_back(std::move(m));
  queue_changed(port);
}

void PortModel::destroy_message(Message& m) {
  release(m.destination);
  release(m.reply);
  for (const Right& r : m.rights) release(r);
}

// The receive right leaves its space.
void PortModel::detach(Port& port) {
  port.receiver = nullptr;
  port.receiver_name = 0;
  port.make_sends = 0;
  port.seqno = 0;
  leave_set(port);
}

// Every right for the port turns into a dead name.
void PortModel::make_dead(Port& port) {
  for (Space& s : spaces_) {
    for (auto& [name, e] : s.entries) {
      if (e.port != &port) continue;
      if (e.send) {
        --port.sends;
      } else {
        --port.send_onces;
        e.urefs = 1;
      }
      Port* const asked = e.dead_name_request;
      e = {.dead = true, .urefs = e.urefs};
      if (asked == nullptr) continue;
      if (e.urefs < MACH_PORT_UREFS_MAX) ++e.urefs;
      notify(asked, MACH_NOTIFY_DEAD_NAME, name);
    }
  }
}

void PortModel::die(Port& port) {
  FUZZ_CHECK(port.active);
  port.active = false;
  detach(port);
  port.destination = nullptr;
  if (Port* p = std::exchange(port.port_destroyed, nullptr)) release({Kind::kSendOnce, p});
  if (Port* p = std::exchange(port.no_senders, nullptr)) release({Kind::kSendOnce, p});
  make_dead(port);
  auto doomed = std::move(port.queue);
  port.queue.clear();
  for (auto& m : doomed) destroy_message(*m);
}

// --- names

// The name denotes nothing any more.
void PortModel::drop_entry(Space& s, mach_port_t name) {
  Port* const asked = find(s, name)->dead_name_request;
  s.entries.erase(name);
  if (asked != nullptr) notify(asked, MACH_NOTIFY_PORT_DELETED, name);
}

void PortModel::drop_sends(Space& s, mach_port_t name, uint32_t count) {
  Entry& e = *find(s, name);
  e.urefs -= count;
  if (e.urefs != 0) return;
  Port& port = *e.port;
  e.send = false;
  if (!e.receive) drop_entry(s, name);
  drop_send(port);
}

void PortModel::destroy_entry(Space& s, mach_port_t name) {
  const Entry e = *find(s, name);
  drop_entry(s, name);
  if (e.set != nullptr) {
    for (Port& p : ports_) {
      if (p.set == e.set) leave_set(p);
    }
    return;
  }
  if (e.send) drop_send(*e.port);
  if (e.send_once) release({Kind::kSendOnce, e.port});
  if (e.receive) {
    detach(*e.port);
    release({Kind::kReceive, e.port});
  }
}

void PortModel::allocated(Space& s, mach_port_right_t right, mach_port_t name) {
  FUZZ_CHECK(MACH_PORT_VALID(name) && find(s, name) == nullptr, "name %x is in use", name);
  Entry& e = s.entries[name];
  if (right == MACH_PORT_RIGHT_DEAD_NAME) {
    e = {.dead = true, .urefs = 1};
  } else if (right == MACH_PORT_RIGHT_PORT_SET) {
    e.set = &sets_.emplace_back();
  } else {
    e.receive = true;
    e.port = new_port();
    e.port->receiver = &s;
    e.port->receiver_name = name;
  }
}

kern_return_t PortModel::destroy(Space& s, mach_port_t name) {
  if (find(s, name) == nullptr) return KERN_INVALID_NAME;
  destroy_entry(s, name);
  return KERN_SUCCESS;
}

kern_return_t PortModel::deallocate(Space& s, mach_port_t name) {
  Entry* const e = find(s, name);
  if (e == nullptr) return KERN_INVALID_NAME;
  if (e->send) {
    drop_sends(s, name, 1);
  } else if (e->send_once) {
    destroy_entry(s, name);
  } else if (e->dead) {
    if (--e->urefs == 0) drop_entry(s, name);
  } else {
    return KERN_INVALID_RIGHT;
  }
  return KERN_SUCCESS;
}

kern_return_t PortModel::mod_refs(Space& s, mach_port_t name, mach_port_right_t right, int delta) {
  if (right >= MACH_PORT_RIGHT_NUMBER) return KERN_INVALID_VALUE;
  Entry* const e = find(s, name);
  if (e == nullptr) return KERN_INVALID_NAME;
  const bool has[] = {e->send, e->receive, e->send_once, e->set != nullptr, e->dead};
  if (!has[right]) return KERN_INVALID_RIGHT;
  const bool counted = e->dead || right == MACH_PORT_RIGHT_SEND;
  const int64_t want = int64_t{counted ? e->urefs : 1} + delta;
  if (want < 0) return KERN_INVALID_VALUE;
  if (counted && want > MACH_PORT_UREFS_MAX) return KERN_UREFS_OVERFLOW;
  if (!counted && want > 1) return KERN_INVALID_VALUE;
  if (delta == 0) return KERN_SUCCESS;
  if (delta > 0) {
    e->urefs = static_cast<uint32_t>(want);
  } else if (right == MACH_PORT_RIGHT_SEND) {
    drop_sends(s, name, static_cast<uint32_t>(-int64_t{delta}));
  } else if (right == MACH_PORT_RIGHT_DEAD_NAME) {
    e->urefs = static_cast<uint32_t>(want);
    if (want == 0) drop_entry(s, name);
  } else if (right == MACH_PORT_RIGHT_RECEIVE) {
    Port& port = *e->port;
    e->receive = false;
    if (!e->send) drop_entry(s, name);
    detach(port);
    release({Kind::kReceive, &port});
  } else {
    destroy_entry(s, name);
  }
  return KERN_SUCCESS;
}

kern_return_t PortModel::rename(Space& s, mach_port_t old_name, mach_port_t new_name) {
  if (!MACH_PORT_VALID(new_name)) return KERN_INVALID_VALUE;
  if (find(s, old_name) == nullptr) return KERN_INVALID_NAME;
  if (find(s, new_name) != nullptr) return KERN_NAME_EXISTS;
  auto node = s.entries.extract(old_name);
  node.key() = new_name;
  const Entry& e = node.mapped();
  if (e.receive) e.port->receiver_name = new_name;
  s.entries.insert(std::move(node));
  return KERN_SUCCESS;
}

kern_return_t PortModel::move_member(Space& s, mach_port_t member, mach_port_t set_name) {
  Entry* const e = find(s, member);
  if (e == nullptr) return KERN_INVALID_NAME;
  if (!e->receive) return KERN_INVALID_RIGHT;
  Set* set = nullptr;
  if (set_name != MACH_PORT_NULL) {
    Entry* const to = find(s, set_name);
    if (to == nullptr) return KERN_INVALID_NAME;
    if (to->set == nullptr) return KERN_INVALID_RIGHT;
    set = to->set;
  } else if (e->port->set == nullptr) {
    return KERN_NOT_IN_SET;
  }
  if (e->port->set == set) return KERN_SUCCESS;
  leave_set(*e->port);
  e->port->set = set;
  queue_changed(*e->port);
  return KERN_SUCCESS;
}

kern_return_t PortModel::set_limit(Space& s, mach_port_t name, uint32_t limit) {
  Entry* const e = find(s, name);
  if (e == nullptr) return KERN_INVALID_NAME;
  if (!e->receive) return KERN_INVALID_RIGHT;
  if (limit > MACH_PORT_QLIMIT_MAX) return KERN_INVALID_VALUE;
  e->port->limit = limit;
  return KERN_SUCCESS;
}

void PortModel::terminate(Space& s) {
  s.active = false;
  while (!s.entries.empty()) destroy_entry(s, s.entries.begin()->first);
}

// --- requests

kern_return_t PortModel::request_dead_name(Space& s, mach_port_t name, uint32_t sync, Right asked,
                                           Right& previous) {
  Entry* const e = find(s, name);
  if (e == nullptr) return KERN_INVALID_NAME;
  if (e->dead) {
    if (sync == 0 || asked.port == nullptr) return KERN_INVALID_ARGUMENT;
    if (e->urefs == MACH_PORT_UREFS_MAX) return KERN_UREFS_OVERFLOW;
    ++e->urefs;
    notify(asked.port, MACH_NOTIFY_DEAD_NAME, name);
    return KERN_SUCCESS;
  }
  if (e->set != nullptr) return KERN_INVALID_RIGHT;
  previous.port = std::exchange(e->dead_name_request, asked.port);
  return KERN_SUCCESS;
}

kern_return_t PortModel::request(Space& s, mach_port_t name, mach_msg_id_t variant, uint32_t sync,
                                 Right asked, Right& previous) {
  previous = {Kind::kSendOnce};
  if (asked.dead) return KERN_INVALID_CAPABILITY;
  if (variant == MACH_NOTIFY_DEAD_NAME) return request_dead_name(s, name, sync, asked, previous);
  if (variant == MACH_NOTIFY_PORT_DESTROYED && sync != 0) return KERN_INVALID_VALUE;
  Entry* const e = find(s, name);
  if (e == nullptr) return KERN_INVALID_NAME;
  if (!e->receive) return KERN_INVALID_RIGHT;
  Port& port = *e->port;
  if (variant == MACH_NOTIFY_PORT_DESTROYED) {
    previous.port = std::exchange(port.port_destroyed, asked.port);
    return KERN_SUCCESS;
  }
  previous.port = std::exchange(port.no_senders, asked.port);
  if (asked.port != nullptr && port.sends == 0 && port.make_sends >= sync) {
    notify(std::exchange(port.no_senders, nullptr), MACH_NOTIFY_NO_SENDERS, port.make_sends);
  }
  return KERN_SUCCESS;
}

// --- rights entering and leaving

bool PortModel::can_take(const Entry& e, mach_msg_type_name_t disposition) {
  switch (disposition) {
    case MACH_MSG_TYPE_COPY_SEND:
    case MACH_MSG_TYPE_MOVE_SEND: return e.send || e.dead;
    case MACH_MSG_TYPE_MOVE_SEND_ONCE: return e.send_once || e.dead;
    default: return e.receive;
  }
}

Right PortModel::take(Space& s, mach_port_t name, mach_msg_type_name_t disposition) {
  Entry& e = *find(s, name);
  Right right{kind_after(disposition), e.port, e.dead};
  if (e.dead) {
    if (disposition != MACH_MSG_TYPE_COPY_SEND && --e.urefs == 0) drop_entry(s, name);
    return right;
  }
  switch (disposition) {
    case MACH_MSG_TYPE_MAKE_SEND:
      ++e.port->make_sends;
      [[fallthrough]];
    case MACH_MSG_TYPE_COPY_SEND:
      ++e.port->sends;
      break;
    case MACH_MSG_TYPE_MAKE_SEND_ONCE:
      ++e.port->send_onces;
      break;
    case MACH_MSG_TYPE_MOVE_SEND:
      ++e.port->sends;
      drop_sends(s, name, 1);
      break;
    case MACH_MSG_TYPE_MOVE_SEND_ONCE:
      drop_entry(s, name);
      break;
    default:
      e.receive = false;
      if (!e.send) drop_entry(s, name);
      detach(*right.port);
  }
  return right;
}

kern_return_t PortModel::copyin(Space& s, mach_port_t name, mach_msg_type_name_t disposition,
                                Right& right) {
  Entry* const e = find(s, name);
  if (e == nullptr) return KERN_INVALID_NAME;
  if (!can_take(*e, disposition)) return KERN_INVALID_RIGHT;
  right = take(s, name, disposition);
  return KERN_SUCCESS;
}

void PortModel::add(Space& s, mach_port_t name, Right right) {
  Entry& e = s.entries[name];
  e.port = right.port;
  if (right.kind == Kind::kSendOnce) {
    e.send_once = true;
  } else if (right.kind == Kind::kReceive) {
    e.receive = true;
    right.port->receiver = &s;
    right.port->receiver_name = name;
    right.port->destination = nullptr;
  } else if (!e.send) {
    e.send = true;
    e.urefs = 1;
  } else {
    if (e.urefs < MACH_PORT_UREFS_MAX) ++e.urefs;
    drop_send(*right.port);
  }
}

bool PortModel::copyout(Space& s, Right right, mach_port_t name) {
  if (right.port == nullptr) return name == (right.dead ? MACH_PORT_DEAD : MACH_PORT_NULL);
  if (!right.port->active) {
    release(right);
    return name == MACH_PORT_DEAD;
  }
  const mach_port_t known =
      right.kind == Kind::kSendOnce ? MACH_PORT_NULL : name_of(s, *right.port);
  if (known != MACH_PORT_NULL ? known != name
                              : !MACH_PORT_VALID(name) || find(s, name) != nullptr) {
    return false;
  }
  add(s, name, right);
  return true;
}

kern_return_t PortModel::insert(Space& s, Right right, mach_port_t name) {
  kern_return_t r = KERN_SUCCESS;
  if (!MACH_PORT_VALID(name)) {
    r = KERN_INVALID_VALUE;
  } else if (right.port == nullptr || !right.port->active) {
    r = KERN_INVALID_CAPABILITY;
  } else {
    const mach_port_t known =
        right.kind == Kind::kSendOnce ? MACH_PORT_NULL : name_of(s, *right.port);
    if (known != MACH_PORT_NULL && known != name) {
      r = KERN_RIGHT_EXISTS;
    } else if (known != MACH_PORT_NULL && right.kind == Kind::kSend && find(s, name)->send &&
               find(s, name)->urefs == MACH_PORT_UREFS_MAX) {
      r = KERN_UREFS_OVERFLOW;
    } else if (known == MACH_PORT_NULL && find(s, name) != nullptr) {
      r = KERN_NAME_EXISTS;
    }
  }
  if (r == KERN_SUCCESS) {
    add(s, name, right);
  } else {
    release(right);
  }
  return r;
}

}  // namespace fuzz::model
