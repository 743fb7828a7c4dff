// Entry: one range of an address space (or of a MapCopy) and what backs it.
#pragma once

#include <cstdint>

#include "kernel/vm/object.h"
#include "kernel/vm/types.h"
#include "libs/base/list.h"

namespace vm {

struct Entry {
  Address start = 0;
  Address end = 0;
  Object* object = nullptr;  // holds a reference; null: untouched zero-filled memory
  Offset offset = 0;         // of `start` in the object
  uint16_t wired_count = 0;
  uint8_t protection = VM_PROT_DEFAULT;
  uint8_t max_protection = VM_PROT_ALL;
  uint8_t inheritance = VM_INHERIT_COPY;
  bool needs_copy = false;      // write through a shadow object, to be made at the first write
  bool in_transition = false;   // pages are being wired or unwired; wait for it

  // Entry tree (entry_tree.h).
  uint8_t height = 1;
  Entry* left = nullptr;
  Entry* right = nullptr;
  Entry* parent = nullptr;
  Size gap = 0;      // free bytes before the entry
  Size max_gap = 0;  // no gap in the subtree is larger, and no bound below
  base::ListLink link;

  [[nodiscard]] Size size() const { return end - start; }
  [[nodiscard]] Offset offset_of(Address a) const { return offset + (a - start); }
  [[nodiscard]] Offset end_offset() const { return offset + (end - start); }
  // Whether the two could be one entry.
  [[nodiscard]] bool is_continued_by(const Entry& next) const {
    return end == next.start && object == next.object && (!object || end_offset() == next.offset) &&
           wired_count == next.wired_count && !in_transition && !next.in_transition &&
           protection == next.protection && max_protection == next.max_protection &&
           inheritance == next.inheritance && needs_copy == next.needs_copy;
  }
};

using EntryList = base::List<Entry, &Entry::link>;

// A copy of the description of `from` (reference to the object included), linked nowhere; null
// when memory is short.
Entry* clone_entry(const Entry& from);
// Drops the reference to the object and frees the entry, which must be linked nowhere.
void destroy_entry(Entry* entry) REQUIRES(graph_lock);

}  // namespace vm
