#include "default_pager/sector_map.h"

#include <algorithm>
#include <iterator>

namespace default_pager {

void SectorMap::append(uint32_t first_sector, uint32_t sectors) {
  const uint32_t pages = sectors / kPageSectors;
  if (pages == 0) return;
  runs_.push_back({pages_, first_sector});
  pages_ += pages;
}

SectorMap::Run SectorMap::find(uint32_t page, uint32_t limit) const {
  const auto next = std::ranges::upper_bound(runs_, page, {}, &Stretch::page);
  const Stretch& run = *std::prev(next);
  const uint32_t end = next == runs_.end() ? pages_ : next->page;
  return {run.sector + (page - run.page) * kPageSectors, std::min(limit, end - page)};
}

}  // namespace default_pager
