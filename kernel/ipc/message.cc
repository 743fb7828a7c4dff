#include "kernel/ipc/message.h"

#include <cstring>
#include <new>

#include "kernel/arch/phys.h"
#include "kernel/ipc/item.h"
#include "kernel/ipc/notify.h"
#include "kernel/ipc/port.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/thread.h"
#include "kernel/vm/map_copy.h"

namespace ipc {

Message* MessagePool::allocate(mach_msg_size_t size) {
  if (size <= Message::kMediumSize) {
    if (Message* m = pop(size)) return m;
    size = size <= Message::kSmallSize ? Message::kSmallSize : Message::kMediumSize;
  }
  constexpr size_t kOverhead = sizeof(Message) - sizeof(mach_msg_header_t);
  static_assert(kOverhead + Message::kMediumSize <= arch::kPageSize || sizeof(void*) != 4);
  void* block = operator new(kOverhead + size, std::nothrow);
  if (block == nullptr) return nullptr;
  ++blocks_;
  return new (block) Message(size);
}

void MessagePool::release_kept() {
  while (Message* m = small_.pop()) free_to_heap(m);
  while (Message* m = medium_.pop()) free_to_heap(m);
}

[[gnu::noinline]] void MessagePool::free_to_heap(Message* m) {
  --blocks_;
  operator delete(m);
}

namespace {

// A size whose block would be larger than any address space is refused before arithmetic on it.
constexpr mach_msg_size_t kMaxSize = 1u << 30;

void release_words(mach_msg_type_name_t type, const uint32_t* words, uint32_t number) {
  for (uint32_t i = 0; i < number; ++i) {
    AnyRight dropped(kind_of_type(type), Message::word_to_port(words[i]));
  }
}

void release_item(const Item& item) {
  if (item.is_inline()) {
    if (item.is_port()) release_words(item.name, item.words(), item.number);
    return;
  }
  const uint32_t address = *item.words();
  if (address == 0) return;
  if (item.is_port()) {
    auto* words = reinterpret_cast<uint32_t*>(uintptr_t{address});
    release_words(item.name, words, item.number);
    delete[] words;
  } else {
    vm::MapCopyPtr dropped(reinterpret_cast<vm::MapCopy*>(uintptr_t{address}));
  }
}

}  // namespace

void MessageDestroyer::operator()(Message* message) const { Message::destroy(message); }

MessagePtr Message::allocate(mach_msg_size_t size) {
  return MessagePtr(size > kMaxSize ? nullptr : MessagePool::allocate(size));
}

MessagePtr Message::create(mach_msg_size_t size, mach_msg_id_t id) {
  MessagePtr m = allocate(size);
  if (m == nullptr) return m;
  m->header_ = {};
  m->header_.msgh_size = size;
  m->header_.msgh_id = id;
  return m;
}

void Message::release_contents() {
  KASSERT(!header_translated);
  if (accepted_request != nullptr) {
    MsgAcceptedRequest::cancel(std::exchange(accepted_request, nullptr));
  }
  if (remote_type() != 0) AnyRight destination(kind_of_type(remote_type()), remote());
  if (local_type() != 0) AnyRight reply(kind_of_type(local_type()), local());
  release_body();
}

void Message::release_body() {
  if (!is_complex()) return;
  ItemReader reader(*this);
  Item item;
  while (!reader.at_end()) {
    KASSERT(reader.next(item) == MACH_MSG_SUCCESS);
    release_item(item);
  }
  header_.msgh_bits &= ~MACH_MSGH_BITS_COMPLEX;
  header_.msgh_size = sizeof header_;
}

void Message::free_block(Message* message) { MessagePool::push(message); }

void Message::destroy(Message* message) {
  ThreadIpc& me = kern::current_thread().ipc;
  if (me.reaper != nullptr) {
    static_cast<MessageList*>(me.reaper)->push_back(message);
    return;
  }
  MessageList doomed;
  doomed.push_back(message);
  me.reaper = &doomed;
  while (Message* m = doomed.pop_front()) {
    m->release_contents();
    free_block(m);
  }
  me.reaper = nullptr;
}

void Message::set_destination(AnyRight right) {
  KASSERT(remote_type() == 0);
  header_.msgh_bits |= MACH_MSGH_BITS(type_of_kind(right.kind()), 0);
  header_.msgh_remote_port = port_to_word(right.leak());
}

void Message::set_reply(AnyRight right) {
  KASSERT(local_type() == 0);
  header_.msgh_bits |= MACH_MSGH_BITS(0, type_of_kind(right.kind()));
  header_.msgh_local_port = port_to_word(right.leak());
}

AnyRight Message::take_reply() {
  if (local_type() == 0) return {};
  AnyRight right(kind_of_type(local_type()), local());
  header_.msgh_bits &= ~MACH_MSGH_BITS_LOCAL_MASK;
  header_.msgh_local_port = MACH_PORT_NULL;
  return right;
}

uint32_t Message::live_count() { return MessagePool::live(); }

}  // namespace ipc
