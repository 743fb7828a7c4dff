// EntryTree: the entries of a map, by address: a height-balanced tree threaded by a list. Each node also
// has an upper bound of the free gaps in its subtree: raised at once when a gap grows, lowered when a
// search finds less than the bound promises.
#pragma once

#include "kernel/vm/entry.h"

namespace vm {

class EntryTree {
 public:
  [[nodiscard]] Entry* first() { return list_.front(); }
  [[nodiscard]] Entry* last() { return list_.back(); }
  [[nodiscard]] Entry* next(Entry* e) { return list_.next(e); }
  [[nodiscard]] Entry* prev(Entry* e) { return list_.prev(e); }
  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] uint32_t count() const { return count_; }

  // The entry that contains `a`, or null.
  [[nodiscard]] Entry* find(Address a);
  // The entry that contains `a`, or else the first one above it, or null.
  [[nodiscard]] Entry* find_at_or_above(Address a);

  // Adds an entry that overlaps no other.
  void insert(Entry* e) { insert_before(e, find_at_or_above(e->start)); }
  // The same when the first entry above is known (null: none).
  void insert_before(Entry* e, Entry* after);
  // The entry below the place before `after` (null: below the end), or null.
  [[nodiscard]] Entry* below(Entry* after) { return after ? prev(after) : last(); }
  void remove(Entry* e);
  // To be called after e->start or e->end was changed in place.
  void resized(Entry* e);

  // The lowest address >= from where `size` bytes are free below `limit` and (address & mask) == 0,
  // and the first entry above that. False: none.
  bool find_space(Address from, Address limit, Size size, Address mask, Address& result,
                  Entry*& after);

 private:
  void set_gap(Entry* e);
  void note_gap(Entry* e);
  void note_end();
  void gap_changed(Entry* e);
  [[nodiscard]] bool lowest_gap_fits(Address from, Size size, Address mask) const;
  Entry* attach(Entry* e, Entry* after, Entry* before);
  void rebalance(Entry* e);
  Entry* restore_balance(Entry* e, int balance);
  Entry* unlink(Entry* e, Entry* after);
  Entry* rotate_left(Entry* e);
  Entry* rotate_right(Entry* e);
  void replace_child(Entry* parent, Entry* old_child, Entry* new_child);

  Entry* root_ = nullptr;
  Entry* hint_ = nullptr;
  // Nothing is free from kAnywhereStart to this address; if the entry is known, it is the one that
  // ends the free space which begins there.
  Address full_below_ = kAnywhereStart;
  Entry* lowest_gap_ = nullptr;
  EntryList list_;
  uint32_t count_ = 0;
};

}  // namespace vm
