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

// The leftmost node at or above `from` with a gap of `size` before it.
Entry* first_gap_in(Entry* e, Address from, Size size) {
  if (!e || e->max_gap < size) return nullptr;
  if (e->start >= from) {
    if (Entry* found = first_gap_in(e->left, from, size)) return found;
    if (e->gap >= size) return e;
  }
  return first_gap_in(e->right, from, size);
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

// Restores balance and subtree knowledge from `e` up.
void EntryTree::rebalance(Entry* e) {
  while (e) {
    const bool changed = update_node(e);
    const int balance = balance_of(e);
    if (balance > 1) {
      if (balance_of(e->left) < 0) rotate_left(e->left);
      e = rotate_right(e);
    } else if (balance < -1) {
      if (balance_of(e->right) > 0) rotate_right(e->right);
      e = rotate_left(e);
    } else if (!changed) {
      return;
    }
    e = e->parent;
  }
}

void EntryTree::update_gap(Entry* e) {
  if (!e) return;
  const Entry* before = list_.prev(e);
  e->gap = e->start - (before ? before->end : 0);
  rebalance(e);
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
  const Entry* before = list_.prev(e);
  e->gap = e->max_gap = e->start - (before ? before->end : 0);
  if (!parent) {
    root_ = e;
  } else if (e->start < parent->start) {
    parent->left = e;
  } else {
    parent->right = e;
  }
  if (above) above->gap = above->start - e->end;
  rebalance(parent);
  if (above) rebalance(above);
  hint_ = e;
  ++count_;
}

void EntryTree::remove(Entry* e) {
  Entry* const after = list_.next(e);
  if (hint_ == e) hint_ = nullptr;
  Entry* from;  // the lowest node whose subtree changed
  if (!e->left || !e->right) {
    from = e->parent;
    replace_child(e->parent, e, e->left ? e->left : e->right);
  } else {
    // Two children: the next entry, which has no left child, takes the place of `e`.
    from = after->parent == e ? after : after->parent;
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
  }
  list_.remove(e);
  --count_;
  rebalance(from);
  update_gap(after);
}

void EntryTree::resized(Entry* e) {
  update_gap(e);
  update_gap(list_.next(e));
}

bool EntryTree::find_space(Address from, Address limit, Size size, Address mask,
                           Address& result) {
  Address at = from;
  Entry* after = find_at_or_above(at);
  if (after && after->start <= at) {
    at = after->end;
    after = first_gap_in(root_, at, size);
    if (after) at = after->start - after->gap;
    if (!after) at = std::max(at, list_.back()->end);
  }
  for (;;) {
    const Address aligned = (at + mask) & ~mask;
    const Address end = after ? after->start : limit;
    if (aligned >= at && aligned <= end && size <= end - aligned) {
      result = aligned;
      return true;
    }
    if (!after) return false;
    at = after->end;
    after = first_gap_in(root_, at, size);
    at = after ? after->start - after->gap : std::max(at, list_.back()->end);
  }
}

}  // namespace vm
