// DiskTransfer: one piece of work for a disk drive.
#pragma once

#include <device/device_types.h>

#include "kernel/device/block_queue.h"
#include "kernel/device/work.h"
#include "kernel/kern/wait.h"
#include "kernel/vm/dma.h"

namespace device {

// The drive owns it from IdeChannel::submit() until done().
class DiskTransfer : public BlockTransfer {
 public:
  DiskTransfer(BlockOperation what, uint64_t first_sector, uint32_t sector_count) {
    operation = what;
    sector = first_sector;
    sectors = sector_count;
  }

  // The memory: `sectors` sectors from its page_offset() on, which is even. Null for a flush.
  vm::DmaBuffer* memory = nullptr;
  // Errors so far; the drive's.
  uint8_t attempts = 0;

  // The transfer is over. Called from interrupt handlers and threads; must not block.
  virtual void done(io_return_t result) = 0;

 protected:
  ~DiskTransfer() = default;
};

// A transfer whose maker waits for it.
class SyncDiskTransfer final : public DiskTransfer {
 public:
  using DiskTransfer::DiskTransfer;

  // After submit(): the result. Blocks.
  io_return_t wait() {
    while (!finished_) event_.wait(kern::Interruptible::kNo);
    return result_;
  }

 private:
  void done(io_return_t result) override {
    result_ = result;
    finished_ = true;
    event_.wake_all();
  }

  kern::WaitQueue event_;
  io_return_t result_ = D_SUCCESS;
  bool finished_ = false;
};

}  // namespace device
