// EntryHash: an intrusive chained hash of entries that grows when it can.
#pragma once

#include <cstdint>

#include "kernel/ipc/entry.h"
#include "kernel/kern/assert.h"
#include "libs/base/result.h"

namespace ipc {

// Key: Type, of(entry), hash(key) with well mixed high bits. kNext: the chain member of Entry.
template <typename Key, Entry* Entry::* kNext>
class EntryHash {
 public:
  EntryHash() = default;
  EntryHash(const EntryHash&) = delete;
  EntryHash& operator=(const EntryHash&) = delete;
  ~EntryHash() { delete[] heap_buckets_; }

  [[nodiscard]] uint32_t count() const { return count_; }

  [[nodiscard]] Entry* find(typename Key::Type key) {
    Entry* e = bucket(key);
    while (e != nullptr && Key::of(*e) != key) e = e->*kNext;
    return e;
  }

  // Never fails: without memory for more buckets the chains get longer.
  void insert(Entry& e) {
    if (count_ >= 2 * (1u << bits_)) grow();
    Entry*& head = bucket(Key::of(e));
    e.*kNext = head;
    head = &e;
    ++count_;
  }

  void remove(Entry& e) {
    Entry** at = &bucket(Key::of(e));
    while (*at != &e) {
      KASSERT(*at != nullptr);
      at = &((*at)->*kNext);
    }
    *at = e.*kNext;
    e.*kNext = nullptr;
    --count_;
  }

  template <typename F>
  void for_each(F visit) {
    for (uint32_t i = 0; i < 1u << bits_; ++i) {
      for (Entry* e = buckets()[i]; e != nullptr;) {
        Entry* next = e->*kNext;
        visit(*e);
        e = next;
      }
    }
  }

 private:
  static constexpr uint32_t kFirstBits = 3;
  static constexpr uint32_t kMaxBits = 14;

  Entry** buckets() { return heap_buckets_ != nullptr ? heap_buckets_ : first_buckets_; }
  Entry*& bucket(typename Key::Type key) { return buckets()[Key::hash(key) >> (32 - bits_)]; }

  void grow() {
    if (bits_ == kMaxBits) return;
    const uint32_t new_bits = bits_ + 2;
    Entry** fresh = new (std::nothrow) Entry*[1u << new_bits]();
    if (fresh == nullptr) return;
    for_each([&](Entry& e) {
      Entry*& head = fresh[Key::hash(Key::of(e)) >> (32 - new_bits)];
      e.*kNext = head;
      head = &e;
    });
    delete[] heap_buckets_;
    heap_buckets_ = fresh;
    bits_ = new_bits;
  }

  Entry* first_buckets_[1u << kFirstBits] = {};
  Entry** heap_buckets_ = nullptr;
  uint32_t bits_ = kFirstBits;
  uint32_t count_ = 0;
};

}  // namespace ipc
