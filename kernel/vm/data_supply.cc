// memory_object_data_supply: pages of a manager become pages of its object.
#include <optional>

#include "kernel/arch/pmap.h"
#include "kernel/vm/exhaustion.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_finder.h"
#include "kernel/vm/page_return.h"
#include "kernel/vm/pager_control.h"
#include "kernel/vm/pager_messages.h"
#include "kernel/vm/placeholder.h"

namespace vm {

// One request. The data is looked at page by page, with waits when the manager's own memory has to
// be paged in; pages nobody else can see move, others are copied.
class DataSupply {
 public:
  DataSupply(Pager& pager, MapCopy& data, vm_prot_t lock, bool precious)
      : pager_(pager), data_(data), lock_(lock), precious_(precious) {}

  // The page for an offset of the object. KERN_MEMORY_PRESENT: it is there, or what comes unasked may be
  // older than what was returned. Else why the data cannot be read.
  kern_return_t supply_page(Offset offset);
  // A precious page that was not accepted goes back.
  void return_page(Offset offset);

 private:
  Page* take_page(Entry& source, Page& page) REQUIRES(graph_lock);
  void place(Object& object, Page& page, Offset offset) REQUIRES(graph_lock);

  Pager& pager_;
  MapCopy& data_;
  const vm_prot_t lock_;
  const bool precious_;
};

// A page without object and mappings with the contents of `page`; null when memory is short.
Page* DataSupply::take_page(Entry& source, Page& page) {
  const Object& object = *source.object;
  const bool movable = page.object() == &object && object.ref_count() == 1 &&
                       object.internal() && page.wire_count == 0;
  if (movable) {
    arch::page_protect(page.phys, VM_PROT_NONE);
    Object::remove(page);
    return &page;
  }
  Page* copy = allocate_page();
  if (copy) arch::copy_page(page.phys, copy->phys);
  return copy;
}

void DataSupply::place(Object& object, Page& page, Offset offset) {
  arch::clear_modified(page.phys);
  page.lock = static_cast<uint8_t>(lock_);
  page.precious = precious_;
  // The manager's copy is the original, unless kernel-made memory comes unasked.
  page.dirty = pager_.internal && !pager_.paged_out.contains(offset - pager_.base());
  if (Page* placeholder = object.lookup(offset)) drop_placeholder(object, *placeholder);
  pager_.unavailable.remove(offset - pager_.base());
  if (pager_.internal && precious_) Exhaustion::note_refused();
  object.insert(page, offset);
  object.wake();
}

kern_return_t DataSupply::supply_page(Offset offset) {
  for (;;) {
    std::optional<PendingWait> wait;
    {
      GraphLock lock;
      Object* object = pager_.object();
      if (!object) return KERN_MEMORY_FAILURE;
      Page* present = object->lookup(offset);
      if (present ? !is_placeholder(*present) : !pager_.accepts_unasked(offset - pager_.base())) {
        return KERN_MEMORY_PRESENT;
      }
      Entry& source = *data_.entries_.front();
      TRY_CODE(MapCopy::ensure_object_locked(source));
      const PageOutcome outcome = find_page(*source.object, source.offset, false);
      if (outcome.kind == PageOutcome::Kind::kPage) {
        Page* page = take_page(source, *outcome.page);
        if (!page) return KERN_RESOURCE_SHORTAGE;
        place(*object, *page, offset);
        data_.drop_front_locked(kPageSize);
        return KERN_SUCCESS;
      }
      wait.emplace(outcome);
    }
    if (const kern_return_t error = wait->settle(WaitMode::kInterruptible)) return error;
  }
}

void DataSupply::return_page(Offset offset) {
  GraphLock lock;
  if (!pager_.object() || data_.entries_.empty()) return;
  Entry& source = *data_.entries_.front();
  auto transit = Object::create(0, kPageSize);
  MapCopyPtr copy = transit.ok() ? MapCopy::list_of(transit.take(), 0) : nullptr;
  ReturnMessage message(pager_, ReturnKind::kAgain);
  if (!copy || !message) {
    if (copy) MapCopy::destroy_locked(std::move(copy));
    return;
  }
  if (source.object) {
    // The entry itself travels on, cut to one page.
    copy->replace_front_locked(source);
  }
  copy->set_list_size(kPageSize);
  message.post(pager_, offset, std::move(copy), false, KernelCopy::kGone);
  data_.drop_front_locked(kPageSize);
}

namespace {

// What could not be supplied for want of readable data fails for those who wait.
void fail_rest(Pager& pager, Offset offset, Offset end) {
  (void)data_error(pager, offset - pager.base(), end - offset);
}

}  // namespace

kern_return_t supply_data(Pager& pager, Offset offset, MapCopyPtr data, vm_prot_t lock,
                          bool precious, ipc::AnyRight reply) {
  const Offset limit = trunc_page(UINT32_MAX) - pager.base();
  const Size size = trunc_page(data->size());
  if ((offset & kPageMask) || data->page_offset() != 0 || (lock & ~VM_PROT_ALL) ||
      offset > limit || size > limit - offset) {
    return KERN_INVALID_ARGUMENT;
  }
  TRY_CODE(data->make_entries());
  const Offset start = pager.base() + offset;
  const Offset end = start + size;
  DataSupply supply(pager, *data, lock, precious);
  kern_return_t result = KERN_SUCCESS;
  Offset at = start;
  for (; at < end && result == KERN_SUCCESS; at += kPageSize) {
    result = supply.supply_page(at);
    if (result != KERN_SUCCESS) break;
  }
  if (result == KERN_MEMORY_PRESENT && precious) {
    for (Offset o = at; o < end; o += kPageSize) supply.return_page(o);
  } else if (result != KERN_SUCCESS && result != KERN_MEMORY_PRESENT) {
    fail_rest(pager, at, end);
  }
  GraphLock guard;
  if (pager.object()) {
    post_supply_completed(pager, std::move(reply), start, at - start, result, at);
  }
  return KERN_SUCCESS;
}

}  // namespace vm
