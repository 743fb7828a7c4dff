#include "kernel/device/block_queue.h"

namespace device {

void BlockQueue::add(BlockTransfer& transfer) {
  if (must_wait_for_queued(transfer)) ++newest_epoch_;
  transfer.epoch_ = newest_epoch_;
  // Everything of an older epoch sorts before; from the back this ends quickly.
  BlockTransfer* after = waiting_.back();
  while (after && after->epoch_ == transfer.epoch_ && after->sector > transfer.sector) {
    after = waiting_.prev(after);
  }
  BlockTransfer* before = after ? waiting_.next(after) : waiting_.front();
  if (before) {
    waiting_.insert_before(before, &transfer);
  } else {
    waiting_.push_back(&transfer);
  }
}

bool BlockQueue::must_wait_for_queued(const BlockTransfer& transfer) {
  for (BlockTransfer* t = waiting_.back(); t && t->epoch_ == newest_epoch_; t = waiting_.prev(t)) {
    if (transfer.operation == BlockOperation::kFlush || t->operation == BlockOperation::kFlush) {
      return true;
    }
    const bool overlap = t->sector < transfer.end() && transfer.sector < t->end();
    const bool writes = t->operation == BlockOperation::kWrite ||
                        transfer.operation == BlockOperation::kWrite;
    if (overlap && writes) return true;
  }
  return false;
}

// The first transfer of the oldest epoch at or above the head, else its first one.
BlockTransfer* BlockQueue::choose() {
  BlockTransfer* const first = waiting_.front();
  for (BlockTransfer* t = first; t && t->epoch_ == first->epoch_; t = waiting_.next(t)) {
    if (t->sector >= head_) return t;
  }
  return first;
}

void BlockQueue::take(BlockTransferList& batch, uint32_t max_sectors, uint32_t max_count) {
  BlockTransfer* t = choose();
  if (!t) return;
  uint32_t sectors = 0;
  uint32_t count = 0;
  for (;;) {
    BlockTransfer* const next = waiting_.next(t);
    waiting_.remove(t);
    batch.push_back(t);
    sectors += t->sectors;
    head_ = t->end();
    if (++count == max_count || t->operation == BlockOperation::kFlush) return;
    if (!next || next->epoch_ != t->epoch_) return;
    if (next->sector != t->end() || next->operation != t->operation) return;
    if (sectors + next->sectors > max_sectors) return;
    t = next;
  }
}

}  // namespace device
