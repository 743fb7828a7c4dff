#include "kernel/vm/lock.h"

#include "kernel/ipc/send.h"
#include "kernel/vm/outbox.h"

namespace vm {

constinit kern::Lock graph_lock(kern::LockRank::kMap);

namespace {

ipc::MessageList& outbox() {
  static ipc::MessageList list;
  return list;
}

bool sending = false;

void send_outbox() {
  // Sending may release memory, which takes the lock and posts more: one loop serves all.
  if (sending) return;
  sending = true;
  while (ipc::Message* m = outbox().pop_front()) ipc::send_from_kernel(ipc::MessagePtr(m));
  sending = false;
}

}  // namespace

void post_later(ipc::MessagePtr message) { outbox().push_back(message.release()); }

GraphLock::~GraphLock() {
  graph_lock.unlock();
  if (!outbox().empty()) [[unlikely]] send_outbox();
}

}  // namespace vm
