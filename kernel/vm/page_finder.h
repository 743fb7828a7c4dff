// Finding the page that shows the contents of an object at an offset: walking the shadow chain,
// copying on write, filling with zeros, asking memory managers.
#pragma once

#include <mach/kern_return.h>

#include "kernel/vm/object.h"

namespace ipc {
class Port;
}

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
  bool beyond_reserve = false;  // kNoMemory: pages of the reserve will not do
  bool undefined = false;       // kPage: it was made and its contents are anything (Contents::kReplaced)
  Page* page = nullptr;
  Object* object = nullptr;     // kWait; kPage: where it was found
  kern_return_t error = KERN_SUCCESS;
  // kWait: the access that the manager is still to be asked for, which settle() does. 0: nothing.
  vm_prot_t ask = VM_PROT_NONE;
  Size ask_size = 0;
};

// When a memory manager that has to be asked for a page is asked: at once, or by settle(), which can give it
// the processor along with the request.
enum class Asking : uint8_t { kNow, kLater };

// What the caller is going to do with what a page contains: need it, or replace all of it, so that a page that would be
// zeros need not be cleared first.
enum class Contents : uint8_t { kNeeded, kReplaced };

// One attempt at the page of `top` at a page-aligned offset, for reading or (write) for modifying
// it through `top`, which then owns it. Never blocks.
PageOutcome find_page(Object& top, Offset offset, bool write, Asking asking = Asking::kNow,
                      Contents contents = Contents::kNeeded) REQUIRES(graph_lock);

// How an attempt went on after waiting.
enum class WaitMode : uint8_t { kInterruptible, kUninterruptible };

// Carries what settle() needs across the release of graph_lock.
class PendingWait {
 public:
  explicit PendingWait(const PageOutcome& outcome) REQUIRES(graph_lock);
  // For an outcome of find_page() at `offset` with Asking::kLater. Takes over a reference to its object, if
  // it has one. graph_lock not held.
  PendingWait(const PageOutcome& outcome, Offset offset)
      : kind_(outcome.kind),
        beyond_reserve_(outcome.beyond_reserve),
        ask_(outcome.ask),
        object_(outcome.object),
        offset_(offset),
        ask_size_(outcome.ask_size),
        error_(outcome.error) {}
  PendingWait(const PendingWait&) = delete;
  PendingWait& operator=(const PendingWait&) = delete;
  ~PendingWait();

  // Waits for what the outcome said; KERN_SUCCESS to start over, else KERN_ABORTED,
  // KERN_RESOURCE_SHORTAGE or the outcome's error. graph_lock not held.
  kern_return_t settle(WaitMode mode);

 private:
  kern_return_t wait(kern::Interruptible interruptible);
  kern_return_t ask_and_wait(kern::Interruptible interruptible);
  bool ask();

  PageOutcome::Kind kind_;
  bool beyond_reserve_ = false;
  vm_prot_t ask_ = VM_PROT_NONE;
  Object* object_ = nullptr;
  Offset offset_ = 0;
  Size ask_size_ = 0;
  kern_return_t error_;
  base::ListLink link_;

  // Those that wait for a memory manager.
  static base::List<PendingWait, &PendingWait::link_>& waits();
  friend void port_died(const ipc::Port& port);
};

// A port is dead now: those who wait for a memory manager there look again.
void port_died(const ipc::Port& port);

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
