#include "kernel/vm/page_finder.h"

#include "kernel/arch/pmap.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/task.h"
#include "kernel/vm/memory_pressure.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_queue.h"
#include "kernel/vm/pager.h"
#include "kernel/vm/pager_messages.h"
#include "kernel/vm/placeholder.h"
#include "kernel/vm/statistics.h"

namespace vm {
namespace {

using Kind = PageOutcome::Kind;

PageOutcome fail(kern_return_t error) { return {.kind = Kind::kError, .error = error}; }
PageOutcome no_memory() { return {.kind = Kind::kNoMemory}; }
PageOutcome wait_for(Object& object) { return {.kind = Kind::kWait, .object = &object}; }

// The most that is asked of the default manager at once.
constexpr Size kMostAsked = 8 * kPageSize;

class PageFinder {
 public:
  PageFinder(Object& top, Offset offset, bool write, Asking asking, Contents contents)
      : top_(top), offset_(offset), write_(write), asking_(asking), contents_(contents) {}

  PageOutcome find() {
    for (Object* object = &top_;;) {
      if (Page* page = object->lookup(offset_)) return present(*object, *page);
      if (object->manager_has(offset_) || hides_zeros(*object)) return request(*object);
      if (object->orphaned()) return fail(KERN_MEMORY_FAILURE);
      if (!object->shadow()) return zero_fill();
      object = object->shadow();
    }
  }

 private:
  // Zeros that others may still write to: they belong to the object itself, not to one that shows it.
  [[nodiscard]] bool hides_zeros(const Object& object) const {
    return &object != &top_ && object.has_manager() && !object.shadow();
  }
  PageOutcome present(Object& object, Page& page);
  PageOutcome request(Object& object);
  PageOutcome ask_unlock(Object& object, Page& page, vm_prot_t access);
  PageOutcome zero_fill();
  PageOutcome copy_up(Object& object, Page& page);
  PageOutcome owned(Page& page, bool resident);
  static void reactivate(Page& page);
  [[nodiscard]] bool copy_lacks_page() const;
  bool push_to_copy(Page& page);

