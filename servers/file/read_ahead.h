// ReadAhead: what files that are read from front to back will be asked for next.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "servers/file/block_device.h"
#include "servers/file/file_pages.h"

namespace file {

// Reads that have been started for pages that nobody has asked for yet. The data waits here, not in the kernel, until
// the kernel asks: so it is never newer pages of the kernel's that are replaced, and whatever changes the file on the
// volume says drop() before. Under the tree lock.
class ReadAhead {
 public:
  // Begins to read from `offset` of the store on, at most kSize. Forgets the oldest read that is still waiting when
  // there are many.
  void start(PageStore& store, uint64_t offset);

  struct Pages {
    void* memory = nullptr;  // becomes the caller's (vm_deallocate); null: none
    size_t size = 0;
    uint64_t end = 0;  // of the store all the time since: behind it, the medium may hold anything
  };
  // What was read for `offset`, waiting for the disk. Others for the same store are given up.
  Pages take(PageStore& store, uint64_t offset);
  // Nothing that was read for the store counts any more.
  void drop(const PageStore& store);

 private:
  static constexpr size_t kSize = 256 * 1024;
  struct Read {
    const PageStore* store = nullptr;  // null: free
    uint64_t offset = 0;
    uint64_t end = 0;
    std::unique_ptr<PendingRead> read;
  };

  std::array<Read, 4> reads_;
  size_t next_ = 0;  // to be replaced
};

}  // namespace file
