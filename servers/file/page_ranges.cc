#include "servers/file/page_ranges.h"

#include <algorithm>
#include <iterator>

namespace file {

PageRanges::Ranges::const_iterator PageRanges::find(uint64_t page) const {
  const auto next = ranges_.upper_bound(page);
  if (next == ranges_.begin()) return next;
  const auto last = std::prev(next);
  return last->second > page ? last : next;
}

uint64_t PageRanges::count_from(uint64_t first) const {
  uint64_t count = 0;
  for (auto range = find(first); range != ranges_.end(); ++range) {
    count += range->second - std::max(first, range->first);
  }
  return count;
}

PageRanges::Stretch PageRanges::stretch(uint64_t first, uint64_t end) const {
  const auto range = find(first);
  if (range == ranges_.end() || range->first >= end) return {.inside = false, .end = end};
  if (range->first > first) return {.inside = false, .end = range->first};
  return {.inside = true, .end = std::min(range->second, end)};
}

void PageRanges::add(uint64_t first, uint64_t end) {
  if (first == end) return;
  count_ += end - first;
  const auto next = ranges_.lower_bound(first);
  const bool continued = next != ranges_.end() && next->first == end;
  if (continued) end = next->second;
  const auto hint = continued ? ranges_.erase(next) : next;
  if (hint != ranges_.begin()) {
    if (const auto last = std::prev(hint); last->second == first) {
      last->second = end;
      return;
    }
  }
  ranges_.emplace_hint(hint, first, end);
}

uint64_t PageRanges::remove(uint64_t first, uint64_t end) {
  const uint64_t before = count_;
  for (auto range = find(first); range != ranges_.end() && range->first < end;) {
    const auto [range_first, range_end] = *range;
    range = ranges_.erase(range);
    count_ -= std::min(end, range_end) - std::max(first, range_first);
    if (range_first < first) ranges_.emplace_hint(range, range_first, first);
    if (range_end > end) ranges_.emplace_hint(range, end, range_end);
  }
  return before - count_;
}

}  // namespace file
