#include "kernel/vm/placeholder.h"

#include "kernel/arch/pmap.h"
#include "kernel/vm/page_queue.h"
#include "kernel/vm/pager.h"
#include "kernel/vm/pager_messages.h"
#include "kernel/vm/pager_registry.h"

namespace vm {

void fill_placeholder(Object& object, Page& page) {
  page.busy = page.absent = false;
  arch::clear_modified(page.phys);  // of an earlier life
  if (page.wire_count == 0) activate_page(page);
  object.end_paging();
}

void drop_placeholder(Object& object, Page& page) {
  Object::discard(page);
  object.end_paging();
}

void orphan_object(Object& object) {
  auto& pages = object.pages().pages;
  for (Page* page = pages.front(); page;) {
    Page* next = pages.next(page);
    page->lock = page->unlock_asked = 0;
    if (is_placeholder(*page)) drop_placeholder(object, *page);
    page = next;
  }
  const base::Ref<Pager> pager = object.take_pager();
  PagerCache::take_out(*pager);
  pager->registry_link.unlink();
  post_terminate(*pager);
  pager->set_object(nullptr);
  object.wake();
}

}  // namespace vm
