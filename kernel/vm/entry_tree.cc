#include "kernel/vm/entry_tree.h"

#include <algorithm>

namespace vm {
namespace {

int height_of(const Entry* e) { return e ? e->height : 0; }
int balance_of(const Entry* e) { return height_of(e->left) - height_of(e->right); }
Size bound_of(const Entry* e) { return e ? e->max_gap : 0; }

void update_height(Entry* e) {
  e->height = static_cast<uint8_t>(1 + std::max(height_of(e->left), height_of(e->right)));
}
void update_bound(Entry* e) {
  e->max_gap = std::max({e->gap, bound_of(e->left), bound_of(e->right)});
}

// After e->gap has grown.
inline void raise_bounds(Entry* e) {
  for (const Size gap = e->gap; e && e->max_gap < gap; e = e->parent) e->max_gap = gap;
}

// The leftmost node above `from` with a gap of `size` before it. Bounds that promised too much are
// lowered on the way.
Entry* first_gap_in(Entry* e, Address from, Size size) {
  if (!e || e->max_gap < size) return nullptr;
  if (e->start > from) {
    if (Entry* found = first_gap_in(e->left, from, size)) return found;
    if (e->gap >= size) return e;
  }
  if (Entry* found = first_gap_in(e->right, from, size)) return found;
  update_bound(e);
  return nullptr;
}

// The lowest address >= `at` without any bit of `mask`. False: there is none.
bool clear_of_mask(Address& at, Address mask) {
  while (const Address wrong = at & mask) {
    // The highest wrong bit goes away only when a bit above it changes.
    const Address step = 1u << (31 - __builtin_clz(wrong));
    if (__builtin_add_overflow(at & ~(step - 1), step, &at)) return false;
  }
  return true;
}

}  // namespace

Entry* EntryTree::find(Address a) {
  if (hint_ && a >= hint_->start && a < hint_->end) return hint_;
  for (Entry* e = root_; e;) {
    if (a < e->start) {
      e = e->left;
    } else if (a >= e->end) {
      e = e->right;
    } else {
      return hint_ = e;
    }
  }
  return nullptr;
}

Entry* EntryTree::find_at_or_above(Address a) {
  if (hint_ && a >= hint_->start && a < hint_->end) return hint_;
  Entry* above = nullptr;
  for (Entry* e = root_; e;) {
    if (a >= e->end) {
      e = e->right;
    } else {
      above = e;
      if (a >= e->start) return hint_ = e;
      e = e->left;
    }
  }
  return above;
}

void EntryTree::replace_child(Entry* parent, Entry* old_child, Entry* new_child) {
  if (!parent) {
    root_ = new_child;
  } else if (parent->left == old_child) {
    parent->left = new_child;
  } else {
    parent->right = new_child;
  }
  if (new_child) new_child->parent = parent;
}

Entry* EntryTree::rotate_left(Entry* e) {
  Entry* up = e->right;
  replace_child(e->parent, e, up);
  e->right = up->left;
  if (e->right) e->right->parent = e;
  up->left = e;
  e->parent = up;
  update_height(e);
  update_height(up);
  up->max_gap = e->max_gap;
  update_bound(e);
  return up;
}

Entry* EntryTree::rotate_right(Entry* e) {
  Entry* up = e->left;
  replace_child(e->parent, e, up);
  e->left = up->right;
  if (e->left) e->left->parent = e;
  up->right = e;
  e->parent = up;
  update_height(e);
  update_height(up);
  up->max_gap = e->max_gap;
  update_bound(e);
  return up;
}

// Restores heights and balance from `e` up.
void EntryTree::rebalance(Entry* e) {
  for (; e; e = e->parent) {
    const int left = height_of(e->left);
    const int right = height_of(e->right);
    if (left > right + 1 || right > left + 1) [[unlikely]] {
      e = restore_balance(e, left - right);
      continue;
    }
    const auto height = static_cast<uint8_t>(1 + std::max(left, right));
    if (height == e->height) return;
    e->height = height;
  }
}

// Rotates the subtree of a node that is too high on one side; its new root.
Entry* EntryTree::restore_balance(Entry* e, int balance) {
  if (balance > 0) {
    if (balance_of(e->left) < 0) rotate_left(e->left);
    return rotate_right(e);
  }
  if (balance_of(e->right) > 0) rotate_right(e->right);
  return rotate_left(e);
}

void EntryTree::set_gap(Entry* e) {
  const Entry* before = list_.prev(e);
  e->gap = e->start - (before ? before->end : 0);
}

// The gap before `e` has changed.
void EntryTree::note_gap(Entry* e) {
  const Address start = std::max(e->start - e->gap, kAnywhereStart);
  if (e == lowest_gap_) {
    full_below_ = start;
    if (e->start <= start) lowest_gap_ = nullptr;
  } else if (e->start > start && start <= full_below_) {
    full_below_ = start;
    lowest_gap_ = e;
  }
}

// The space after the last entry has changed.
void EntryTree::note_end() {
  const Entry* const last = list_.back();
  const Address end = std::max(last ? last->end : 0, kAnywhereStart);
  if (end >= full_below_) return;
  full_below_ = end;
  lowest_gap_ = nullptr;
}

// The free space before `e` has changed; null: that after the last entry.
void EntryTree::gap_changed(Entry* e) {
  if (!e) return note_end();
  set_gap(e);
  note_gap(e);
  raise_bounds(e);
}

// Makes `e` a leaf between two neighbours in address order; its parent.
Entry* EntryTree::attach(Entry* e, Entry* after, Entry* before) {
  e->left = e->right = nullptr;
  e->height = 1;
  // Of two neighbours one is below the other, and the lower one has no child on that side.
  Entry* const parent = after && !after->left ? after : before;
  e->parent = parent;
  if (!parent) {
    root_ = e;
  } else if (parent == after) {
    parent->left = e;
  } else {
    parent->right = e;
  }
  return parent;
}

void EntryTree::insert_before(Entry* e, Entry* after) {
  Entry* const before = below(after);
  if (after) {
    list_.insert_before(after, e);
    after->gap = after->start - e->end;
  } else {
    list_.push_back(e);
  }
  e->gap = e->start - (before ? before->end : 0);
  e->max_gap = 0;
  hint_ = e;
  ++count_;
  Entry* const parent = attach(e, after, before);
  if (after) note_gap(after);
  note_gap(e);
  raise_bounds(e);
  rebalance(parent);
}

// Takes `e` out of the tree (not the list). Returns the lowest node whose subtree's height may have
// changed.
Entry* EntryTree::unlink(Entry* e, Entry* after) {
  if (!e->left || !e->right) {
    replace_child(e->parent, e, e->left ? e->left : e->right);
    return e->parent;
  }
  // Two children: the next entry, which has no left child, takes the place of `e`.
  Entry* const from = after->parent == e ? after : after->parent;
  if (after->parent != e) {
    replace_child(after->parent, after, after->right);
    after->right = e->right;
    after->right->parent = after;
  }
  after->left = e->left;
  after->left->parent = after;
  replace_child(e->parent, e, after);
  after->height = e->height;
  after->max_gap = e->max_gap;
  return from;
}

void EntryTree::remove(Entry* e) {
  Entry* const after = list_.next(e);
  if (hint_ == e) hint_ = nullptr;
  if (lowest_gap_ == e) lowest_gap_ = nullptr;
  Entry* const from = unlink(e, after);
  list_.remove(e);
  --count_;
  gap_changed(after);
  rebalance(from);
}

void EntryTree::resized(Entry* e) {
  gap_changed(list_.next(e));
  gap_changed(e);
}

// The lowest free space is known and large enough.
inline bool EntryTree::lowest_gap_fits(Address from, Size size, Address mask) const {
  return lowest_gap_ && from <= full_below_ && lowest_gap_->start - full_below_ >= size &&
         (full_below_ & mask) == 0;
}

bool EntryTree::find_space(Address from, Address limit, Size size, Address mask, Address& result,
                           Entry*& after) {
  if (from >= kAnywhereStart) {
    if (lowest_gap_fits(from, size, mask)) {
      after = lowest_gap_;
      result = full_below_;
      return true;
    }
    from = std::max(from, full_below_);
  }
  for (;;) {
    after = first_gap_in(root_, from, size);
    const Entry* const last = list_.back();
    Address at = from;
    if (after) {
      at = std::max(at, after->start - after->gap);
    } else if (last) {
      at = std::max(at, last->end);
    }
    if (!clear_of_mask(at, mask)) return false;
    const Address end = after ? after->start : limit;
    if (at <= end && size <= end - at) {
      result = at;
      return true;
    }
    if (!after) return false;
    from = after->start;
  }
}

}  // namespace vm
