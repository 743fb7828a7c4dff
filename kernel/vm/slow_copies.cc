#include "kernel/vm/slow_copies.h"

#include <new>

#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_finder.h"
#include "kernel/vm/pager.h"

namespace vm {
namespace {

// Waits until the manager has said how its object may be copied.
base::Status wait_until_ready(Object& object) {
  for (;;) {
    {
      GraphLock lock;
      Pager* pager = object.pager();
      if (!pager || pager->ready) return {};
      if (pager->dead()) return base::Error(KERN_MEMORY_FAILURE);
    }
    const auto result =
        object.event().wait(kern::Interruptible::kYes, kern::Deadline::after_ms(500));
    if (result == kern::WaitResult::kInterrupted) return base::Error(KERN_ABORTED);
  }
}

base::Status copy_page_slowly(Object& from, Object& to, Offset offset) {
  const kern_return_t error =
      with_page(from, offset, false, WaitMode::kInterruptible, [&](Page& page) {
        Page* copy = allocate_page();
        if (!copy) return KERN_RESOURCE_SHORTAGE;
        arch::copy_page(page.phys, copy->phys);
        copy->dirty = true;
        to.insert(*copy, offset);
        return KERN_SUCCESS;
      });
  return base::Status::from_code(error);
}

}  // namespace

SlowCopies::~SlowCopies() {
  GraphLock lock;
  while (Copy* copy = copies_.pop_front()) delete copy;
}

bool SlowCopies::needed(const Object& object) {
  const Pager* pager = object.pager();
  if (object.internal() || !pager || pager->dead()) return false;
  if (!pager->ready) return true;
  return pager->strategy == CopyStrategy::kNone;
}

base::Status SlowCopies::prepare(base::Ref<Object> object, Offset start, Offset end) {
  auto* copy = new (std::nothrow) Copy;
  if (!copy) return base::Error(KERN_RESOURCE_SHORTAGE);
  copy->source = std::move(object);
  copies_.push_back(copy);
  Object& source = *copy->source;
  TRY(wait_until_ready(source));
  {
    GraphLock lock;
    if (!needed(source)) return {};
    copy->copy = TRY(Object::create(start, end));
  }
  for (Offset o = start; o < end; o += kPageSize) {
    TRY(copy_page_slowly(source, *copy->copy, o));
  }
  return {};
}

base::Ref<Object> SlowCopies::find(const Object& object, Offset start, Offset end) {
  for (Copy& c : copies_) {
    if (c.source == &object && c.copy && c.copy->start() <= start && c.copy->end() >= end) {
      return c.copy;
    }
  }
  return nullptr;
}

}  // namespace vm
