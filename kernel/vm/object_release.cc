// How objects end.
#include "kernel/kern/assert.h"
#include "kernel/vm/collapse.h"
#include "kernel/vm/object.h"
#include "kernel/vm/pager.h"
#include "kernel/vm/pager_registry.h"

namespace vm {

void Object::release() {
  --ref_count_;
  if (ref_count_ == 0) {
    if (!retire()) destroy_chain(this);
  } else if (ref_count_ == 1 && !shadowers_.empty()) {
    Collapse::try_merge(*shadowers_.front());
  }
}

bool Object::retire() {
  if (!pager_ || internal_ || shadow_) return false;
  return PagerCache::keep(*this);
}

void Object::free_all_pages() {
  while (Page* page = pages_->pages.front()) discard(*page);
}

// A loop instead of recursion: chains may be longer than the kernel stack is deep.
void Object::destroy_chain(Object* object) {
  while (object) {
    KASSERT(object->shadowers_.empty());
    if (object->pager_) terminate_pager(*object);
    object->free_all_pages();
    Object* below = object->shadow_;
    if (below) {
      object->unlink_shadow();
      if (below->copy_ == object) below->copy_ = nullptr;
    }
    delete object;
    if (!below) return;
    if (--below->ref_count_ != 0) {
      if (below->ref_count_ == 1 && !below->shadowers_.empty()) {
        Collapse::try_merge(*below->shadowers_.front());
      }
      return;
    }
    object = below->retire() ? nullptr : below;
  }
}

}  // namespace vm
