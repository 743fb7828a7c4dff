// List<T, &T::link>: an intrusive doubly linked list. The list never owns or allocates.
#pragma once

#include <cstddef>

namespace base {

// Embedded in an object once per list it can be on. Unlinked when next_ is null.
class ListLink {
 public:
  ListLink() = default;
  ListLink(const ListLink&) = delete;
  ListLink& operator=(const ListLink&) = delete;

  [[nodiscard]] bool linked() const { return next_ != nullptr; }

  // Takes the object off whatever list it is on; harmless when on none.
  void unlink() {
    if (linked()) unlink_linked();
  }
  // The same when it is known to be on one.
  void unlink_linked() {
    ListLink* const next = next_;
    ListLink* const prev = prev_;
    prev->next_ = next;
    next->prev_ = prev;
    next_ = nullptr;
  }

 private:
  template <typename T, ListLink T::*>
  friend class List;
  ListLink* next_ = nullptr;
  ListLink* prev_ = nullptr;
};

template <typename T, ListLink T::* kMember>
class List {
 public:
  List() { head_.next_ = head_.prev_ = &head_; }
  List(const List&) = delete;
  List& operator=(const List&) = delete;

  [[nodiscard]] bool empty() const { return head_.next_ == &head_; }
  [[nodiscard]] T* front() { return empty() ? nullptr : object(head_.next_); }
  [[nodiscard]] T* back() { return empty() ? nullptr : object(head_.prev_); }
  // The object after `t`, or null at the end.
  [[nodiscard]] T* next(T* t) {
    ListLink* n = (t->*kMember).next_;
    return n == &head_ ? nullptr : object(n);
  }
  [[nodiscard]] T* prev(T* t) {
    ListLink* p = (t->*kMember).prev_;
    return p == &head_ ? nullptr : object(p);
  }

  void push_back(T* t) { insert(&(t->*kMember), head_.prev_, &head_); }
  void push_front(T* t) { insert(&(t->*kMember), &head_, head_.next_); }
  void insert_before(T* position, T* t) {
    insert(&(t->*kMember), (position->*kMember).prev_, &(position->*kMember));
  }
  void remove(T* t) { (t->*kMember).unlink(); }
  T* pop_front() {
    T* t = front();
    if (t) remove(t);
    return t;
  }
  // Moves all of `other` to the end of this list.
  void splice_back(List& other) {
    while (T* t = other.pop_front()) push_back(t);
  }

  class Iterator {
   public:
    explicit Iterator(ListLink* at) : at_(at) {}
    T& operator*() const { return *object(at_); }
    Iterator& operator++() {
      at_ = at_->next_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    ListLink* at_;
  };
  // Iteration; the current object must stay on the list until the iterator has moved on.
  Iterator begin() { return Iterator(head_.next_); }
  Iterator end() { return Iterator(&head_); }

 private:
  static void insert(ListLink* link, ListLink* prev, ListLink* next) {
    link->prev_ = prev;
    link->next_ = next;
    prev->next_ = link;
    next->prev_ = link;
  }
  static T* object(ListLink* link) {
    // offsetof for a pointer to member.
    const auto offset = reinterpret_cast<size_t>(&(static_cast<T*>(nullptr)->*kMember));
    return reinterpret_cast<T*>(reinterpret_cast<char*>(link) - offset);
  }

  ListLink head_;
};

}  // namespace base
