#include "tests/fuzz/player.h"

#include "kernel/ipc/port.h"
#include "kernel/ipc/port_set.h"
#include "tests/fuzz/check.h"

namespace fuzz {

Player::Player(Input& input) : input_(input) {
  for (int i = 0; i < 2; ++i) Client::prepare(add_task(host::create_task()).actor);
}

Playing& Player::add_task(base::Ref<kern::Task> task) {
  Playing& p = *tasks_.emplace_back(std::make_unique<Playing>(std::move(task)));
  p.names = ports_.new_space();
  p.port = ports_.new_port();
  p.port->kernel = true;
  p.port->real = p.actor.task().kernel_port();
  p.port->sends = 1u << 20;  // the kernel's own, as many as it likes
  p.self = p.actor.space().copyout(ipc::copy_send(p.actor.task().self_port)).take();
  ++p.port->sends;
  FUZZ_CHECK(ports_.copyout(*p.names, {model::Kind::kSend, p.port}, p.self));
  return p;
}

mach_port_t Player::chosen_name() {
  constexpr mach_port_t kNames[] = {3, 77, 0x0a00, 0x0b05, 0x1203, 0x7fffffff, 0xfffffff0, 0x02ff};
  return kNames[input_.pick(std::size(kNames))];
}

// Mostly one of the task's.
mach_port_t Player::any_name(Playing& p) {
  constexpr mach_port_t kNoName = 0x4321;
  const uint32_t choice = input_.byte();
  const auto& entries = p.names->entries;
  if (choice >= 0xfc) return choice == 0xfc ? MACH_PORT_NULL : choice == 0xfd ? MACH_PORT_DEAD : kNoName;
  auto it = entries.begin();
  std::advance(it, choice % entries.size());
  // Without the name of its task it could do nothing any more.
  if (it->first == p.self && ++it == entries.end()) it = entries.begin();
  return it->first == p.self ? kNoName : it->first;
}

void Player::run_as(Playing& p, std::function<void()> code) {
  FUZZ_CHECK(p.actor.run(std::move(code)), "the call does not return");
}

void Player::step() {
  Playing& p = any_task();
  ports_.begin_call();
  switch (input_.pick(32)) {
    case 0: case 1: case 2: return allocate(p);
    case 3: case 4: case 5: return change_refs(p);
    case 6: return rename(p);
    case 7: return move_member(p);
    case 8: return set_limit(p);
    case 9: case 10: return request_notification(p);
    case 11: case 12: return insert_right(p);
    case 13: return extract_right(p);
    case 14: case 15: return introduce(p, any_task());
    case 16: case 17: case 18: case 19: return send(p);
    case 20: case 21: case 22: return receive(p);
    case 23: return call(p, any_task());
    case 24: case 25: return change_memory(p);
    case 26: case 27: return use_memory(p);
    case 28: return copy_memory(p);
    case 29: return fork(p);
    case 30: return end(p, input_.pick(static_cast<uint32_t>(tasks_.size())));
    default: return check_memory();
  }
}

namespace {

uint8_t rights_of(const model::Entry& e) {
  return static_cast<uint8_t>((e.send ? ipc::kSendBit : 0) | (e.receive ? ipc::kReceiveBit : 0) |
                              (e.send_once ? ipc::kSendOnceBit : 0) |
                              (e.set != nullptr ? ipc::kPortSetBit : 0) |
                              (e.dead ? ipc::kDeadNameBit : 0));
}

}  // namespace

// Ports are made by calls that show a name only.
void Player::learn_ports(Playing& p) {
  for (auto& [name, e] : p.names->entries) {
    if (e.port == nullptr || e.port->real != nullptr) continue;
    ipc::Entry* const real = p.actor.space().lookup(name);
    FUZZ_CHECK(real != nullptr && real->has(ipc::kPortBits));
    e.port->real = real->port();
  }
}

void Player::check_space(Playing& p) {
  ipc::Space& space = p.actor.space();
  uint32_t count = p.client.reply_port != MACH_PORT_NULL;
  for (auto& [name, e] : p.names->entries) {
    ipc::Entry* const real = space.lookup(name);
    FUZZ_CHECK(real != nullptr, "name %x", name);
    FUZZ_CHECK(real->rights == rights_of(e), "name %x: %x, %x", name, real->rights, rights_of(e));
    FUZZ_CHECK(!(e.send || e.dead) || real->urefs == e.urefs, "name %x: %u, %u", name, real->urefs,
               e.urefs);
    FUZZ_CHECK(e.port == nullptr || real->object == e.port->real, "name %x", name);
    FUZZ_CHECK((real->dead_name_request != nullptr) == (e.dead_name_request != nullptr), "name %x",
               name);
    ++count;
  }
  FUZZ_CHECK(space.names().used() == count, "%u, %u", space.names().used(), count);
}

void Player::check_port(model::Port& port) {
  if (!port.active || port.kernel) return;
  const auto& real = *static_cast<const ipc::Port*>(port.real);
  FUZZ_CHECK(real.active());
  FUZZ_CHECK(real.send_rights() == port.sends, "%u, %u", real.send_rights(), port.sends);
  FUZZ_CHECK(real.send_once_rights() == port.send_onces, "%u, %u", real.send_once_rights(),
             port.send_onces);
  FUZZ_CHECK(real.make_send_count() == port.make_sends, "%u, %u", real.make_send_count(),
             port.make_sends);
  FUZZ_CHECK(real.seqno() == port.seqno, "%u, %u", real.seqno(), port.seqno);
  FUZZ_CHECK(real.queue_limit() == port.limit);
  FUZZ_CHECK(real.message_count() == port.queue.size(), "%u, %zu", real.message_count(),
             port.queue.size());
  FUZZ_CHECK(real.receiver_name() == port.receiver_name);
  FUZZ_CHECK((real.receiver() != nullptr) == (port.receiver != nullptr));
  FUZZ_CHECK((real.set() != nullptr) == (port.set != nullptr));
  FUZZ_CHECK(real.has_no_senders_request() == (port.no_senders != nullptr));
  FUZZ_CHECK(real.has_port_destroyed_request() == (port.port_destroyed != nullptr));
  uint32_t references = 1 + (port.sends != 0) + (port.send_onces != 0);
  for (const model::Port& other : ports_.ports()) references += other.destination == &port;
  FUZZ_CHECK(real.ref_count() == references, "%u, %u", real.ref_count(), references);
}

void Player::check() {
  for (auto& p : tasks_) {
    learn_ports(*p);
    check_space(*p);
  }
  for (model::Port& port : ports_.ports()) check_port(port);
}

void Player::check_memory() {
  for (auto& p : tasks_) {
    for (auto& [page, expected] : p->memory) {
      uint32_t word = 0;
      FUZZ_CHECK(p->actor.read(page << arch::kPageShift, &word, sizeof word), "page %x", page);
      FUZZ_CHECK(word == *expected.cell, "page %x: %x, %x", page, word, *expected.cell);
    }
  }
}

}  // namespace fuzz
