// IdeChannel: one cable of a bus-master IDE controller (PIIX3/4 and compatible) with up to two
// drives.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "kernel/arch/interrupts.h"
#include "kernel/device/ata.h"
#include "kernel/device/disk_transfer.h"
#include "kernel/device/io_register.h"
#include "kernel/device/prd_table.h"
#include "kernel/device/work.h"
#include "kernel/kern/timer.h"
#include "libs/base/result.h"

namespace device {

// How a request travels:
//   (1) submit() sorts it into its drive's queue; an idle channel starts at once.
//   (2) start_next() takes a batch of neighbouring transfers; start_command() does the next piece
//       of it that one ATA command can carry.
//   (3) handle_irq() looks at the outcome: the next piece, the next batch, or after an error
//       (4) the transfers of the batch again, each by itself, up to kMaxAttempts times.
//   (5) A command without interrupt for kTimeoutMs is handled like an error, after a reset of the
//       channel by the device thread.
class IdeChannel final : public arch::IrqHandler, public WorkItem {
 public:
  struct Ports {
    uint16_t command = 0;     // first of the eight task file ports
    uint16_t control = 0;     // device control / alternate status
    uint16_t bus_master = 0;  // first of the channel's eight bus-master ports
  };
  static constexpr unsigned kUnits = 2;

  // `prd_page` : kPrdEntries entries of physically contiguous memory, page aligned.
  IdeChannel(Ports ports, PrdEntry* prd_page);

  // Finds the drives (polled), then attaches the interrupt. Errors of arch::register_irq.
  base::Status start(unsigned irq);
  [[nodiscard]] const std::optional<AtaIdentity>& identity(unsigned unit) const {
    return drives_[unit].identity;
  }

  // Queues the transfer, which must lie within the drive.
  void submit(unsigned unit, DiskTransfer& transfer);

  void handle_irq(unsigned irq) override;
  // A command has timed out.
  void run_work() override;

  static constexpr size_t kPrdEntries = arch::kPageSize / sizeof(PrdEntry);

 private:
  struct Drive {
    std::optional<AtaIdentity> identity;
    BlockQueue queue;
  };
  struct BusMasterCommand {
    bool start : 1 = false;
    uint8_t reserved : 2 = 0;
    bool to_memory : 1 = false;
    uint8_t reserved2 : 4 = 0;
  };
  struct BusMasterStatus {
    bool active : 1 = false;
    bool error : 1 = false;      // Writing one clears it.
    bool interrupt : 1 = false;  // Writing one clears it.
    uint8_t reserved : 2 = 0;
    bool drive0_dma : 1 = false;
    bool drive1_dma : 1 = false;
    bool simplex : 1 = false;
  };

  static constexpr uint32_t kMaxSectors = 1024;  // of one command; 512 KiB
  static constexpr uint32_t kMaxMerged = 16;     // transfers in one batch
  static constexpr uint8_t kMaxAttempts = 3;
  static constexpr uint32_t kTimeoutMs = 10'000;

  void identify(unsigned unit);
  void reset();
  bool wait_not_busy() const;
  bool wait_data_request() const;

  void start_next();
  bool choose_drive();
  void start_command();
  void build_prd_table(uint32_t first, uint32_t count);
  void add_to_prd_table(const DiskTransfer& transfer, uint32_t first, uint32_t count);
  void issue(uint64_t sector, uint32_t count);
  AtaCommand command_for(bool extended) const;
  void write_address(uint64_t sector, uint32_t count, bool extended);
  void finish_command(bool ok);
  void retry_batch();
  void finish_batch(io_return_t result);
  [[nodiscard]] uint32_t max_sectors() const;
  DiskTransfer* first_in_batch() { return static_cast<DiskTransfer*>(batch_.front()); }

  IoRegister<uint16_t> data_;
  IoRegister<uint8_t> features_;
  IoRegister<uint8_t> sector_count_;
  IoRegister<uint8_t> lba_low_;
  IoRegister<uint8_t> lba_mid_;
  IoRegister<uint8_t> lba_high_;
  IoRegister<AtaDeviceSelect> select_;
  IoRegister<AtaCommand> command_;
  IoRegister<AtaStatus> status_;  // Reading acknowledges the drive's interrupt.
  IoRegister<AtaDeviceControl> control_;
  IoRegister<AtaStatus> alternate_status_;
  IoRegister<BusMasterCommand> dma_command_;
  IoRegister<BusMasterStatus> dma_status_;
  IoRegister<uint32_t> dma_table_;

  const uint32_t prd_address_;
  PrdTable prd_;
  std::array<Drive, kUnits> drives_;
  unsigned unit_ = 0;         // whose batch it is
  BlockTransferList batch_;   // empty: the channel is idle
  BlockTransferList retries_;  // of unit_, to be done one by one before anything else
  BlockOperation operation_ = BlockOperation::kRead;
  uint64_t batch_sector_ = 0;
  uint32_t batch_sectors_ = 0;
  uint32_t batch_done_ = 0;     // sectors of the batch that earlier commands moved
  uint32_t command_sectors_ = 0;  // of the command under way
  bool command_active_ = false;
  kern::Timer timer_;
};

}  // namespace device
