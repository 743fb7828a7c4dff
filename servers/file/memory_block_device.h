// A block device in memory, for tests.
#pragma once

#include <cerrno>
#include <cstring>
#include <vector>

#include "servers/file/block_device.h"

namespace file {

class MemoryBlockDevice final : public BlockDevice {
 public:
  explicit MemoryBlockDevice(size_t bytes) : bytes_(bytes) {}
  explicit MemoryBlockDevice(std::vector<uint8_t> image) : bytes_(std::move(image)) {}

  [[nodiscard]] uint64_t size() const override { return bytes_.size(); }

  base::Status read(uint64_t offset, std::span<uint8_t> data) override {
    if (!valid(offset, data.size()) || failing_) return base::Error(EIO);
    std::memcpy(data.data(), bytes_.data() + offset, data.size());
    return {};
  }
  base::Status write(uint64_t offset, std::span<const uint8_t> data) override {
    if (!valid(offset, data.size()) || failing_) return base::Error(EIO);
    std::memcpy(bytes_.data() + offset, data.data(), data.size());
    ++writes_;
    return {};
  }
  base::Status flush() override { return {}; }

  [[nodiscard]] std::vector<uint8_t>& bytes() { return bytes_; }
  [[nodiscard]] size_t writes() const { return writes_; }
  // Every transfer fails from now on.
  void fail(bool failing) { failing_ = failing; }

 private:
  [[nodiscard]] bool valid(uint64_t offset, size_t size) const {
    return offset % kSectorSize == 0 && size % kSectorSize == 0 && offset <= bytes_.size() &&
           size <= bytes_.size() - offset;
  }

  std::vector<uint8_t> bytes_;
  size_t writes_ = 0;
  bool failing_ = false;
};

}  // namespace file
