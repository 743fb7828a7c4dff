// What the interpreted processor sees of the current address space: its translation cache.
#pragma once

#include <array>
#include <cstdint>

namespace user_mode {

class UserMemory {
 public:
  // Forgets what is no longer so. Nothing else may have run since when memory is accessed.
  void synchronize();

  // The bytes [va, va + sizeof(T)). False: there is no mapping that allows it, from fault_address()
  // on; nothing was read or written.
  template <typename T>
  bool load(uint32_t va, T& value) {
    if (const char* p = reach(va, sizeof(T), Access::kRead)) {
      __builtin_memcpy_inline(&value, p, sizeof(T));
      return true;
    }
    return load_across(va, &value, sizeof(T));
  }
  template <typename T>
  bool store(uint32_t va, T value) {
    if (char* p = reach(va, sizeof(T), Access::kWrite)) {
      __builtin_memcpy_inline(p, &value, sizeof(T));
      return true;
    }
    return store_across(va, &value, sizeof(T));
  }
  // Whether a store will succeed.
  bool writable(uint32_t va, uint32_t size);

  [[nodiscard]] uint32_t fault_address() const { return fault_address_; }

 private:
  enum class Access : uint8_t { kRead, kWrite };
  static constexpr uint32_t kPage = 4096, kEntries = 256, kNoPage = UINT32_MAX;

  struct Entry {
    uint32_t page = kNoPage;
    char* memory = nullptr;
  };

  // Null: not known yet, not allowed, or the end of the page is in between.
  char* reach(uint32_t va, uint32_t size, Access access) {
    const uint32_t page = va / kPage, offset = va % kPage;
    const Entry& entry = cache_[static_cast<unsigned>(access)][page % kEntries];
    return entry.page == page && size <= kPage - offset ? entry.memory + offset : nullptr;
  }

  // One byte; asks the page tables. Null: no mapping that allows it.
  char* translate(uint32_t va, Access access);
  bool load_across(uint32_t va, void* to, uint32_t size);
  bool store_across(uint32_t va, const void* from, uint32_t size);

  std::array<std::array<Entry, kEntries>, 2> cache_;
  uint64_t generation_ = 0;
  uint32_t fault_address_ = 0;
};

}  // namespace user_mode
