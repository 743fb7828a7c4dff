#include "kernel/kern/run_queue.h"

#include "kernel/kern/assert.h"
#include "kernel/kern/thread.h"

namespace kern {

void RunQueue::push_back(Thread& t) {
  const int p = t.sched.priority;
  lists_[p].push_back(&t);
  ready_ |= 1u << p;
  ++size_;
}

void RunQueue::push_front(Thread& t) {
  const int p = t.sched.priority;
  lists_[p].push_front(&t);
  ready_ |= 1u << p;
  ++size_;
}

void RunQueue::remove(Thread& t) {
  const int p = t.sched.priority;
  KASSERT(t.wait_link.linked());
  lists_[p].remove(&t);
  if (lists_[p].empty()) ready_ &= ~(1u << p);
  --size_;
}

Thread* RunQueue::pop() {
  if (ready_ == 0) return nullptr;
  auto* t = static_cast<Thread*>(lists_[best_priority()].front());
  remove(*t);
  return t;
}

Thread* RunQueue::first(int priority) { return static_cast<Thread*>(lists_[priority].front()); }

Thread* RunQueue::next(Thread& t) {
  return static_cast<Thread*>(lists_[t.sched.priority].next(&t));
}

}  // namespace kern
