// A disk with a volatile write cache, for tests: what a power cut at any moment may leave behind.
#pragma once

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

#include "servers/file/memory_block_device.h"

namespace file {

// Remembers every write and flush. after_cut() gives the medium as it may be when the power goes
// after a number of these events: what was flushed is there, and of each later write any of its
// sectors, in any order.
class CrashBlockDevice final : public BlockDevice {
 public:
  explicit CrashBlockDevice(std::vector<uint8_t> image) : start_(image), now_(std::move(image)) {}

  [[nodiscard]] uint64_t size() const override { return now_.size(); }
  base::Status read(uint64_t offset, std::span<uint8_t> data) override {
    return now_.read(offset, data);
  }
  base::Status write(uint64_t offset, std::span<const uint8_t> data) override {
    if (writes_left_ == 0) return base::Error(EIO);
    if (writes_left_ != ~0u) --writes_left_;
    TRY(now_.write(offset, data));
    events_.push_back({offset, {data.begin(), data.end()}});
    bytes_written_ += data.size();
    return {};
  }
  base::Status flush() override {
    events_.push_back({0, {}});
    ++flushes_;
    return {};
  }

  // That many writes succeed, all later ones fail; ~0: all succeed.
  void fail_after(uint32_t writes) { writes_left_ = writes; }
  [[nodiscard]] size_t events() const { return events_.size(); }
  [[nodiscard]] uint64_t bytes_written() const { return bytes_written_; }
  [[nodiscard]] size_t flushes() const { return flushes_; }

  // `events` must not be smaller than in the call before.
  std::vector<uint8_t> after_cut(size_t events, std::mt19937& random) {
    // Up to the last flush everything has arrived.
    size_t flushed = events;
    while (flushed > applied_ && !events_[flushed - 1].data.empty()) --flushed;
    for (; applied_ < flushed; ++applied_) apply(events_[applied_], start_);
    std::vector<uint8_t> medium = start_;
    for (size_t i = applied_; i < events; ++i) apply_some(events_[i], medium, random);
    return medium;
  }

 private:
  struct Event {
    uint64_t offset;
    std::vector<uint8_t> data;  // empty: a flush
  };

  static void apply(const Event& event, std::vector<uint8_t>& medium) {
    std::ranges::copy(event.data, medium.begin() + static_cast<std::ptrdiff_t>(event.offset));
  }
  static void apply_some(const Event& event, std::vector<uint8_t>& medium, std::mt19937& random) {
    // All, none, or some of the sectors.
    const auto fate = random() % 3;
    if (fate == 0) return;
    for (size_t at = 0; at < event.data.size(); at += kSectorSize) {
      if (fate == 1 && random() % 2 == 0) continue;
      std::memcpy(medium.data() + event.offset + at, event.data.data() + at, kSectorSize);
    }
  }

  std::vector<uint8_t> start_;
  MemoryBlockDevice now_;
  std::vector<Event> events_;
  size_t applied_ = 0;  // events whose effect is in start_
  uint64_t bytes_written_ = 0;
  size_t flushes_ = 0;
  uint32_t writes_left_ = ~0u;
};

}  // namespace file
