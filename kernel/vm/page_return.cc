#include "kernel/vm/page_return.h"

#include <new>

#include "kernel/arch/pmap.h"
#include "kernel/vm/default_manager.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_queue.h"
#include "kernel/vm/pager.h"
#include "kernel/vm/statistics.h"

namespace vm {

bool is_page_modified(const Page& page) { return page.dirty || arch::is_modified(page.phys); }

PageReturn::Quality PageReturn::quality_of(const Page& page) const {
  const bool first =
      pager_.internal && !pager_.forgotten &&
      !pager_.paged_out.contains(page.offset - pager_.base());
  return {is_page_modified(page), first ? ReturnKind::kFirst : ReturnKind::kAgain};
}

bool PageReturn::begin(Page& page, Quality quality) {
  flush();
  auto transit = Object::create(0, trunc_page(UINT32_MAX));
  if (!transit.ok()) return false;
  base::Ref<Object> object = transit.take();
  MapCopyPtr copy = MapCopy::list_of(object, page.offset);
  if (!copy) return false;
  message_.emplace(pager_, quality.kind);
  if (!*message_) {
    MapCopy::destroy_locked(std::move(copy));
    message_.reset();
    return false;
  }
  transit_ = std::move(object);
  copy_ = std::move(copy);
  start_ = end_ = page.offset;
  quality_ = quality;
  return true;
}

void PageReturn::take(Page& page) {
  page.dirty = true;  // as memory of the manager it has no other backing
  // It is on its way out already. A manager may keep it for ever; the default manager must not wait for itself.
  if (is_default_manager(pager_)) {
    launder_page(page);
  } else {
    park_returned_page(page);
  }
  page.precious = false;
  page.lock = page.unlock_asked = 0;
  arch::clear_modified(page.phys);
  transit_->adopt(page);
}

bool PageReturn::take_copy(Page& page) {
  Page* copy = allocate_page(Reserve::kKernel);
  if (!copy) return false;
  arch::copy_page(page.phys, copy->phys);
  copy->dirty = true;
  transit_->insert(*copy, page.offset);
  page.dirty = false;
  arch::clear_modified(page.phys);
  return true;
}

bool PageReturn::add(Page& page) {
  if (kernel_copy_ == KernelCopy::kGone) arch::page_protect(page.phys, VM_PROT_NONE);
  const Quality quality = quality_of(page);
  const bool extends = transit_ && page.offset == end_ && quality == quality_ &&
                       end_ - start_ < max_run() * kPageSize;
  if (!extends && !begin(page, quality)) return false;
  const Offset at = page.offset - pager_.base();
  if (pager_.internal) {
    if (!pager_.paged_out.add(at).ok()) return false;
  } else {
    if (quality.dirty && page.object()->paging()) {
      pager_.returned_everywhere |= !pager_.returned.add(at).ok();
    }
    pager_.unavailable.remove(at);
  }
  if (kernel_copy_ == KernelCopy::kGone) {
    take(page);
  } else if (!take_copy(page)) {
    return false;
  }
  end_ += kPageSize;
  ++counters.pageouts;
  return true;
}

void PageReturn::flush() {
  if (!transit_) return;
  transit_->set_window(start_, end_);
  transit_ = nullptr;  // the copy holds a reference
  if (start_ != end_) {
    copy_->set_list_size(end_ - start_);
    message_->post(pager_, start_, std::move(copy_), quality_.dirty, kernel_copy_);
  } else {
    MapCopy::destroy_locked(std::move(copy_));
  }
  message_.reset();
}

void return_modified_pages(Object& object, Pager& pager) {
  PageReturn pages(pager, KernelCopy::kGone);
  auto& list = object.pages().pages;
  for (Page* page = list.front(); page;) {
    Page* next = list.next(page);
    if (!page->busy && !page->error && page->wire_count == 0 &&
        (is_page_modified(*page) || page->precious)) {
      if (!pages.add(*page)) return;
    }
    page = next;
  }
}

}  // namespace vm
