// Finding resident pages by (set, offset): one hash table for all objects.
#pragma once

#include "kernel/vm/page.h"

namespace vm {

// The resident pages of one object. A thing of its own so that two objects can exchange theirs.
struct PageSet {
  Object* owner = nullptr;
  base::List<Page, &Page::object_link> pages;
  uint32_t count = 0;
};

inline Object* Page::object() const { return set ? set->owner : nullptr; }

struct PageTable {
  static Page** buckets;
  static uint32_t mask;

  static Page** bucket(const PageSet* set, Offset offset) {
    const auto key = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(set));
    return &buckets[((key >> 4) * 0x9E3779B1u + (offset >> kPageShift)) & mask];
  }
  static Page* find(const PageSet* set, Offset offset) {
    for (Page* p = *bucket(set, offset); p; p = p->hash_next) {
      if (p->set == set && p->offset == offset) return p;
    }
    return nullptr;
  }
  // The page's set and offset must be filled in.
  static void add(Page& page);
  static void remove(Page& page);

  // Allocates the buckets: about one a page of memory.
  static void init();
};

}  // namespace vm
