// Player: messages with rights and memory, and calls between two tasks.
#include <mach/message_bits.h>

#include <algorithm>
#include <cstring>

#include "kernel/ipc/mach_msg_call.h"
#include "kernel/ipc/port.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/mach_user.h"
#include "tests/fuzz/player.h"

namespace fuzz {
namespace {

constexpr mach_msg_id_t kUserId = 1000;
constexpr uint32_t kBody = sizeof(mach_msg_header_t);

mach_msg_type_name_t arrival(model::Kind kind) {
  switch (kind) {
    case model::Kind::kReceive: return MACH_MSG_TYPE_PORT_RECEIVE;
    case model::Kind::kSendOnce: return MACH_MSG_TYPE_PORT_SEND_ONCE;
    default: return MACH_MSG_TYPE_PORT_SEND;
  }
}

// Which of two notifications about an end comes depends on the order in which things end.
bool may_stand_for(mach_msg_id_t a, mach_msg_id_t b) {
  const auto both = [&](mach_msg_id_t x, mach_msg_id_t y) {
    return (a == x && b == y) || (a == y && b == x);
  };
  return both(MACH_NOTIFY_NO_SENDERS, MACH_NOTIFY_SEND_ONCE) ||
         both(MACH_NOTIFY_DEAD_NAME, MACH_NOTIFY_PORT_DELETED);
}

}  // namespace

// A message as it is in user memory.
struct Player::Draft {
  union {
    mach_msg_header_t header = {};
    uint32_t words[128];
  };
  uint32_t count = kBody / 4;

