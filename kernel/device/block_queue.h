// BlockQueue: the requests a disk still has to serve, in the order that moves the head least.
#pragma once

#include <cstdint>

#include "libs/base/list.h"

namespace device {

enum class BlockOperation : uint8_t { kRead, kWrite, kFlush };

// One request's sectors; embedded in what the driver calls a request.
struct BlockTransfer {
  BlockOperation operation = BlockOperation::kRead;
  uint64_t sector = 0;
  uint32_t sectors = 0;

  base::ListLink link;

  [[nodiscard]] uint64_t end() const { return sector + sectors; }

 private:
  friend class BlockQueue;
  uint32_t epoch_ = 0;
};

using BlockTransferList = base::List<BlockTransfer, &BlockTransfer::link>;

// The elevator goes upwards and starts again at the lowest sector. Requests are only reordered
// within an epoch; a flush, and a request that touches sectors of a waiting one where either
// writes, opens a new epoch, so what a client can observe is the order of submission.
class BlockQueue {
 public:
  BlockQueue() = default;

  void add(BlockTransfer& transfer);

  // Moves what the disk should do next to `batch` (empty before): one transfer, and those that
  // continue it without a gap in the same direction while all fit in `max_sectors` and `max_count`.
  // The first one may be larger than max_sectors.
  void take(BlockTransferList& batch, uint32_t max_sectors, uint32_t max_count);

  [[nodiscard]] bool empty() { return waiting_.empty(); }

 private:
  [[nodiscard]] bool must_wait_for_queued(const BlockTransfer& transfer);
  BlockTransfer* choose();

  BlockTransferList waiting_;  // Sorted by epoch, then by sector, then by arrival.
  uint32_t newest_epoch_ = 0;
  uint64_t head_ = 0;  // The sector after the last one taken.
};

}  // namespace device
