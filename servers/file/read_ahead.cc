#include "servers/file/read_ahead.h"

#include <algorithm>
#include <utility>

namespace file {

void ReadAhead::start(PageStore& store, uint64_t offset) {
  std::unique_ptr<PendingRead> read = store.start_page_in(offset, kSize);
  if (read == nullptr) return;
  reads_[next_] = {.store = &store, .offset = offset, .end = store.size(), .read = std::move(read)};
  next_ = (next_ + 1) % reads_.size();
}

ReadAhead::Pages ReadAhead::take(PageStore& store, uint64_t offset) {
  Pages pages;
  for (Read& read : reads_) {
    if (read.store != &store) continue;
    const Read taken = std::exchange(read, {});
    if (taken.offset != offset) continue;
    // What cannot be read is read again, page by page, by who asks for it.
    const auto memory = taken.read->finish();
    if (!memory.ok()) continue;
    pages = {.memory = memory.value(), .size = taken.read->size(), .end = std::min(taken.end, store.size())};
  }
  return pages;
}

void ReadAhead::drop(const PageStore& store) {
  for (Read& read : reads_) {
    if (read.store == &store) read = {};
  }
}

}  // namespace file
