// EntryTree: the entries of a map, by address: a height-balanced tree that also knows the largest
// free gap below each node, threaded by a list.
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
  void insert(Entry* e);
  void remove(Entry* e);
  // To be called after e->start or e->end was changed in place.
  void resized(Entry* e);

  // The lowest address >= from where `size` bytes are free below `limit` and
  // (address & mask) == 0. False: none.
  bool find_space(Address from, Address limit, Size size, Address mask, Address& result);

 private:
  void set_gap(Entry* e);
  void rebalance(Entry* e, const Entry* until);
  Entry* restore_balance(Entry* e, int balance);
  Entry* unlink(Entry* e, Entry* after);
  Entry* rotate_left(Entry* e);
  Entry* rotate_right(Entry* e);
  void replace_child(Entry* parent, Entry* old_child, Entry* new_child);

  Entry* root_ = nullptr;
  Entry* hint_ = nullptr;
  EntryList list_;
  uint32_t count_ = 0;
};

}  // namespace vm