  void put(uint32_t word) { words[count++] = word; }
  [[nodiscard]] uint32_t size() const { return count * 4; }
};

// The port that a receive from the name would look at, or null and the error.
model::Port* Player::receive_port(Playing& p, mach_port_t name, mach_msg_return_t& expected) {
  model::Entry* const e = ports_.find(*p.names, name);
  expected = MACH_MSG_SUCCESS;
  if (e == nullptr || (!e->receive && e->set == nullptr)) {
    expected = MACH_RCV_INVALID_NAME;
  } else if (e->receive && e->port->set != nullptr) {
    expected = MACH_RCV_IN_SET;
  } else if (e->receive ? e->port->queue.empty() : e->set->ready.empty()) {
    expected = MACH_RCV_TIMED_OUT;
  } else {
    return e->receive ? e->port : e->set->ready.front();
  }
  return nullptr;
}

// Items with one right each. False: the kernel must refuse the message here.
bool Player::add_rights(Playing& p, Draft& draft, model::Message& m) {
  for (uint32_t n = input_.pick(4); n > 0; --n) {
    const mach_port_t name = any_name(p);
    const mach_msg_type_name_t type = any_disposition();
    draft.header.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
    draft.put(mach::msg_type_port(type));
    draft.put(name);
    model::Right right;
    if (!MACH_PORT_VALID(name)) {
      right.dead = name == MACH_PORT_DEAD;
      // Null and dead are of the kind the disposition says.
      right.kind = type == MACH_MSG_TYPE_MOVE_RECEIVE ? model::Kind::kReceive
                   : type == MACH_MSG_TYPE_MOVE_SEND_ONCE || type == MACH_MSG_TYPE_MAKE_SEND_ONCE
                       ? model::Kind::kSendOnce
                       : model::Kind::kSend;
    } else if (ports_.copyin(*p.names, name, type, right) != KERN_SUCCESS) {
      return false;
    }
    m.rights.push_back(right);
  }
  return true;
}

bool Player::add_memory(Playing& p, Draft& draft, model::Message& m) {
  if (!input_.one_in(3)) return true;
  const uint32_t first = any_page(p);
  const uint32_t count = 1 + input_.pick(4);
  const bool deallocate = input_.one_in(2);
  draft.header.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  draft.put(mach::msg_type_long_out_of_line(deallocate ? mach::MsgMemory::deallocate
                                                       : mach::MsgMemory::keep));
  draft.put(MACH_MSG_TYPE_BYTE | 8 << 16);
  draft.put(count << arch::kPageShift);
  draft.put(first << arch::kPageShift);
  if (!has(p, first, count)) return false;
  for (uint32_t page = first; page < first + count; ++page) {
    m.pages.push_back(*p.memory[page].cell);
    if (deallocate) p.memory.erase(page);
  }
  return true;
}

void Player::send(Playing& p) {
  Draft draft;
  auto m = std::make_unique<model::Message>();
  const mach_port_t to = any_name(p);
  constexpr mach_msg_type_name_t kTo[] = {MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_COPY_SEND,
                                          MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_MOVE_SEND_ONCE,
                                          MACH_MSG_TYPE_MAKE_SEND_ONCE};
  const mach_msg_type_name_t to_type = kTo[input_.pick(std::size(kTo))];
  model::Entry* const e = ports_.find(*p.names, to);
  // Kernel objects have a fuzzer of their own.
  if (e != nullptr && e->port != nullptr && e->port->kernel) return;
  draft.header.msgh_bits = MACH_MSGH_BITS(to_type, 0);
  draft.header.msgh_remote_port = to;
  draft.header.msgh_id = kUserId;
  draft.put(mach::kMsgTypeInt32);
  draft.put(m->word = ++next_word_);
  m->id = kUserId;
  const bool dead = e != nullptr && e->dead;
  bool good = !dead && ports_.copyin(*p.names, to, to_type, m->destination) == KERN_SUCCESS;
  const mach_msg_return_t header_result = good ? MACH_MSG_SUCCESS : MACH_SEND_INVALID_DEST;
  mach_msg_return_t expected = header_result;
  if (good && !add_rights(p, draft, *m)) expected = MACH_SEND_INVALID_RIGHT, good = false;
  if (good && !add_memory(p, draft, *m)) expected = MACH_SEND_INVALID_MEMORY, good = false;
  const model::Port* const port = m->destination.port;
  const bool room = good && (m->destination.kind == model::Kind::kSendOnce || !port->active ||
                             port->queue.size() < port->limit);
  mach_msg_return_t r = 0;
  as(p, [&] {
    r = call_mach_msg(&draft.header, MACH_SEND_MSG | MACH_SEND_TIMEOUT, draft.size(), 0, 0);
  });
  if (good && !room && r == MACH_SEND_TIMED_OUT) return returned(p, *m, draft);
  FUZZ_CHECK(r == expected, "%x, %x", r, expected);
  if (header_result != MACH_MSG_SUCCESS) return;
  if (good) {
    ports_.post(std::move(m));
  } else {
    ports_.release(m->destination);
    for (const model::Right& right : m->rights) ports_.release(right);
  }
}

// A message that nobody wanted: its rights are the sender's again, its memory is elsewhere.
void Player::returned(Playing& p, const model::Message& m, const Draft& draft) {
  copyout(p, m.destination, draft.header.msgh_remote_port);
  take_items(p, m, draft);
}

// Rights and memory of a received message go to the receiver.
void Player::take_items(Playing& p, const model::Message& m, const Draft& draft) {
  uint32_t at = kBody / 4;
  if (m.id == kUserId) {
    FUZZ_CHECK(draft.words[at] == mach::kMsgTypeInt32 && draft.words[at + 1] == m.word);
    at += 2;
  }
  for (const model::Right& right : m.rights) {
    FUZZ_CHECK(draft.words[at] == mach::msg_type_port(arrival(right.kind)), "%x", draft.words[at]);
    copyout(p, right, draft.words[at + 1]);
    at += 2;
  }
  if (m.pages.empty()) return;
  FUZZ_CHECK(draft.words[at + 2] == m.pages.size() << arch::kPageShift);
  const uint32_t address = draft.words[at + 3];
  for (uint32_t i = 0; i < m.pages.size(); ++i) {
    uint32_t word = 0;
    FUZZ_CHECK(p.actor.read(address + (i << arch::kPageShift), &word, sizeof word));
    FUZZ_CHECK(word == m.pages[i], "%x, %x", word, m.pages[i]);
    FUZZ_CHECK(!p.memory.contains((address >> arch::kPageShift) + i));
  }
  if (!input_.one_in(4)) {
    as(p, [&] {
      FUZZ_CHECK(vm_deallocate(p.self, address, m.pages.size() << arch::kPageShift) ==
                 KERN_SUCCESS);
    });
    return;
  }
  for (uint32_t i = 0; i < m.pages.size(); ++i) {
    *p.memory[(address >> arch::kPageShift) + i].cell = m.pages[i];
  }
}

void Player::receive(Playing& p) {
  const mach_port_t name = any_name(p);
  if (name == p.client.reply_port || p.names->entries.size() > 60) return;
  mach_msg_return_t expected;
  model::Port* port = receive_port(p, name, expected);
  Draft draft;
  mach_msg_return_t r = 0;
  as(p, [&] {
    r = call_mach_msg(&draft.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof draft.words, name);
  });
  FUZZ_CHECK(r == expected, "%x, %x", r, expected);
  if (port == nullptr) return;
  if (model::Set* const set = port->set) {
    // Ports that one call gave messages may come in any order.
    const uint32_t call = port->queue.front()->call;
    for (model::Port* ready : set->ready) {
      port = ready;
      if (ready->receiver_name == draft.header.msgh_local_port) break;
      FUZZ_CHECK(ready->queue.front()->call == call, "port %x", ready->receiver_name);
    }
  }
  received(p, port, draft);
}

void Player::received(Playing& p, model::Port* port, const Draft& draft) {
  const mach_msg_header_t& h = draft.header;
  FUZZ_CHECK(h.msgh_local_port == port->receiver_name);
  FUZZ_CHECK(h.msgh_seqno == port->seqno, "%u, %u", h.msgh_seqno, port->seqno);
  const uint32_t word = draft.words[kBody / 4 + 1];
  auto m = ports_.receive(*port, [&](const model::Message& candidate) {
    if (may_stand_for(candidate.id, h.msgh_id)) return true;
    if (candidate.id != h.msgh_id) return false;
    if (h.msgh_id == MACH_NOTIFY_SEND_ONCE || h.msgh_id == MACH_NOTIFY_PORT_DESTROYED) return true;
    return candidate.word == word;
  });
  FUZZ_CHECK(m != nullptr, "message %d, word %x", h.msgh_id, word);
  FUZZ_CHECK(MACH_MSGH_BITS_LOCAL(h.msgh_bits) == arrival(m->destination.kind));
  // The reply right enters before the destination goes.
  if (m->reply.port != nullptr) {
    copyout(p, m->reply, h.msgh_remote_port);
  } else {
    FUZZ_CHECK(h.msgh_remote_port == MACH_PORT_NULL);
  }
  ports_.use_up(m->destination);
  take_items(p, *m, draft);
}

// A call and its answer, with the server waiting: what the straight path of mach_msg is for.
void Player::call(Playing& client, Playing& server) {
  ipc::enable_fast_rpc(!input_.one_in(2));
  const mach_port_t name = any_name(server);
  model::Entry* const e = ports_.find(*server.names, name);
  const bool usable = e != nullptr && e->receive && e->port->set == nullptr &&
                      e->port->queue.empty() && e->port->limit > 0;
  const mach_port_t to = usable ? ports_.name_of(*client.names, *e->port) : MACH_PORT_NULL;
  const mach_port_t reply = any_name(client);
  model::Entry* const r = ports_.find(*client.names, reply);
  if (to == MACH_PORT_NULL || !ports_.find(*client.names, to)->send || r == nullptr ||
      !r->receive || r->port == e->port || r->port->set != nullptr || !r->port->queue.empty()) {
    return;
  }
  model::Port& port = *e->port;
  model::Port& reply_port = *r->port;

  struct Side {
    Draft draft;
    mach_msg_return_t result = -1;
    base::Ref<kern::Thread> thread;
  } served, called;
  // A buffer of its own for each thread: both may be of one task.
  constexpr uint32_t kSecondBuffer = Client::kBuffer + arch::kPageSize;
  served.thread = server.actor.start([&] {
    served.result =
        call_mach_msg(&served.draft.header, MACH_RCV_MSG, 0, sizeof served.draft.words, name);
    mach_msg_header_t& h = served.draft.header;
    if (served.result != MACH_MSG_SUCCESS) return;
    // What came is looked at when both threads wait again.
    Draft answer;
    answer.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0);
    answer.header.msgh_remote_port = h.msgh_remote_port;
    answer.header.msgh_id = kUserId;
    answer.put(mach::kMsgTypeInt32);
    answer.put(served.draft.words[kBody / 4 + 1] + 1);
    served.result = call_mach_msg(&answer.header, MACH_SEND_MSG | MACH_RCV_MSG, answer.size(),
                                  sizeof answer.words, name);
  });
  host::run();

