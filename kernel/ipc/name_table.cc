#include "kernel/ipc/name_table.h"

#include <mach/kern_return.h>

#include <cstring>
#include <new>

#include "kernel/kern/assert.h"

namespace ipc {

NameTable::~NameTable() {
  KASSERT(used_ == 0);
  for (uint32_t i = 0; i < chunk_count_; ++i) delete[] chunks_[i];
  while (Entry* e = outside_free_) {
    outside_free_ = e->next;
    delete e;
  }
  delete[] chunks_;
}

Entry* NameTable::find_outside(mach_port_t name) {
  return outside_.count() == 0 ? nullptr : outside_.find(name);
}

// The next slot of the free list that is still free: chosen names take slots out of order.
Entry* NameTable::pop_free() {
  while (Entry* e = free_) {
    free_ = e->next;
    if (e->name == MACH_PORT_NULL) return e;
    e->still_listed = false;
  }
  return nullptr;
}

// Chosen names outside the table may look like one of the slot's names; skip those.
bool NameTable::choose_generation(Entry& e) {
  if (!e.shadowed) return true;
  for (uint32_t i = 0; i <= kGenerationMask; ++i) {
    if (outside_.find(e.next_name) == nullptr) return true;
    e.next_name = (e.next_name & ~kGenerationMask) | ((e.next_name + 1) & kGenerationMask);
  }
  return false;
}

base::Result<Entry*> NameTable::allocate_slow() {
  for (;;) {
    Entry* e = pop_free();
    if (e == nullptr) {
      TRY(grow());
      continue;
    }
    // A slot all of whose names are taken stays unused.
    if (!choose_generation(*e)) continue;
    take_slot(*e);
    return e;
  }
}

base::Status NameTable::grow_directory() {
  const uint32_t capacity = chunk_capacity_ == 0 ? 4 : chunk_capacity_ * 4;
  auto** fresh = new (std::nothrow) Entry*[capacity]();
  if (fresh == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);
  if (chunks_ != nullptr) memcpy(fresh, chunks_, chunk_capacity_ * sizeof(Entry*));
  delete[] chunks_;
  chunks_ = fresh;
  chunk_capacity_ = capacity;
  return {};
}

base::Status NameTable::grow() {
  const uint32_t chunk = chunk_count_;
  if (chunk == kMaxChunks) return base::Error(KERN_NO_SPACE);
  if (chunk == chunk_capacity_) TRY(grow_directory());
  auto* entries = new (std::nothrow) Entry[kChunkEntries];
  if (entries == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);
  chunks_[chunk] = entries;
  // Low indices first; slot 0 would make the null name and is never used.
  for (uint32_t i = kChunkEntries; i-- > 0;) {
    Entry& e = entries[i];
    e.next_name = (table_size() + i) << kGenerationBits;
    e.in_table = true;
    if (table_size() + i == 0) continue;
    e.next = free_;
    free_ = &e;
  }
  if (chunk_count_ == 0) entries[0].name = MACH_PORT_DEAD;
  ++chunk_count_;
  outside_.for_each([this](Entry& e) { shadow(e); });
  return {};
}

// The entry outside the table has a name that its slot, if there is one, must not give.
void NameTable::shadow(Entry& e) {
  const uint32_t index = e.name >> kGenerationBits;
  if (index < table_size()) slot(index).shadowed = true;
}

Entry* NameTable::new_outside() {
  Entry* e = outside_free_;
  if (e == nullptr) return new (std::nothrow) Entry;
  outside_free_ = e->next;
  e->next = nullptr;
  return e;
}

base::Result<Entry*> NameTable::allocate_at(mach_port_t name) {
  if (find(name) != nullptr) return base::Error(KERN_NAME_EXISTS);
  if (chunk_count_ == 0) TRY(grow());
  const uint32_t index = name >> kGenerationBits;
  if (index != 0 && index < table_size() && slot(index).name == MACH_PORT_NULL) {
    Entry& e = slot(index);
    e.name = name;
    e.still_listed = true;  // pop_free() steps over it
    ++used_;
    return &e;
  }
  Entry* e = new_outside();
  if (e == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);
  e->name = name;
  outside_.insert(*e);
  shadow(*e);
  ++used_;
  return e;
}

void NameTable::release_outside(Entry& e) {
  outside_.remove(e);
  --used_;
  e.name = MACH_PORT_NULL;
  e.next = outside_free_;
  outside_free_ = &e;
}

}  // namespace ipc
