#include "libs/mach/server_libc/futex.h"

#include "libs/mach/server_libc/linux_abi.h"
#include "libs/mach/server_libc/spin_lock.h"

namespace server_libc {
namespace {

constexpr mach_msg_id_t kWakeId = 1;

// On the stack of the waiting thread: not to be touched once off the list.
struct Waiter {
  const int* word;
  mach_port_t port;
  Waiter* next;
};

SpinLock list_lock;
Waiter* first;  // oldest
Waiter** last_link = &first;

__thread mach_port_t wait_port;

void append(Waiter* waiter) {
  waiter->next = nullptr;
  *last_link = waiter;
  last_link = &waiter->next;
}

// Takes *link off the list.
void remove(Waiter** link) {
  Waiter* const waiter = *link;
  *link = waiter->next;
  if (last_link == &waiter->next) last_link = link;
}

bool remove_if_listed(Waiter* waiter) {
  for (Waiter** link = &first; *link != nullptr; link = &(*link)->next) {
    if (*link != waiter) continue;
    remove(link);
    return true;
  }
  return false;
}

mach_msg_return_t receive_wake(mach_port_t port, mach_msg_option_t options,
                               mach_msg_timeout_t timeout) {
  mach_msg_header_t message;
  return mach_msg(&message, MACH_RCV_MSG | options, 0, sizeof(message), port, timeout,
                  MACH_PORT_NULL);
}

void send_wake(mach_port_t port) {
  mach_msg_header_t message = {};
  message.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND_ONCE, 0);
  message.msgh_size = sizeof(message);
  message.msgh_remote_port = port;
  message.msgh_id = kWakeId;
  (void)mach_msg(&message, MACH_SEND_MSG, sizeof(message), 0, MACH_PORT_NULL,
                 MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
}

// Wakes the waiters of a private list; each is gone as soon as its message is sent.
void send_wakes(Waiter* waiter) {
  while (waiter != nullptr) {
    Waiter* const next = waiter->next;
    send_wake(waiter->port);
    waiter = next;
  }
}

// Waits for the wake or the time; the caller has put `waiter` on the list.
long await(Waiter* waiter, long long milliseconds) {
  constexpr long long kLongest = 0x7fffffff;
  while (milliseconds >= 0) {
    const long long step = milliseconds < kLongest ? milliseconds : kLongest;
    const mach_msg_return_t result =
        receive_wake(waiter->port, MACH_RCV_TIMEOUT, static_cast<mach_msg_timeout_t>(step));
    if (result == MACH_MSG_SUCCESS) return 0;
    milliseconds -= step;
    if (milliseconds > 0) continue;
    const SpinGuard guard(list_lock);
    if (remove_if_listed(waiter)) return -kEtimedout;
    break;  // woken at the last moment: the message is coming
  }
  (void)receive_wake(waiter->port, MACH_MSG_OPTION_NONE, MACH_MSG_TIMEOUT_NONE);
  return 0;
}

}  // namespace

long futex_wait(const int* word, int expected, long long milliseconds) {
  if (wait_port == MACH_PORT_NULL) wait_port = mach_reply_port();
  if (wait_port == MACH_PORT_NULL) return -kEnomem;
  Waiter waiter{word, wait_port, nullptr};
  {
    const SpinGuard guard(list_lock);
    if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != expected) return -kEagain;
    append(&waiter);
  }
  return await(&waiter, milliseconds);
}

long futex_wake(const int* word, int count) { return futex_requeue(word, count, 0, nullptr); }

long futex_requeue(const int* word, int wake_count, int move_count, const int* to) {
  Waiter* woken = nullptr;
  Waiter** woken_end = &woken;
  long touched = 0;
  {
    const SpinGuard guard(list_lock);
    Waiter** link = &first;
    while (*link != nullptr && (wake_count > 0 || move_count > 0)) {
      Waiter* const waiter = *link;
      if (waiter->word != word) {
        link = &waiter->next;
        continue;
      }
      ++touched;
      if (wake_count > 0) {
        --wake_count;
        remove(link);
        waiter->next = nullptr;
        *woken_end = waiter;
        woken_end = &waiter->next;
      } else {
        --move_count;
        waiter->word = to;
        link = &waiter->next;
      }
    }
  }
  send_wakes(woken);
  return touched;
}

mach_port_t futex_take_wait_port() {
  const mach_port_t port = wait_port;
  wait_port = MACH_PORT_NULL;
  return port;
}

}  // namespace server_libc
