// The page-out daemon: keeps some pages free by taking the least used ones from their objects.
#pragma once

#include <cstdint>

#include "kernel/vm/object.h"

namespace vm {

// Steps, repeated between the low and the high water mark of free pages:
//   (1) Active pages move to the inactive queue until that holds a third of all. When most of them have
//       just moved, the pass ends here, so that they can be referenced.
//   (2) The oldest inactive page: referenced meanwhile - active again; clean - freed; modified -
//       sent to its memory manager with its modified neighbours.
//   (3) Pages sent are free when the manager deallocates them. No more go to the default manager than are wanted:
//       the daemon waits while enough are on their way (the laundry). Other managers get some hundreds at once; from
//       then on the daemon waits, some milliseconds at most, for their number to fall. Pages that another manager still
//       has after some seconds are paged out like any other, to the default manager; so are modified pages whose
//       manager died.
//   (4) Free pages are made neighbours, for what the kernel needs two pages of (page_pairs.h).
//   (5) When the default manager has no room for what it is sent: exhaustion.h.
class PageOut {
 public:
  // Starts the daemon's thread.
  static void start();
  static bool running();
  static void wake();
  // Pages have become free.
  static void note_pages_freed() {
    if (waits_for_returned_) [[unlikely]] look_at_returned();
  }
  // Whether there is nothing that it could free: it has looked at all pages in vain, twice, so that each got its
  // second chance, and no manager has any.
  static bool hopeless();
  // One pass over about `limit` inactive pages; how many were freed or sent. Also for tests.
  static uint32_t run_once(uint32_t limit);

 private:
  static uint32_t refill_inactive() REQUIRES(graph_lock);
  static uint32_t reclaim(Page& page) REQUIRES(graph_lock);
  static uint32_t send(Page& page) REQUIRES(graph_lock);
  static uint32_t disown(Object& object) REQUIRES(graph_lock);
  static void release_returned();
  static bool enough_on_its_way();
  static uint32_t most_returned();
  static bool managers_are_busy();
  static void look_at_returned();
  static void wait_for_managers();
  static void make_pairs();
  static void daemon(void*);

  static inline bool waits_for_returned_ = false;
};

}  // namespace vm
