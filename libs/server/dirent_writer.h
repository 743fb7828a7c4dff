// DirentWriter: directory entries as struct linux_dirent64 records.
#pragma once

#include <cstring>
#include <span>

#include "libs/server/node.h"

namespace server {

class DirentWriter final : public DirectorySink {
 public:
  static constexpr int kMaxBytes = 64 * 1024;

  explicit DirentWriter(std::span<uint8_t> room) : room_(room) {}

  bool add(const DirectoryEntry& entry) override {
    const size_t size = (kNameOffset + entry.name.size() + 1 + 7) & ~size_t{7};
    if (size > room_.size() - used_) {
      overflowed_ = true;
      return false;
    }
    uint8_t* record = room_.data() + used_;
    std::memset(record, 0, size);
    const auto length = static_cast<uint16_t>(size);
    std::memcpy(record, &entry.inode, 8);
    std::memcpy(record + 8, &entry.next, 8);
    std::memcpy(record + 16, &length, 2);
    record[18] = entry.type;
    std::memcpy(record + kNameOffset, entry.name.data(), entry.name.size());
    used_ += size;
    return true;
  }

  [[nodiscard]] size_t used() const { return used_; }
  [[nodiscard]] bool overflowed() const { return overflowed_; }

 private:
  static constexpr size_t kNameOffset = 19;  // d_ino 8, d_off 8, d_reclen 2, d_type 1

  std::span<uint8_t> room_;
  size_t used_ = 0;
  bool overflowed_ = false;
};

}  // namespace server
