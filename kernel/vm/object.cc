#include "kernel/vm/object.h"

#include <algorithm>
#include <new>

#include "kernel/arch/pmap.h"
#include "kernel/kern/assert.h"
#include "kernel/vm/collapse.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_queue.h"
#include "kernel/vm/page_return.h"
#include "kernel/vm/page_table.h"
#include "kernel/vm/pager.h"
#include "kernel/vm/pager_registry.h"

namespace vm {
namespace {

// Objects do not grow beyond this size.
constexpr Size kMaxExtended = 1u << 20;

}  // namespace

Object* Object::allocate(Offset start, Offset end) {
  auto* object = new (std::nothrow) Object;
  if (!object) return nullptr;
  object->pages_ = new (std::nothrow) PageSet;
  if (!object->pages_) {
    delete object;
    return nullptr;
  }
  object->pages_->owner = object;
  object->start_ = start;
  object->end_ = end;
  return object;
}

base::Result<base::Ref<Object>> Object::create(Offset start, Offset end) {
  Object* object = allocate(start, end);
  if (!object) return base::Error(KERN_RESOURCE_SHORTAGE);
  return base::adopt_ref(object);
}

base::Result<base::Ref<Object>> Object::create_external(base::Ref<Pager> pager) {
  Object* object = allocate(0, trunc_page(UINT32_MAX));
  if (!object) return base::Error(KERN_RESOURCE_SHORTAGE);
  object->internal_ = false;
  object->shared_ = true;
  object->set_pager(std::move(pager));
  return base::adopt_ref(object);
}

base::Result<base::Ref<Object>> Object::create_called_copy(base::Ref<Pager> pager,
                                                           base::Ref<Object> original) {
  base::Ref<Object> object = TRY(create_external(std::move(pager)));
  object->link_shadow(original.leak());
  return object;
}

base::Result<base::Ref<Object>> Object::create_physical(arch::PhysAddr base, Size size,
                                                        bool uncached) {
  Object* object = allocate(0, size);
  if (!object) return base::Error(KERN_RESOURCE_SHORTAGE);
  object->physical_ = true;
  object->physical_base_ = base;
  object->uncached_ = uncached;
  return base::adopt_ref(object);
}

Object::~Object() {
  KASSERT(!pages_ || pages_->count == 0);
  KASSERT(shadowers_.empty() && !shadow_);
  delete pages_;
}

bool Object::manager_has(Offset offset) const {
  if (!pager_) return false;
  const Offset at = offset - pager_->base();
  if (pager_->internal) return pager_->paged_out.contains(at);
  return !pager_->unavailable.contains(at);
}

bool Object::has_manager() const { return pager_ && !pager_->internal; }

void Object::insert(Page& page, Offset offset) {
  page.set = pages_;
  page.offset = offset;
  PageTable::add(page);
  pages_->pages.push_back(&page);
  ++pages_->count;
  if (!page.busy && page.wire_count == 0) activate_page(page);
}

void Object::remove(Page& page) {
  dequeue_page(page);
  PageTable::remove(page);
  page.object_link.unlink();
  --page.set->count;
  page.set = nullptr;
}

void Object::discard(Page& page) {
  arch::page_protect(page.phys, VM_PROT_NONE);
  while (page.wire_count != 0) unwire_page(page);
  remove(page);
  page.busy = page.absent = page.error = page.dirty = page.precious = false;
  page.lock = page.unlock_asked = 0;
  free_page(&page);
}

void Object::adopt(Page& page) {
  PageTable::remove(page);
  page.object_link.unlink();
  --page.set->count;
  page.set = pages_;
  PageTable::add(page);
  pages_->pages.push_back(&page);
  ++pages_->count;
}

void Object::move_page(Page& from, Page& to) {
  KASSERT(!from.busy && from.wire_count == 0);
  arch::page_protect(from.phys, VM_PROT_NONE);
  arch::copy_page(from.phys, to.phys);
  to.dirty = is_page_modified(from);
  to.precious = from.precious;
  to.lock = from.lock;
  to.unlock_asked = from.unlock_asked;
  const bool was_active = from.queue == PageQueue::kActive;
  Object& object = *from.object();
  const Offset offset = from.offset;
  discard(from);
  object.insert(to, offset);
  if (!was_active) deactivate_page(to);
}

void Object::discard_range(Offset start, Offset end) {
  if (pager_) {
    for (Offset o = start; o < end; o += kPageSize) pager_->paged_out.remove(o - pager_->base());
  }
  if (pages_->count == 0) return;
  if (pages_->count > (end - start) >> kPageShift) {
    for (Offset o = start; o < end; o += kPageSize) {
      Page* page = lookup(o);
      if (page && !page->busy) discard(*page);
    }
    return;
  }
  auto& list = pages_->pages;
  for (Page* page = list.front(); page;) {
    Page* next = list.next(page);
    if (page->offset >= start && page->offset < end && !page->busy) discard(*page);
    page = next;
  }
}

void Object::write_protect_pages() {
  if (!ever_writable_) return;
  for (Page& page : pages_->pages) {
    if (!page.busy) arch::page_protect(page.phys, VM_PROT_READ | VM_PROT_EXECUTE);
  }
  ever_writable_ = false;
}

bool Object::try_extend(Offset new_end) {
  // Large pieces of memory keep objects of their own: a manager learns that contents are no longer
  // needed only when the whole object ends.
  if (new_end > end_ && new_end - start_ > kMaxExtended) return false;
  if (ref_count_ != 1 || !internal_ || shared_ || physical_ || pager_ || shadow_ || copy_) {
    return false;
  }
  if (new_end > end_) end_ = new_end;
  return true;
}

void Object::link_shadow(Object* shadow) {
  shadow_ = shadow;
  shadow->shadowers_.push_back(this);
}

void Object::unlink_shadow() {
  shadow_link_.unlink();
  shadow_ = nullptr;
}

base::Result<base::Ref<Object>> Object::make_shadow(base::Ref<Object> below, Offset start,
                                                    Offset end) {
  Object* object = allocate(start, end);
  if (!object) return base::Error(KERN_RESOURCE_SHORTAGE);
  object->link_shadow(below.leak());
  return base::adopt_ref(object);
}

bool Object::copy_is_reusable(Offset start, Offset end) const {
  return copy_ && copy_->pages_->count == 0 && !copy_->pager_ && !copy_->direct_use_ &&
         copy_->start_ <= start && copy_->end_ >= end;
}

base::Result<base::Ref<Object>> Object::make_copy(Offset start, Offset end) {
  if (copy_is_reusable(start, end)) return base::Ref<Object>(copy_);
  if (copy_) {
    // The older copy will look through the new one, which must see all that it sees.
    start = std::min(start, copy_->start_);
    end = std::max(end, copy_->end_);
  }
  base::Ref<Object> copy = TRY(make_shadow(base::Ref<Object>(this), start, end));
  if (Object* older = copy_) {
    older->unlink_shadow();
    older->link_shadow(copy.get());
    copy->retain();
    --ref_count_;  // the older copy's; the new copy holds one
  }
  copy_ = copy.get();
  write_protect_pages();
  return copy;
}

void Object::end_paging() {
  if (--paging_ != 0) return;
  Collapse::try_merge(*this);
  if (ref_count_ == 1 && !shadowers_.empty()) Collapse::try_merge(*shadowers_.front());
}

void Object::set_pager(base::Ref<Pager> pager) {
  pager->set_object(this);
  pager_ = std::move(pager);
}

base::Ref<Pager> Object::take_pager() { return std::move(pager_); }

}  // namespace vm
