#include "kernel/vm/entry_tree.h"

#include <algorithm>

namespace vm {
namespace {

int height_of(const Entry* e) { return e ? e->height : 0; }
int balance_of(const Entry* e) { return height_of(e->left) - height_of(e->right); }

// Recomputes what a node knows of its subtree. False: nothing changed.
bool update_node(Entry* e) {
  const auto height =
      static_cast<uint8_t>(1 + std::max(height_of(e->left), height_of(e->right)));
  Size max_gap = e->gap;
  if (e->left) max_gap = std::max(max_gap, e->left->max_gap);
  if (e->right) max_gap = std::max(max_gap, e->right->max_gap);
  if (height == e->height && max_gap == e->max_gap) return false;
  e->height = height;
  e->max_gap = max_gap;
  return true;
}

// The leftmost node above `from` with a gap of `size` before it.
Entry* first_gap_in(Entry* e, Address from, Size size) {
  while (e && e->max_gap >= size) {
    if (e->start <= from) {
      e = e->right;
      continue;
    }
    if (e->left && e->left->max_gap >= size) {
      if (Entry* found = first_gap_in(e->left, from, size)) return found;
    }
    if (e->gap >= size) return e;
    e = e->right;
  }
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
  update_node(e);
  update_node(up);
  return up;
}

Entry* EntryTree::rotate_right(Entry* e) {
  Entry* up = e->left;
  replace_child(e->parent, e, up);
  e->left = up->right;
  if (e->left) e->left->parent = e;
  up->right = e;
  e->parent = up;
  update_node(e);
  update_node(up);
  return up;
}

// Restores balance and subtree knowledge from `e` up, at least as far as its ancestor `until`
// (null: none) and beyond as long as anything changes.
void EntryTree::rebalance(Entry* e, const Entry* until) {
  for (; e; e = e->parent) {
    if (e == until) until = nullptr;
    const int balance = balance_of(e);
    if (balance > 1 || balance < -1) {
      e = restore_balance(e, balance);
    } else if (!update_node(e) && !until) {
      return;
    }
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

void EntryTree::insert(Entry* e) {
  Entry* parent = nullptr;
  Entry* above = nullptr;
  for (Entry* at = root_; at;) {
    parent = at;
    if (e->start < at->start) {
      above = at;
      at = at->left;
    } else {
      at = at->right;
    }
  }
  e->left = e->right = nullptr;
  e->parent = parent;
  e->height = 1;
  if (above) {
    list_.insert_before(above, e);
  } else {
    list_.push_back(e);
  }
  set_gap(e);
  e->max_gap = e->gap;
  if (!parent) {
    root_ = e;
  } else if (e->start < parent->start) {
    parent->left = e;
  } else {
    parent->right = e;
  }
  // The entry above a leaf is one of its ancestors.
  if (above) above->gap = above->start - e->end;
  rebalance(parent, above);
  hint_ = e;
  ++count_;
}

// Takes `e` out of the tree (not the list). Returns the lowest node whose subtree changed.
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
  Entry* const from = unlink(e, after);
  list_.remove(e);
  --count_;
  if (!after) return rebalance(from, nullptr);
  set_gap(after);
  if (after->parent == from && from && e->right == after && !e->left) {
    // It was the only child, and has moved up beside the path.
    update_node(after);
    return rebalance(from, nullptr);
  }
  if (!from) update_node(after);
  rebalance(from, after);
}

void EntryTree::resized(Entry* e) {
  set_gap(e);
  rebalance(e, nullptr);
  if (Entry* after = list_.next(e)) {
    set_gap(after);
    rebalance(after, nullptr);
  }
}

bool EntryTree::find_space(Address from, Address limit, Size size, Address mask,
                           Address& result) {
  for (;;) {
    const Entry* const after = first_gap_in(root_, from, size);
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
