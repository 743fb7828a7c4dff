#include "kernel/vm/pager_control.h"

#include "kernel/arch/pmap.h"
#include "kernel/vm/memory_pressure.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_queue.h"
#include "kernel/vm/page_return.h"
#include "kernel/vm/pager_messages.h"
#include "kernel/vm/pager_registry.h"
#include "kernel/vm/placeholder.h"

namespace vm {
namespace {

// Whole pages of an object; false when the request wraps around or is not aligned.
struct OffsetRange {
  Offset start = 0;
  Offset end = 0;

  static bool make(const Pager& pager, Offset offset, Size size, OffsetRange& range) {
    if (offset & kPageMask) return false;
    const Offset limit = trunc_page(UINT32_MAX);
    const Offset base = pager.base();
    if (offset > limit - base || size > limit - base - offset) return false;
    range.start = base + offset;
    range.end = range.start + round_page(size);
    return true;
  }
};

// Calls f(page) for the resident pages in a range; f may take the page out of the object.
template <typename F>
void for_each_page(Object& object, OffsetRange range, F f) {
  if ((range.end - range.start) >> kPageShift <= object.resident_count()) {
    for (Offset o = range.start; o < range.end; o += kPageSize) {
      if (Page* page = object.lookup(o)) f(*page);
    }
    return;
  }
  auto& pages = object.pages().pages;
  for (Page* page = pages.front(); page;) {
    Page* next = pages.next(page);
    if (page->offset >= range.start && page->offset < range.end) f(*page);
    page = next;
  }
}

// One memory_object_lock_request.
class LockRequest {
 public:
  LockRequest(Pager& pager, memory_object_return_t should_return, bool flush, vm_prot_t lock)
      : should_return_(should_return),
        flush_(flush),
        lock_(lock),
        pages_(pager, KernelCopy::kGone),
        copies_(pager, KernelCopy::kKept) {}

  void apply(Page& page) REQUIRES(graph_lock) {
    if (page.busy || page.error) return;
    if (flush_ && page.wire_count == 0) {
      arch::page_protect(page.phys, VM_PROT_NONE);
      if (!wants_return(page)) {
        Object::discard(page);
      } else {
        add_to(pages_, page);
      }
      return;
    }
    if (!flush_ && wants_return(page)) {
      if (must_go(page)) return add_to(pages_, page);
      add_to(copies_, page);
    }
    if (lock_ == VM_PROT_NO_CHANGE) return;
    page.lock = static_cast<uint8_t>(lock_);
    page.unlock_asked = 0;
    if (lock_ != VM_PROT_NONE) arch::page_protect(page.phys, VM_PROT_ALL & ~lock_);
  }

  // False: memory was too short for some page; it is as it was.
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  [[nodiscard]] bool wants_return(const Page& page) const {
    if (should_return_ == MEMORY_OBJECT_RETURN_NONE) return false;
    return is_page_modified(page) ||
           (should_return_ == MEMORY_OBJECT_RETURN_ALL && page.precious);
  }

  // There is no memory to spare for a copy: what is returned does not stay.
  static bool must_go(const Page& page) {
    return free_page_count() <= low_water_pages() && page.wire_count == 0;
  }
  void add_to(PageReturn& to, Page& page) REQUIRES(graph_lock) { complete_ &= to.add(page); }