  Object& top_;
  const Offset offset_;
  const bool write_;
  const Asking asking_;
  const Contents contents_;
};

PageOutcome PageFinder::present(Object& object, Page& page) {
  if (page.busy) {
    if (!page.absent || !object.pager() || !object.pager()->dead()) return wait_for(object);
    // The manager died before it answered.
    drop_placeholder(object, page);
    object.wake();
    return fail(KERN_MEMORY_FAILURE);
  }
  if (page.error) {
    Object::discard(page);
    return fail(KERN_MEMORY_ERROR);
  }
  const bool own = &object == &top_;
  if (page.lock != 0) [[unlikely]] {
    const vm_prot_t access = write_ && own ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ;
    if (page.lock & access) return ask_unlock(object, page, access);
  }
  if (page.queue != PageQueue::kActive) [[unlikely]] reactivate(page);
  if (own) return owned(page, true);
  if (write_) return copy_up(object, page);
  return {.kind = Kind::kPage, .resident = true, .page = &page, .object = &object};
}

// Back to the active queue. A page on its way out, which is on no queue, joins only when somebody
// other than a manager working for the page-out daemon uses it.
void PageFinder::reactivate(Page& page) {
  if (page.wire_count != 0) return;
  if (page.queue == PageQueue::kInactive) {
    ++counters.reactivations;
    ++kern::current_task().events.reactivations;
  } else if (kern::current_thread().vm_privileged()) {
    return;
  }
  activate_page(page);
}

// The page is in the top object: prepares it for writing if asked.
PageOutcome PageFinder::owned(Page& page, bool resident) {
  const bool push = copy_lacks_page();
  if (push && write_ && !push_to_copy(page)) return no_memory();
  const bool writable = (write_ || !push) && !(page.lock & VM_PROT_WRITE);
  if (writable) top_.note_writable();
  return {.kind = Kind::kPage,
          .writable = writable,
          .resident = resident,
          .page = &page,
          .object = &top_};
}

bool PageFinder::copy_lacks_page() const {
  const Object* copy = top_.copy();
  return copy && copy->contains(offset_) && !copy->lookup(offset_) && !copy->manager_has(offset_);
}

// Gives the copy of the top object the contents as they were, before the page is modified.
bool PageFinder::push_to_copy(Page& page) {
  Page* old = allocate_page();
  if (!old) return false;
  arch::copy_page(page.phys, old->phys);
  old->dirty = true;
  arch::page_protect(page.phys, VM_PROT_NONE);  // readers of the copy may have it mapped
  top_.copy()->insert(*old, offset_);
  ++counters.cow_faults;
  return true;
}

PageOutcome PageFinder::copy_up(Object& object, Page& page) {
  Page* own = allocate_page();
  if (!own) return no_memory();
  arch::copy_page(page.phys, own->phys);
  own->dirty = true;
  // Other users of the top object may have the old page mapped.
  if (top_.ref_count() > 1) arch::page_protect(page.phys, VM_PROT_NONE);
  top_.insert(*own, offset_);
  ++counters.cow_faults;
  ++kern::current_task().events.cow_faults;
  return owned(*own, false);
}

// Wired threads, which may use the reserve, are there to get memory freed: it is for their own memory, not for that of
// the objects they manage or others do.
Page* allocate_page_for(const Object& object) {
  return object.has_manager() ? allocate_page(Reserve::kUser) : allocate_page();
}
PageOutcome no_memory_for(const Object& object) {
  return {.kind = Kind::kNoMemory, .beyond_reserve = object.has_manager()};
}

PageOutcome PageFinder::zero_fill() {
  Page* page = allocate_page_for(top_);
  if (!page) return no_memory_for(top_);
  const bool undefined = contents_ == Contents::kReplaced;
  if (!undefined) arch::zero_page(page->phys);
  // Without a shadow the page can be dropped and made again. With one it must last: an object below
  // may get a page later, which is not part of what this object shows.
  page->dirty = top_.shadow() != nullptr;
  top_.insert(*page, offset_);
  if (top_.has_manager()) top_.pager()->unavailable.remove(offset_ - top_.pager()->base());
  ++counters.zero_fills;
  ++kern::current_task().events.zero_fills;
  PageOutcome outcome = owned(*page, false);
  outcome.undefined = undefined;
  return outcome;
}

// Makes a placeholder. False: memory is short.
bool claim(Object& object, Offset offset) {
  Page* page = allocate_page_for(object);
  if (!page) return false;
  page->busy = page->absent = true;
  object.insert(*page, offset);
  object.begin_paging();
  ++counters.pageins;
  ++kern::current_task().events.pageins;
  return true;
}

// Undoes claims for which no request was sent.
void unclaim(Object& object, Offset start, Size size) {
  for (Offset o = start; o != start + size; o += kPageSize) {
    Page* page = object.lookup(o);
    if (page && is_placeholder(*page)) drop_placeholder(object, *page);
  }
  object.wake();
}

// How much to ask for from the offset on, all of it claimed: the kernel knows what the default manager has, and
// what was paged out together is often wanted together.
Size claim_following(Object& object, Offset offset) {
  Size size = kPageSize;
  for (; size < kMostAsked && free_page_count() > high_water_pages(); size += kPageSize) {
    const Offset o = offset + size;
    if (!object.contains(o) || object.lookup(o) || !object.manager_has(o)) break;
    if (!claim(object, o)) break;
  }
  return size;
}

PageOutcome PageFinder::request(Object& object) {
  Pager& pager = *object.pager();
  if (pager.dead()) return fail(KERN_MEMORY_FAILURE);
  if (!pager.ready) return wait_for(object);
  if (!object.paging()) pager.forget_returned();
  if (!claim(object, offset_)) return no_memory_for(object);
  const Size size = pager.internal ? claim_following(object, offset_) : kPageSize;
  const vm_prot_t access =
      write_ && &object == &top_ ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ;
  const bool later = asking_ == Asking::kLater;
  if (!later && !post_data_request(pager, offset_, size, access).ok()) {
    unclaim(object, offset_, size);
    return no_memory();
  }
  // The manager gets this request after all that was returned.
  pager.returned.remove(offset_ - pager.base());
  return {.kind = Kind::kWait,
          .object = &object,
          .ask = later ? access : VM_PROT_NONE,
          .ask_size = size};
}

PageOutcome PageFinder::ask_unlock(Object& object, Page& page, vm_prot_t access) {
  Pager* pager = object.pager();
  if (!pager || pager->dead()) {
    page.lock = 0;
    return find();
  }
  if ((access & ~page.unlock_asked) != 0) {
    if (!post_data_unlock(*pager, offset_, kPageSize, access).ok()) return no_memory();
    page.unlock_asked |= static_cast<uint8_t>(access);
  }
  return wait_for(object);
}

}  // namespace

PageOutcome find_page(Object& top, Offset offset, bool write, Asking asking, Contents contents) {
  return PageFinder(top, offset, write, asking, contents).find();
}

PendingWait::PendingWait(const PageOutcome& outcome)
    : kind_(outcome.kind), beyond_reserve_(outcome.beyond_reserve), error_(outcome.error) {
  if (kind_ == Kind::kWait) {
    object_ = outcome.object;
    object_->retain();
  }
}

PendingWait::~PendingWait() {
  if (!object_) return;
  GraphLock lock;
  object_->release();
}

base::List<PendingWait, &PendingWait::link_>& PendingWait::waits() {
  static base::List<PendingWait, &PendingWait::link_> list;
  return list;
}

void port_died(const ipc::Port& port) {
  for (PendingWait& wait : PendingWait::waits()) {
    const Pager* pager = wait.object_->pager();
    if (pager && pager->memory_object().port() == &port) wait.object_->wake();
  }
}

// Sends the request by message. False: there is no memory for it.
bool PendingWait::ask() {
  GraphLock lock;
  if (post_data_request(*object_->pager(), offset_, ask_size_, ask_).ok()) return true;
  unclaim(*object_, offset_, ask_size_);
  return false;
}

// The request goes to the manager's thread together with the processor if one waits for it.
kern_return_t PendingWait::ask_and_wait(kern::Interruptible interruptible) {
  const base::Ref<Pager> pager(object_->pager());
  if (!pager) return KERN_SUCCESS;
  kern::WaitResult result;
  if (kern::Thread* manager = hand_data_request(*pager, offset_, ask_size_, ask_)) {
    result = object_->event().wait_handing_off(*manager, interruptible);
  } else if (!ask()) {
    return wait_for_free_pages() ? KERN_SUCCESS : KERN_RESOURCE_SHORTAGE;
  } else if (pager->dead()) {
    return KERN_SUCCESS;
  } else {
    result = object_->event().wait(interruptible);
  }
  return result == kern::WaitResult::kInterrupted ? KERN_ABORTED : KERN_SUCCESS;
}

kern_return_t PendingWait::wait(kern::Interruptible interruptible) {
  waits().push_back(this);
  kern_return_t result = KERN_SUCCESS;
  if (ask_) {
    result = ask_and_wait(interruptible);
  } else if (object_->event().wait(interruptible) == kern::WaitResult::kInterrupted) {
    result = KERN_ABORTED;
  }
  link_.unlink();
  return result;
}

kern_return_t PendingWait::settle(WaitMode mode) {
  switch (kind_) {
    case Kind::kWait:
      return wait(mode == WaitMode::kInterruptible ? kern::Interruptible::kYes
                                                   : kern::Interruptible::kNo);
    case Kind::kNoMemory: {
      const Reserve reserve = beyond_reserve_ ? Reserve::kUser : own_reserve();
      return wait_for_free_pages(reserve) ? KERN_SUCCESS : KERN_RESOURCE_SHORTAGE;
    }
    case Kind::kError:
      return error_;
    case Kind::kPage:
      return KERN_SUCCESS;
  }
  return KERN_FAILURE;
}

}  // namespace vm