  auto m = std::make_unique<model::Message>();
  called.draft.header.msgh_bits =
      MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  called.draft.header.msgh_remote_port = to;
  called.draft.header.msgh_local_port = reply;
  called.draft.header.msgh_id = m->id = kUserId;
  called.draft.put(mach::kMsgTypeInt32);
  called.draft.put(m->word = next_word_ += 2);
  FUZZ_CHECK(ports_.copyin(*client.names, to, MACH_MSG_TYPE_COPY_SEND, m->destination) == 0);
  FUZZ_CHECK(ports_.copyin(*client.names, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE, m->reply) == 0);
  const uint32_t word = m->word;
  called.thread = client.actor.start([&] {
    called.result =
        call_mach_msg(&called.draft.header, MACH_SEND_MSG | MACH_RCV_MSG, called.draft.size(),
                      sizeof called.draft.words, reply, kSecondBuffer);
  });
  host::run();
  // The server waits for the next call, and gives up.
  served.thread->abort();
  host::run();
  FUZZ_CHECK(called.result == MACH_MSG_SUCCESS, "%x", called.result);
  FUZZ_CHECK(served.result == MACH_RCV_INTERRUPTED, "%x", served.result);

  const mach_port_t reply_name = served.draft.header.msgh_remote_port;
  ports_.post(std::move(m));
  received(server, &port, served.draft);
  auto answer = std::make_unique<model::Message>();
  answer->id = kUserId;
  answer->word = word + 1;
  FUZZ_CHECK(ports_.copyin(*server.names, reply_name, MACH_MSG_TYPE_MOVE_SEND_ONCE,
                           answer->destination) == 0);
  ports_.post(std::move(answer));
  received(client, &reply_port, called.draft);
  ipc::enable_fast_rpc(true);
}

}  // namespace fuzz
