// Journal: what a crash left behind is brought home.
//
// The log is walked twice from its beginning to the last transaction that has its commit block:
// first to learn where it ends and which blocks were revoked, then to write blocks home. A revoke
// record of transaction T means that copies of the block in T and before it must stay where they
// are: the block has been freed, and may hold file data by now.
#include <cerrno>
#include <unordered_map>

#include "servers/file/journal.h"
#include "servers/file/journal_format.h"

namespace file {

using namespace journal_format;

struct Journal::Visitor {
  virtual ~Visitor() = default;
  virtual base::Status block(uint32_t sequence, uint64_t number, bool escaped,
                             uint32_t position) = 0;
  virtual void revoke(uint32_t sequence, uint64_t number) = 0;
};

// First walk. What a transaction without a commit block revokes does not count.
struct Journal::Collect final : Visitor {
  std::vector<std::pair<uint64_t, uint32_t>> records;  // block, sequence; ascending by sequence
  std::unordered_map<uint64_t, uint32_t> revoked;

  base::Status block(uint32_t, uint64_t, bool, uint32_t) override { return {}; }
  void revoke(uint32_t sequence, uint64_t number) override {
    records.emplace_back(number, sequence);
  }
  void apply(uint32_t end) {
    for (const auto& [number, sequence] : records) {
      if (!not_before(sequence, end)) revoked[number] = sequence;
    }
  }
};

// Second walk.
struct Journal::WriteHome final : Visitor {
  const Journal& journal;
  const Collect& collected;
  uint32_t end;
  uint64_t device_blocks;
  std::vector<uint8_t> buffer;

  WriteHome(const Journal& j, const Collect& c, uint32_t e, uint64_t blocks)
      : journal(j), collected(c), end(e), device_blocks(blocks), buffer(j.block_size_) {}

  base::Status block(uint32_t sequence, uint64_t number, bool escaped,
                     uint32_t position) override {
    if (not_before(sequence, end)) return {};
    const auto found = collected.revoked.find(number);
    if (found != collected.revoked.end() && not_before(found->second, sequence)) return {};
    if (number >= device_blocks) return base::Error(EIO);
    TRY(journal.read_log(position, buffer));
    if (escaped) put32(buffer, 0, kMagic);
    return journal.device_.write(number * journal.block_size_, buffer);
  }
  void revoke(uint32_t, uint64_t) override {}
};

// Visits the blocks a descriptor announces and moves `position` behind the last. False when the
// descriptor cannot be right: the transaction was being written.
base::Result<bool> Journal::visit_tags(Visitor& visitor, std::span<const uint8_t> descriptor,
                                       uint32_t* position, uint32_t* budget) const {
  const bool long_numbers = tag_size() > kTagHighAt;
  const uint32_t sequence = get32(descriptor, kSequenceAt);
  for (size_t at = kHeaderSize; at + tag_size() <= descriptor.size();) {
    if (*budget == 0) return false;
    --*budget;
    uint64_t number = get32(descriptor, at);
    if (long_numbers) number |= uint64_t{get32(descriptor, at + kTagHighAt)} << 32;
    const uint32_t flags = get16(descriptor, at + kTagFlagsAt);
    TRY(visitor.block(sequence, number, (flags & kEscaped) != 0, *position));
    *position = next(*position);
    at += tag_size() + ((flags & kSameUuid) == 0 ? kUuidSize : 0);
    if ((flags & kLastTag) != 0) break;
  }
  return true;
}

bool Journal::visit_revokes(Visitor& visitor, std::span<const uint8_t> block) const {
  const size_t number_size = tag_size() - 4;
  const uint32_t size = get32(block, kRevokeSizeAt);
  if (size > block.size()) return false;
  for (size_t at = kRevokesAt; at + number_size <= size; at += number_size) {
    uint64_t number = get32(block, at + number_size - 4);
    if (number_size > 4) number |= uint64_t{get32(block, at)} << 32;
    visitor.revoke(get32(block, kSequenceAt), number);
  }
  return true;
}

// Returns the number of the first transaction that is not whole.
base::Result<uint32_t> Journal::walk(Visitor& visitor) const {
  std::vector<uint8_t> block(block_size_);
  uint32_t sequence = get32(superblock_, kStartSequenceAt);
  uint32_t position = start_;
  // More steps than the log has blocks cannot belong to one beginning.
  for (uint32_t budget = log_size(); budget > 0; --budget) {
    TRY(read_log(position, block));
    if (get32(block, kMagicAt) != kMagic || get32(block, kSequenceAt) != sequence) break;
    const auto type = static_cast<BlockType>(get32(block, kTypeAt));
    position = next(position);
    if (type == BlockType::kCommit) {
      ++sequence;
      continue;
    }
    bool sound = false;
    if (type == BlockType::kDescriptor) {
      sound = TRY(visit_tags(visitor, block, &position, &budget));
    } else if (type == BlockType::kRevoke) {
      sound = visit_revokes(visitor, block);
    }
    if (!sound || budget == 0) break;
  }
  return sequence;
}

base::Status Journal::replay(uint64_t device_blocks) {
  if (!needs_replay()) return {};
  Collect collected;
  const uint32_t end = TRY(walk(collected));
  collected.apply(end);
  WriteHome home(*this, collected, end, device_blocks);
  TRY(walk(home));
  TRY(device_.flush());
  // What is left of a transaction that was being written must never be taken for a new one.
  sequence_ = end + 1;
  head_ = first_;
  return store_superblock(0);
}

}  // namespace file
