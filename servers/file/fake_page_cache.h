// The kernel's part in paging, played in one process for tests.
#pragma once

#include <cstring>
#include <map>
#include <set>
#include <vector>

#include "libs/server/mutex.h"
#include "servers/file/file_pages.h"

namespace file {

class FakePageCache final : public PageCache {
 public:
  explicit FakePageCache(server::Mutex& lock) : lock_(lock) { slots().use(region_); }

  base::Result<std::unique_ptr<FilePages>> attach(PageStore& store) override {
    return std::unique_ptr<FilePages>(new Pages(*this, store));
  }

  base::Status map_slots(mach_port_t, uint32_t) override { return {}; }
  // What a client sees of the slots.
  const file_slot& seen(uint32_t slot) { return region_[slot]; }

  // Lets go of what was retired, as the kernel does some time later. With the tree lock held.
  void settle() {
    while (!retired_.empty()) {
      Pages* pages = *retired_.begin();
      retired_.erase(pages);
      pages->evict_all();
    }
  }
  // What a client that maps the file writes to its pages. With the lock held.
  void write_mapped(const PageStore& store, uint64_t offset, const std::vector<uint8_t>& data) {
    const server::Unlocked unlocked(lock_);
    for (Pages* pages : all_) {
      if (&pages->store() == &store) (void)pages->write(offset, data);
    }
  }
  // Writes back and forgets all pages of all files, as under memory pressure. With the lock held.
  void evict() {
    for (Pages* pages : all_) (void)pages->write_back();
    for (Pages* pages : all_) pages->forget();
  }

 private:
  class Pages final : public FilePages {
   public:
    Pages(FakePageCache& cache, PageStore& store) : cache_(cache), store_(store) {
      cache_.all_.insert(this);
    }
    ~Pages() override {
      cache_.all_.erase(this);
      cache_.retired_.erase(this);
    }

    base::Status read(uint64_t offset, std::span<uint8_t> data) override {
      server::LockGuard guard(cache_.lock_);
      for (size_t i = 0; i < data.size(); ++i) data[i] = TRY(byte(offset + i, false));
      return {};
    }
    base::Status write(uint64_t offset, std::span<const uint8_t> data) override {
      server::LockGuard guard(cache_.lock_);
      for (size_t i = 0; i < data.size(); ++i) TRY(byte(offset + i, true)) = data[i];
      return {};
    }
    base::Status zero(uint64_t offset, size_t size) override {
      return write(offset, std::vector<uint8_t>(size));
    }
    base::Status clean() override {
      server::LockGuard guard(cache_.lock_);
      TRY(write_back());
      store_.settle();
      return base::Status::from_code(std::exchange(error_, 0));
    }
    base::Status discard_from(uint64_t offset) override {
      server::LockGuard guard(cache_.lock_);
      std::erase_if(pages_, [&](const auto& page) { return page.first * kPageSize >= offset; });
      return {};
    }
    void retire() override { cache_.retired_.insert(this); }
    mach_port_t memory_object() override { return 77; }
    base::Status map_into(const server::WindowRequest&, bool) override { return {}; }

    // Neighbours go together, as the kernel sends them.
    base::Status write_back() {
      for (auto first = pages_.begin(); first != pages_.end();) {
        std::vector<uint8_t> data;
        auto end = first;
        while (end != pages_.end() && end->second.dirty && data.size() < kMaxReturn &&
               end->first * kPageSize == first->first * kPageSize + data.size()) {
          data.insert(data.end(), end->second.data.begin(), end->second.data.end());
          ++end;
        }
        if (end == first) {
          ++first;
          continue;
        }
        TRY(store_.page_out(first->first * kPageSize, data, [this](int error) { error_ = error; }));
        for (; first != end; ++first) first->second.dirty = false;
      }
      return {};
    }
    void forget() { pages_.clear(); }
    [[nodiscard]] const PageStore& store() const { return store_; }
    void evict_all() {
      (void)write_back();
      forget();
      attached_ = false;
      store_.pages_detached();  // may delete this
    }

   private:
    static constexpr size_t kMaxReturn = 64 * 1024;
    struct Page {
      std::vector<uint8_t> data;
      bool dirty = false;
    };
    struct Byte {
      uint8_t& value;
      operator uint8_t() const { return value; }
      Byte& operator=(uint8_t v) {
        value = v;
        return *this;
      }
    };

    base::Result<Byte> byte(uint64_t offset, bool dirty) {
      if (!std::exchange(attached_, true)) store_.pages_attached();
      auto found = pages_.find(offset / kPageSize);
      if (found == pages_.end()) {
        std::vector<uint8_t> data(kPageSize);
        const auto content = TRY(store_.page_in(offset / kPageSize * kPageSize, data));
        if (content == PageStore::Content::kZeros) std::fill(data.begin(), data.end(), 0);
        found = pages_.emplace(offset / kPageSize, Page{std::move(data), false}).first;
      }
      found->second.dirty |= dirty;
      return Byte{found->second.data[offset % kPageSize]};
    }

    FakePageCache& cache_;
    PageStore& store_;
    bool attached_ = false;
    int error_ = 0;
    std::map<uint64_t, Page> pages_;
  };

  server::Mutex& lock_;
  std::vector<file_slot> region_ = std::vector<file_slot>(FILE_SLOT_COUNT);
  std::set<Pages*> all_;
  std::set<Pages*> retired_;
};

}  // namespace file
