#include "servers/file/block_cache.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

namespace file {

base::Status BlockCache::set_block_size(uint32_t bytes) {
  if (bytes < BlockDevice::kSectorSize || (bytes & (bytes - 1)) != 0) return base::Error(EINVAL);
  if (bytes == block_size_) return {};
  TRY(flush());
  clear();
  block_size_ = bytes;
  block_bits_ = static_cast<unsigned>(std::countr_zero(bytes));
  return {};
}

void BlockCache::clear() {
  entries_.clear();
  lru_.clear();
  dirty_count_ = 0;
}

void BlockCache::set_dirty(Entry& entry) {
  if (!entry.dirty) ++dirty_count_;
  entry.dirty = true;
  ++changes_;
}

void BlockCache::set_clean(Entry& entry) {
  if (entry.dirty) --dirty_count_;
  entry.dirty = false;
}

base::Status BlockCache::make_room() {
  if (lru_.size() < capacity_) return {};
  if (journaled_) return make_room_in_front_of_journal();
  // Rather all dirty blocks in one sweep of the disk than one block per miss.
  if (lru_.back().dirty) TRY(flush());
  entries_.erase(lru_.back().block);
  lru_.pop_back();
  return {};
}

// Drops the longest unused block that is, or can be made, clean. Dirty ones wait for their commit.
base::Status BlockCache::make_room_in_front_of_journal() {
  for (size_t left = lru_.size(); left > 0; --left) {
    const auto oldest = std::prev(lru_.end());
    if (oldest->dirty) {
      lru_.splice(lru_.begin(), lru_, oldest);
      continue;
    }
    if (oldest->logged) TRY(write_home());
    entries_.erase(oldest->block);
    lru_.erase(oldest);
    return {};
  }
  return {};
}

base::Result<BlockCache::Entry*> BlockCache::get(uint64_t block, Fill fill) {
  if (auto found = entries_.find(block); found != entries_.end()) {
    lru_.splice(lru_.begin(), lru_, found->second);
    return &lru_.front();
  }
  if (block >= device_.size() >> block_bits_) return base::Error(EIO);
  TRY(make_room());
  Entry entry{.block = block, .data = std::vector<uint8_t>(block_size_)};
  if (fill == Fill::kFromDevice) TRY(device_.read(block * block_size_, entry.data));
  lru_.push_front(std::move(entry));
  entries_.emplace(block, lru_.begin());
  return &lru_.front();
}

base::Status BlockCache::read(uint64_t block, std::span<uint8_t> data) {
  while (!data.empty()) {
    Entry* entry = TRY(get(block++, Fill::kFromDevice));
    const size_t size = std::min<size_t>(data.size(), block_size_);
    std::memcpy(data.data(), entry->data.data(), size);
    data = data.subspan(size);
  }
  return {};
}

base::Result<std::span<const uint32_t>> BlockCache::numbers(uint64_t block) {
  const Entry* entry = TRY(get(block, Fill::kFromDevice));
  const auto* first = reinterpret_cast<const uint32_t*>(entry->data.data());
  return std::span(first, block_size_ / sizeof(uint32_t));
}

base::Status BlockCache::write(uint64_t block, std::span<const uint8_t> data) {
  while (!data.empty()) {
    const size_t size = std::min<size_t>(data.size(), block_size_);
    Entry* entry = TRY(get(block++, size == block_size_ ? Fill::kNo : Fill::kFromDevice));
    std::memcpy(entry->data.data(), data.data(), size);
    set_dirty(*entry);
    data = data.subspan(size);
  }
  return {};
}

base::Status BlockCache::write_bytes(uint64_t offset, std::span<const uint8_t> data) {
  while (!data.empty()) {
    const auto within = static_cast<size_t>(offset & (block_size_ - 1));
    const size_t size = std::min<size_t>(data.size(), block_size_ - within);
    Entry* entry = TRY(get(offset >> block_bits_, Fill::kFromDevice));
    if (std::memcmp(entry->data.data() + within, data.data(), size) != 0) {
      std::memcpy(entry->data.data() + within, data.data(), size);
      set_dirty(*entry);
    }
    data = data.subspan(size);
    offset += size;
  }
  return {};
}

base::Status BlockCache::patch(uint64_t offset, std::span<const uint8_t> data) {
  const auto within = static_cast<size_t>(offset % BlockDevice::kSectorSize);
  if (within + data.size() > BlockDevice::kSectorSize) return base::Error(EINVAL);
  std::vector<uint8_t> sector(BlockDevice::kSectorSize);
  TRY(device_.read(offset - within, sector));
  std::memcpy(sector.data() + within, data.data(), data.size());
  TRY(device_.write(offset - within, sector));
  if (const auto found = entries_.find(offset / block_size_); found != entries_.end()) {
    std::memcpy(found->second->data.data() + offset % block_size_, data.data(), data.size());
  }
  return {};
}

base::Status BlockCache::read_through(uint64_t block, std::span<uint8_t> data) {
  TRY(device_.read(block * block_size_, data));
  // A block that was metadata a moment ago may be newer here than on the device.
  const auto end = entries_.lower_bound(block + blocks_in(data.size()));
  for (auto entry = entries_.lower_bound(block); entry != end; ++entry) {
    std::memcpy(data.data() + static_cast<size_t>(entry->first - block) * block_size_,
                entry->second->data.data(), block_size_);
  }
  return {};
}

std::unique_ptr<PendingRead> BlockCache::start_read_through(uint64_t block, size_t size) {
  const auto cached = entries_.lower_bound(block);
  if (cached != entries_.end() && cached->first < block + blocks_in(size)) return nullptr;
  return device_.start_read(block * block_size_, size);
}

base::Status BlockCache::write_through(uint64_t block, std::span<const uint8_t> data) {
  discard(block, blocks_in(data.size()));
  return device_.write(block * block_size_, data);
}

std::unique_ptr<PendingWrite> BlockCache::start_write_through(uint64_t block, std::span<uint8_t> pages) {
  discard(block, blocks_in(pages.size()));
  return device_.start_write(block * block_size_, pages);
}

void BlockCache::discard(uint64_t block, uint64_t count) {
  auto entry = entries_.lower_bound(block);
  while (entry != entries_.end() && entry->first < block + count) {
    set_clean(*entry->second);
    lru_.erase(entry->second);
    entry = entries_.erase(entry);
  }
}

base::Status BlockCache::write_run(const std::vector<Entry*>& blocks, size_t first, size_t count) {
  const uint64_t offset = blocks[first]->block * block_size_;
  if (count == 1) {
    TRY(device_.write(offset, blocks[first]->data));
  } else {
    std::vector<uint8_t> buffer(count * block_size_);
    for (size_t i = 0; i < count; ++i) {
      std::memcpy(buffer.data() + i * block_size_, blocks[first + i]->data.data(), block_size_);
    }
    TRY(device_.write(offset, buffer));
  }
  for (size_t i = 0; i < count; ++i) {
    set_clean(*blocks[first + i]);
    blocks[first + i]->logged = false;
  }
  return {};
}

base::Status BlockCache::write_all(std::vector<Entry*>& blocks) {
  const uint64_t last = superblock_block();
  std::ranges::sort(blocks, [last](const Entry* a, const Entry* b) {
    if ((a->block == last) != (b->block == last)) return b->block == last;
    return a->block < b->block;
  });
  const size_t limit = std::max<size_t>(kMaxTransfer / block_size_, 1);
  for (size_t first = 0; first < blocks.size();) {
    size_t count = 1;
    while (count < limit && first + count < blocks.size() &&
           blocks[first + count]->block == blocks[first]->block + count) {
      ++count;
    }
    TRY(write_run(blocks, first, count));
    first += count;
  }
  return {};
}

base::Status BlockCache::flush() {
  if (journaled_) return {};
  std::vector<Entry*> dirty;
  dirty.reserve(dirty_count_);
  for (Entry& entry : lru_) {
    if (entry.dirty) dirty.push_back(&entry);
  }
  TRY(write_all(dirty));
  return device_.flush();
}

base::Status BlockCache::write_home() {
  std::vector<Entry*> logged;
  for (Entry& entry : lru_) {
    if (entry.logged && !entry.dirty) logged.push_back(&entry);
  }
  return write_all(logged);
}

std::vector<BlockCache::Block> BlockCache::dirty() const {
  std::vector<Block> blocks;
  blocks.reserve(dirty_count_);
  for (const Entry& entry : lru_) {
    if (entry.dirty) blocks.push_back({entry.block, entry.data});
  }
  std::ranges::sort(blocks, {}, &Block::number);
  return blocks;
}

void BlockCache::committed() {
  for (Entry& entry : lru_) {
    if (!entry.dirty) continue;
    set_clean(entry);
    entry.logged = true;
  }
}

}  // namespace file