  const memory_object_return_t should_return_;
  const bool flush_;
  const vm_prot_t lock_;
  bool complete_ = true;
  PageReturn pages_;
  PageReturn copies_;
};

// What the manager has said beside what it was asked for is believed for so much at a time.
constexpr Size kMostVolunteered = 1 << 20;

// The manager has no data for what it was asked for, nor for the pages behind, which nobody has asked for
// yet.
void note_unavailable(Pager& pager, const Object& object, OffsetRange range) {
  if (object.internal() || object.shadow() || range.end - range.start > kMostVolunteered) return;
  const Page* const asked = object.lookup(range.start);
  if (!asked || !is_placeholder(*asked)) return;
  for (Offset o = range.start; o < range.end; o += kPageSize) {
    const Offset at = o - pager.base();
    // Without memory for the note the manager will be asked.
    if (!object.lookup(o) && pager.accepts_unasked(at)) (void)pager.unavailable.add(at);
  }
}

}  // namespace

kern_return_t data_unavailable(Pager& pager, Offset offset, Size size) {
  GraphLock lock;
  OffsetRange range;
  if (!OffsetRange::make(pager, offset, size, range)) return KERN_INVALID_ARGUMENT;
  Object* object = pager.object();
  if (!object) return KERN_SUCCESS;
  note_unavailable(pager, *object, range);
  for_each_page(*object, range, [&](Page& page) {
    if (!is_placeholder(page)) return;
    const Offset at = page.offset - pager.base();
    if (!object->shadow()) {
      arch::zero_page(page.phys);
      fill_placeholder(*object, page);
    } else if (object->internal() || pager.unavailable.add(at).ok()) {
      // What lies below shows: of a copy, or of kernel-made memory that the manager lost.
      drop_placeholder(*object, page);
      pager.paged_out.remove(at);
    } else {
      page.error = true;
      fill_placeholder(*object, page);
    }
  });
  object->wake();
  return KERN_SUCCESS;
}

kern_return_t data_error(Pager& pager, Offset offset, Size size) {
  GraphLock lock;
  OffsetRange range;
  if (!OffsetRange::make(pager, offset, size, range)) return KERN_INVALID_ARGUMENT;
  Object* object = pager.object();
  if (!object) return KERN_SUCCESS;
  for_each_page(*object, range, [&](Page& page) {
    if (!is_placeholder(page)) return;
    page.error = true;
    fill_placeholder(*object, page);
  });
  object->wake();
  return KERN_SUCCESS;
}

kern_return_t lock_request(Pager& pager, Offset offset, Size size,
                           memory_object_return_t should_return, bool should_flush, vm_prot_t lock,
                           ipc::AnyRight reply) {
  if (should_return < MEMORY_OBJECT_RETURN_NONE || should_return > MEMORY_OBJECT_RETURN_ALL ||
      (lock != VM_PROT_NO_CHANGE && (lock & ~VM_PROT_ALL))) {
    return KERN_INVALID_ARGUMENT;
  }
  for (;;) {
    {
      GraphLock guard;
      OffsetRange range;
      if (!OffsetRange::make(pager, offset, size, range)) return KERN_INVALID_ARGUMENT;
      Object* object = pager.object();
      if (!object) return KERN_SUCCESS;
      // What was flushed is asked for again.
      if (should_flush && !object->shadow()) pager.unavailable.clear();
      const bool complete = [&]() NO_THREAD_SAFETY_ANALYSIS {
        LockRequest request(pager, should_return, should_flush, lock);
        for_each_page(*object, range,
                      [&](Page& page) NO_THREAD_SAFETY_ANALYSIS { request.apply(page); });
        return request.complete();
      }();
      object->wake();
      if (complete) {
        post_lock_completed(pager, std::move(reply), range.start, size);
        return KERN_SUCCESS;
      }
    }
    // Doing it again is harmless for the pages that are done.
    if (!wait_for_free_pages()) return KERN_RESOURCE_SHORTAGE;
  }
}

kern_return_t set_attributes(Pager& pager, const PagerAttributes& a, PagerDialect dialect) {
  if (!valid_copy_strategy(a.copy_strategy)) return KERN_INVALID_ARGUMENT;
  GraphLock lock;
  Object* object = pager.object();
  if (!object) return KERN_SUCCESS;
  pager.may_cache = a.may_cache;
  pager.strategy = static_cast<CopyStrategy>(a.copy_strategy);
  pager.ready = a.ready;
  pager.dialect = dialect;
  object->wake();
  if (!a.may_cache && PagerCache::holds(pager)) {
    PagerCache::take_out(pager);
    object->destroy_unreferenced();
  }
  return KERN_SUCCESS;
}

kern_return_t change_attributes(Pager& pager, bool may_cache, int copy_strategy,
                                ipc::AnyRight reply) {
  const PagerAttributes a{pager.ready, may_cache, copy_strategy};
  if (const kern_return_t error = set_attributes(pager, a, pager.dialect)) return error;
  GraphLock lock;
  post_change_completed(pager, std::move(reply));
  return KERN_SUCCESS;
}

PagerAttributes get_attributes(Pager& pager) {
  GraphLock lock;
  return {pager.ready, pager.may_cache, static_cast<int>(pager.strategy)};
}

void destroy_object(Pager& pager) {
  GraphLock lock;
  Object* object = pager.object();
  if (!object) return;
  const base::Ref<Pager> keep(&pager);
  const bool unreferenced = PagerCache::holds(pager);
  orphan_object(*object);
  if (unreferenced) object->destroy_unreferenced();
}

}  // namespace vm
