// SectorMap: where the pages of a paging file lie on its disk.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <vector>

namespace default_pager {

class SectorMap {
 public:
  static constexpr uint32_t kPageSectors = 8;

  explicit SectorMap(std::pmr::memory_resource& memory) : runs_(&memory) {}

  // The file goes on with `sectors` neighbouring sectors, of which whole pages are used. Throws std::bad_alloc.
  void append(uint32_t first_sector, uint32_t sectors);

  [[nodiscard]] uint32_t page_count() const { return pages_; }

  // Pages from one on that are neighbours on the disk.
  struct Run {
    uint32_t sector;
    uint32_t pages;
  };
  // At most `limit` pages; `page` is one of the file's.
  [[nodiscard]] Run find(uint32_t page, uint32_t limit) const;

 private:
  struct Stretch {
    uint32_t page;  // of the file
    uint32_t sector;
  };
  std::pmr::vector<Stretch> runs_;
  uint32_t pages_ = 0;
};

}  // namespace default_pager
