// PageRanges: a set of pages, kept as ranges.
#pragma once

#include <cstdint>
#include <map>

namespace file {

// Ranges go from a first page to an end, which does not belong to them. Neighbours are one range.
class PageRanges {
 public:
  // How many pages there are.
  [[nodiscard]] uint64_t count() const { return count_; }
  // Those from `first` on.
  [[nodiscard]] uint64_t count_from(uint64_t first) const;

  // Pages that all are in the set, or all are not, up to `end`.
  struct Stretch {
    bool inside;
    uint64_t end;
  };
  // From `first` on, before `end`, which is larger.
  [[nodiscard]] Stretch stretch(uint64_t first, uint64_t end) const;

  // Pages none of which is in the set; does nothing with an empty range.
  void add(uint64_t first, uint64_t end);
  // How many of them were there.
  uint64_t remove(uint64_t first, uint64_t end);

 private:
  using Ranges = std::map<uint64_t, uint64_t>;  // from first to end
  // The range that has `page`, or the next one.
  [[nodiscard]] Ranges::const_iterator find(uint64_t page) const;

  Ranges ranges_;
  uint64_t count_ = 0;
};

}  // namespace file
