// Giving pages back to memory managers.
#pragma once

#include <optional>

#include "kernel/vm/object.h"
#include "kernel/vm/pager_messages.h"

namespace vm {

// Whether the page differs from what its manager has.
bool is_page_modified(const Page& page);

// Collects neighbouring pages of one object into one message each run. Under graph_lock.
class PageReturn {
 public:
  PageReturn(Pager& pager, KernelCopy kernel_copy) : pager_(pager), kernel_copy_(kernel_copy) {}
  PageReturn(const PageReturn&) = delete;
  PageReturn& operator=(const PageReturn&) = delete;
  // Sends what is left; under graph_lock like all the rest.
  ~PageReturn() NO_THREAD_SAFETY_ANALYSIS { flush(); }

  // How many pages a message has at most. The default manager has paging space to find for each run.
  [[nodiscard]] uint32_t max_run() const { return pager_.internal ? 32 : 64; }

  // The page (not busy) goes to the manager: itself (kGone: it leaves its object, unmapped), or a
  // copy of it (kKept: it is clean then). False: memory is short and nothing was done.
  bool add(Page& page) REQUIRES(graph_lock);
  // Sends what was collected.
  void flush() REQUIRES(graph_lock);

 private:
  // What all pages of a message have in common.
  struct Quality {
    bool dirty = false;
    ReturnKind kind = ReturnKind::kAgain;
    bool operator==(const Quality&) const = default;
  };
  [[nodiscard]] Quality quality_of(const Page& page) const;
  bool begin(Page& page, Quality quality) REQUIRES(graph_lock);
  void take(Page& page) REQUIRES(graph_lock);
  bool take_copy(Page& page) REQUIRES(graph_lock);

  Pager& pager_;
  const KernelCopy kernel_copy_;
  base::Ref<Object> transit_;  // holds the run, at the pages' own offsets
  MapCopyPtr copy_;
  std::optional<ReturnMessage> message_;
  Offset start_ = 0;
  Offset end_ = 0;
  Quality quality_;
};

// Returns what an object that ends has modified (or was given as precious).
void return_modified_pages(Object& object, Pager& pager) REQUIRES(graph_lock);

}  // namespace vm
