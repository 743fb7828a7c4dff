#include "kernel/device/ide_channel.h"

#include <algorithm>

#include "kernel/device/partition_table.h"
#include "kernel/kern/print.h"

namespace device {
namespace {

constexpr int kPatience = 1'000'000;  // Status reads of about a microsecond each.

constexpr uint16_t port(uint16_t base, unsigned offset) {
  return static_cast<uint16_t>(base + offset);
}

// A channel without drives reads as all ones, or as zero.
constexpr uint8_t kFloatingBus = 0xff;

}  // namespace

IdeChannel::IdeChannel(Ports ports, PrdEntry* prd_page)
    : data_(ports.command),
      features_(port(ports.command, 1)),
      sector_count_(port(ports.command, 2)),
      lba_low_(port(ports.command, 3)),
      lba_mid_(port(ports.command, 4)),
      lba_high_(port(ports.command, 5)),
      select_(port(ports.command, 6)),
      command_(port(ports.command, 7)),
      status_(port(ports.command, 7)),
      control_(ports.control),
      alternate_status_(ports.control),
      dma_command_(ports.bus_master),
      dma_status_(port(ports.bus_master, 2)),
      dma_table_(port(ports.bus_master, 4)),
      prd_address_(arch::direct_to_phys(prd_page).value),
      prd_(std::span(prd_page, kPrdEntries)),
      timer_([](void* channel) { schedule_work(*static_cast<IdeChannel*>(channel)); }, this) {}

base::Status IdeChannel::start(unsigned irq) {
  control_.write({.no_interrupt = true});
  for (unsigned unit = 0; unit < kUnits; ++unit) identify(unit);
  if (!drives_[0].identity && !drives_[1].identity) return {};
  TRY(arch::register_irq(irq, *this));
  (void)status_.read();
  dma_status_.write({.error = true, .interrupt = true});
  control_.write({.no_interrupt = false});
  return {};
}

void IdeChannel::identify(unsigned unit) {
  select_.write({.unit = static_cast<uint8_t>(unit)});
  for (int i = 0; i < 4; ++i) (void)alternate_status_.read();  // 400 ns for the selection.
  const uint8_t raw = std::bit_cast<uint8_t>(alternate_status_.read());
  if (raw == kFloatingBus || raw == 0) return;
  sector_count_.write(0);
  lba_low_.write(0);
  lba_mid_.write(0);
  lba_high_.write(0);
  command_.write(AtaCommand::kIdentify);
  if (std::bit_cast<uint8_t>(status_.read()) == 0 || !wait_not_busy()) return;
  // Packet devices (CD-ROM) refuse and leave their signature here.
  if (lba_mid_.read() != 0 || lba_high_.read() != 0) return;
  if (!wait_data_request()) return;
  AtaIdentifyWords words;
  for (uint16_t& word : words) word = data_.read();
  drives_[unit].identity = parse_identity(words);
}

bool IdeChannel::wait_not_busy() const {
  for (int i = 0; i < kPatience; ++i) {
    if (!alternate_status_.read().busy) return true;
  }
  return false;
}

bool IdeChannel::wait_data_request() const {
  for (int i = 0; i < kPatience; ++i) {
    const AtaStatus status = alternate_status_.read();
    if (status.busy) continue;
    if (status.error || status.fault) return false;
    if (status.data_request) return true;
  }
  return false;
}

void IdeChannel::reset() {
  dma_command_.write({});
  control_.write({.reset = true});
  for (int i = 0; i < 100; ++i) (void)alternate_status_.read();  // At least 5 us.
  control_.write({});
  wait_not_busy();
  (void)status_.read();
  dma_status_.write({.error = true, .interrupt = true});
}

void IdeChannel::submit(unsigned unit, DiskTransfer& transfer) {
  drives_[unit].queue.add(transfer);
  if (batch_.empty()) start_next();
}

uint32_t IdeChannel::max_sectors() const {
  return drives_[unit_].identity->lba48 ? kMaxSectors : kLba28MaxSectors;
}

// The drives take turns while both have work.
bool IdeChannel::choose_drive() {
  for (unsigned i = 1; i <= kUnits; ++i) {
    const unsigned candidate = (unit_ + i) % kUnits;
    if (drives_[candidate].queue.empty()) continue;
    unit_ = candidate;
    return true;
  }
  return false;
}

void IdeChannel::start_next() {
  if (BlockTransfer* retry = retries_.pop_front()) {
    batch_.push_back(retry);
  } else {
    if (!choose_drive()) return;
    drives_[unit_].queue.take(batch_, max_sectors(), kMaxMerged);
  }
  operation_ = batch_.front()->operation;
  batch_sector_ = batch_.front()->sector;
  batch_sectors_ = static_cast<uint32_t>(batch_.back()->end() - batch_sector_);
  batch_done_ = 0;
  start_command();
}

void IdeChannel::start_command() {
  command_active_ = true;
  timer_.set(kern::Deadline::after_ms(kTimeoutMs));
  // A drive that stays busy is caught by the timeout like one that never answers.
  if (!wait_not_busy()) return;
  if (operation_ == BlockOperation::kFlush) {
    command_sectors_ = 0;
    return issue(0, 0);
  }
  command_sectors_ = std::min(batch_sectors_ - batch_done_, max_sectors());
  build_prd_table(batch_done_, command_sectors_);
  dma_table_.write(prd_address_);
  const bool to_memory = operation_ == BlockOperation::kRead;
  dma_command_.write({.to_memory = to_memory});
  dma_status_.write({.error = true, .interrupt = true});
  issue(batch_sector_ + batch_done_, command_sectors_);
  dma_command_.write({.start = true, .to_memory = to_memory});
}

// Describes sectors [first, first + count) of the batch.
void IdeChannel::build_prd_table(uint32_t first, uint32_t count) {
  prd_.clear();
  uint32_t position = 0;
  for (BlockTransfer& t : batch_) {
    const auto& transfer = static_cast<const DiskTransfer&>(t);
    const uint32_t from = std::max(position, first);
    const uint32_t to = std::min(position + transfer.sectors, first + count);
    if (from < to) add_to_prd_table(transfer, from - position, to - from);
    position += transfer.sectors;
  }
  prd_.finish();
}

// Never fills the table: kMaxSectors take an entry for each page and, of each transfer, one more.
void IdeChannel::add_to_prd_table(const DiskTransfer& transfer, uint32_t first, uint32_t count) {
  static_assert(kMaxSectors * kSectorSize / arch::kPageSize + 2 * kMaxMerged <= kPrdEntries);
  const vm::DmaBuffer& memory = *transfer.memory;
  uint32_t offset = memory.page_offset() + first * static_cast<uint32_t>(kSectorSize);
  uint32_t bytes = count * static_cast<uint32_t>(kSectorSize);
  while (bytes != 0) {
    const uint32_t in_page = offset & (arch::kPageSize - 1);
    const uint32_t part = std::min(bytes, arch::kPageSize - in_page);
    (void)prd_.add(memory.page(offset >> arch::kPageShift) + in_page, part);
    offset += part;
    bytes -= part;
  }
}

void IdeChannel::issue(uint64_t sector, uint32_t count) {
  const bool flush = operation_ == BlockOperation::kFlush;
  const bool extended = flush ? drives_[unit_].identity->lba48
                              : sector + count > kLba28Limit || count > kLba28MaxSectors;
  if (flush) {
    select_.write({.unit = static_cast<uint8_t>(unit_)});
  } else {
    write_address(sector, count, extended);
  }
  command_.write(command_for(extended));
}

void IdeChannel::write_address(uint64_t sector, uint32_t count, bool extended) {
  const auto byte = [](uint64_t value, unsigned shift) {
    return static_cast<uint8_t>(value >> shift);
  };
  const uint8_t top = extended ? 0 : byte(sector, 24) & 0x0f;
  select_.write({.lba_high = top, .unit = static_cast<uint8_t>(unit_)});
  if (extended) {  // The registers are two deep; the upper half goes first.
    sector_count_.write(byte(count, 8));
    lba_low_.write(byte(sector, 24));
    lba_mid_.write(byte(sector, 32));
    lba_high_.write(byte(sector, 40));
  }
  sector_count_.write(byte(count, 0));  // 0 stands for 256 in a 28-bit command.
  lba_low_.write(byte(sector, 0));
  lba_mid_.write(byte(sector, 8));
  lba_high_.write(byte(sector, 16));
}

AtaCommand IdeChannel::command_for(bool extended) const {
  switch (operation_) {
    case BlockOperation::kRead:
      return extended ? AtaCommand::kReadDmaExt : AtaCommand::kReadDma;
    case BlockOperation::kWrite:
      return extended ? AtaCommand::kWriteDmaExt : AtaCommand::kWriteDma;
    case BlockOperation::kFlush:
      break;
  }
  return extended ? AtaCommand::kFlushCacheExt : AtaCommand::kFlushCache;
}

void IdeChannel::handle_irq(unsigned) {
  const BusMasterStatus dma = dma_status_.read();
  if (!dma.interrupt) return;  // Another device on the line.
  dma_command_.write({});
  const AtaStatus status = status_.read();
  dma_status_.write({.error = true, .interrupt = true});
  if (!command_active_ || status.busy) return;
  finish_command(!status.error && !status.fault && !dma.error);
}

void IdeChannel::run_work() {
  // The interrupt came after all, and perhaps the next command is under way already.
  if (!command_active_ || timer_.armed()) return;
  kern::print("ide: unit %u: command timed out at sector %llu\n", unit_,
              static_cast<unsigned long long>(batch_sector_ + batch_done_));
  reset();
  finish_command(false);
}

void IdeChannel::finish_command(bool ok) {
  command_active_ = false;
  timer_.cancel();
  if (!ok) return retry_batch();
  batch_done_ += command_sectors_;
  if (batch_done_ < batch_sectors_) return start_command();
  finish_batch(D_SUCCESS);
}

// After an error nobody knows how far the command came: everything again, one by one and in the old
// order, before later requests that may touch the same sectors.
void IdeChannel::retry_batch() {
  const bool single = batch_.next(batch_.front()) == nullptr;
  if (single && ++first_in_batch()->attempts >= kMaxAttempts) {
    kern::print("ide: unit %u: error at sector %llu\n", unit_,
                static_cast<unsigned long long>(batch_sector_ + batch_done_));
    return finish_batch(D_IO_ERROR);
  }
  while (BlockTransfer* transfer = batch_.back()) {
    batch_.remove(transfer);
    retries_.push_front(transfer);
  }
  start_next();
}

void IdeChannel::finish_batch(io_return_t result) {
  BlockTransferList finished;
  finished.splice_back(batch_);
  start_next();
  while (BlockTransfer* transfer = finished.pop_front()) {
    static_cast<DiskTransfer*>(transfer)->done(result);
  }
}

}  // namespace device
