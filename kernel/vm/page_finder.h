// Finding the page that shows the contents of an object at an offset: walking the shadow chain,
// copying on write, filling with zeros, asking memory managers.
#pragma once

#include <mach/kern_return.h>

#include "kernel/vm/object.h"

namespace vm {

// What came of one attempt.
struct PageOutcome {
  enum class Kind : uint8_t {
    kPage,      // `page` is resident and not busy
    kWait,      // wait for the event of `object`, then start over
    kNoMemory,  // wait for free pages, then start over
    kError,     // `error`
  };

  Kind kind = Kind::kError;
  bool writable = false;        // the page may be mapped for writing
  bool resident = false;        // kPage: it was found, not made
  Page* page = nullptr;
  Object* object = nullptr;     // kWait; kPage: where it was found
  kern_return_t error = KERN_SUCCESS;
};

// One attempt at the page of `top` at a page-aligned offset, for reading or (write) for modifying
// it through `top`, which then owns it. Never blocks.
PageOutcome find_page(Object& top, Offset offset, bool write) REQUIRES(graph_lock);

// How an attempt went on after waiting.
enum class WaitMode : uint8_t { kInterruptible, kUninterruptible };

// Carries what settle() needs across the release of graph_lock.
class PendingWait {
 public:
  explicit PendingWait(const PageOutcome& outcome) REQUIRES(graph_lock);
  PendingWait(const PendingWait&) = delete;
  PendingWait& operator=(const PendingWait&) = delete;
  ~PendingWait();

  // Waits for what the outcome said; KERN_SUCCESS to start over, else KERN_ABORTED,
  // KERN_RESOURCE_SHORTAGE or the outcome's error. graph_lock not held.
  kern_return_t settle(WaitMode mode);

 private:
  PageOutcome::Kind kind_;
  Object* object_ = nullptr;
  kern_return_t error_;
};

// Attempts and waits until there is a page, calls use(page) with graph_lock held, and returns its
// result; or returns an error. `object` must be kept alive by the caller.
template <typename Use>
kern_return_t with_page(Object& object, Offset offset, bool write, WaitMode mode, Use use) {
  for (;;) {
    graph_lock.lock();
    const PageOutcome outcome = find_page(object, offset, write);
    if (outcome.kind == PageOutcome::Kind::kPage) {
      const kern_return_t result = use(*outcome.page);
      graph_lock.unlock();
      return result;
    }
    PendingWait wait(outcome);
    graph_lock.unlock();
    { GraphLock send_requests; }
    if (const kern_return_t error = wait.settle(mode)) return error;
  }
}

}  // namespace vm
