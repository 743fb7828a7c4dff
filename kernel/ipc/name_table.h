// NameTable: finds the entry of a name, and picks names.
#pragma once

#include <cstdint>

#include "kernel/ipc/entry.h"
#include "kernel/ipc/entry_hash.h"
#include "libs/base/result.h"

namespace ipc {

// A name chosen by the kernel is index << 8 | generation; its entry is the table's slot `index`,
// and the generation changes each time the slot is reused, so that stale names are noticed.
// A name chosen by a task gets its slot too when that is free, and then costs the same. Else its
// entry lives outside the table, found by hash.
class NameTable {
 public:
  NameTable() = default;
  // All entries must be free.
  ~NameTable();
  NameTable(const NameTable&) = delete;
  NameTable& operator=(const NameTable&) = delete;

  // The entry of a name in use, or null.
  [[nodiscard, gnu::always_inline]] Entry* find(mach_port_t name) {
    const uint32_t chunk = name >> (kGenerationBits + kChunkShift);
    if (chunk < chunk_count_) [[likely]] {
      Entry& e = chunks_[chunk][(name >> kGenerationBits) & (kChunkEntries - 1)];
      if (e.name == name) [[likely]] return &e;
    }
    return find_outside(name);
  }

  // An entry with a new name. KERN_NO_SPACE, KERN_RESOURCE_SHORTAGE.
  [[nodiscard]] base::Result<Entry*> allocate() {
    if (Entry* e = try_allocate()) return e;
    return allocate_slow();
  }
  // The same if that is easy, else null.
  [[nodiscard, gnu::always_inline]] Entry* try_allocate() {
    Entry* e = free_;
    if (e == nullptr || e->name != 0 || e->shadowed) [[unlikely]] return nullptr;
    free_ = e->next;
    take_slot(*e);
    return e;
  }
  // An entry with a chosen name. KERN_NAME_EXISTS, KERN_RESOURCE_SHORTAGE.
  [[nodiscard]] base::Result<Entry*> allocate_at(mach_port_t name);

  // Gives a name up. The entry must denote nothing any more.
  [[gnu::always_inline]] void release(Entry& e) {
    if (!e.in_table) [[unlikely]] return release_outside(e);
    const mach_port_t next = e.name + 1;
    e.next_name = (next & kGenerationMask) != 0 ? next : next - (kGenerationMask + 1);
    e.name = MACH_PORT_NULL;
    --used_;
    if (e.still_listed) [[unlikely]] {
      e.still_listed = false;
      return;
    }
    e.next = free_;
    free_ = &e;
  }

  // Names in use.
  [[nodiscard]] uint32_t used() const { return used_; }
  [[nodiscard]] uint32_t table_size() const { return chunk_count_ << kChunkShift; }

  // Calls visit(Entry&) for each name in use; `visit` may release the entry it is given.
  template <typename F>
  void for_each(F visit) {
    for (uint32_t i = 1; i < table_size(); ++i) {
      if (Entry& e = slot(i); e.name != MACH_PORT_NULL) visit(e);
    }
    outside_.for_each(visit);
  }

 private:
  static constexpr uint32_t kGenerationBits = 8;
  static constexpr uint32_t kGenerationMask = (1u << kGenerationBits) - 1;
  static constexpr uint32_t kChunkShift = 7;
  static constexpr uint32_t kChunkEntries = 1u << kChunkShift;
  // 2^18 names of kernel choice for a task.
  static constexpr uint32_t kMaxChunks = 1u << 11;

  Entry& slot(uint32_t index) {
    return chunks_[index >> kChunkShift][index & (kChunkEntries - 1)];
  }
  void take_slot(Entry& e) {
    e.name = e.next_name;
    ++used_;
  }
  [[gnu::noinline]] Entry* find_outside(mach_port_t name);
  base::Result<Entry*> allocate_slow();
  Entry* pop_free();
  bool choose_generation(Entry& e);
  base::Status grow();
  base::Status grow_directory();
  void release_outside(Entry& e);
  Entry* new_outside();
  void shadow(Entry& e);

  Entry** chunks_ = nullptr;
  uint32_t chunk_count_ = 0;  // slot 0 of the first is never used
  uint32_t chunk_capacity_ = 0;
  uint32_t used_ = 0;
  Entry* free_ = nullptr;
  struct NameKey {
    using Type = mach_port_t;
    static Type of(const Entry& e) { return e.name; }
    static uint32_t hash(Type name) { return name * 2654435761u; }
  };
  EntryHash<NameKey, &Entry::next> outside_;
  // Entries that were outside the table: slots last as long as the table.
  Entry* outside_free_ = nullptr;
};

}  // namespace ipc
