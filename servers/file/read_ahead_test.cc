#include "servers/file/read_ahead.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include "gtest/gtest.h"

namespace file {
namespace {

// Counts the reads that are under way, and finishes them with what the test says.
class FakeStore final : public PageStore {
 public:
  struct Started {
    uint64_t offset;
    size_t size;
  };

  base::Result<Content> page_in(uint64_t, std::span<uint8_t>) override { return Content::kZeros; }
  base::Result<bool> page_out(uint64_t, std::span<uint8_t>, Failed) override { return false; }
  [[nodiscard]] uint64_t size() const override { return end; }
  void pages_attached() override {}
  void pages_detached() override {}
  std::unique_ptr<PendingRead> start_page_in(uint64_t offset, size_t size) override {
    if (offset >= limit) return nullptr;
    started.push_back({offset, size});
    return std::make_unique<Read>(*this, size);
  }

  uint64_t end = 1 << 30;
  uint64_t limit = ~0ULL;
  bool fails = false;
  int pending = 0;
  std::vector<Started> started;
  char memory = 0;

 private:
  class Read final : public PendingRead {
   public:
    Read(FakeStore& store, size_t size) : store_(store), size_(size) { ++store_.pending; }
    ~Read() override { --store_.pending; }
    [[nodiscard]] size_t size() const override { return size_; }
    base::Result<void*> finish() override {
      if (store_.fails) return base::Error(EIO);
      return &store_.memory;
    }

   private:
    FakeStore& store_;
    size_t size_;
  };
};

TEST(ReadAhead, GivesWhatWasReadOnce) {
  FakeStore store;
  ReadAhead ahead;
  ahead.start(store, 8192);
  ASSERT_EQ(store.started.size(), 1u);
  EXPECT_EQ(store.started[0].offset, 8192u);
  const ReadAhead::Pages pages = ahead.take(store, 8192);
  EXPECT_EQ(pages.memory, &store.memory);
  EXPECT_EQ(pages.size, store.started[0].size);
  EXPECT_EQ(store.pending, 0);
  EXPECT_EQ(ahead.take(store, 8192).memory, nullptr);
}

TEST(ReadAhead, WhatIsAskedForElsewhereIsGivenUp) {
  FakeStore store;
  FakeStore other;
  ReadAhead ahead;
  ahead.start(store, 0);
  ahead.start(other, 0);
  EXPECT_EQ(ahead.take(store, 4096).memory, nullptr);
  EXPECT_EQ(store.pending, 0);
  EXPECT_EQ(ahead.take(store, 0).memory, nullptr);
  EXPECT_EQ(ahead.take(other, 0).memory, &other.memory);
}

TEST(ReadAhead, ChangedFilesAreReadAgain) {
  FakeStore store;
  ReadAhead ahead;
  ahead.start(store, 0);
  ahead.drop(store);
  EXPECT_EQ(store.pending, 0);
  EXPECT_EQ(ahead.take(store, 0).memory, nullptr);
}

TEST(ReadAhead, TheEndOfTheFileIsTheNearestThereWas) {
  FakeStore store;
  ReadAhead ahead;
  for (const uint64_t later : {3000, 5000, 7000}) {
    store.end = 5000;
    ahead.start(store, 4096);
    store.end = later;
    EXPECT_EQ(ahead.take(store, 4096).end, std::min<uint64_t>(later, 5000));
  }
}

TEST(ReadAhead, WhatCannotBeReadIsLeftToWhoAsksForIt) {
  FakeStore store;
  ReadAhead ahead;
  store.fails = true;
  ahead.start(store, 0);
  EXPECT_EQ(ahead.take(store, 0).memory, nullptr);
  EXPECT_EQ(store.pending, 0);
  store.limit = 0;
  ahead.start(store, 0);
  EXPECT_EQ(ahead.take(store, 0).memory, nullptr);
}

TEST(ReadAhead, FewReadsWaitAtOnce) {
  FakeStore stores[10];
  ReadAhead ahead;
  for (FakeStore& store : stores) ahead.start(store, 0);
  int pending = 0;
  for (FakeStore& store : stores) pending += store.pending;
  EXPECT_EQ(pending, 4);
  EXPECT_EQ(ahead.take(stores[0], 0).memory, nullptr);
  EXPECT_EQ(ahead.take(stores[9], 0).memory, &stores[9].memory);
}

}  // namespace
}  // namespace file
