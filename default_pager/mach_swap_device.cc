#include "default_pager/mach_swap_device.h"

#include <mach.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include "default_pager/slot.h"

namespace default_pager {
namespace {

// Where an ext2 file system has its magic number.
constexpr size_t kExt2MagicOffset = 1024 + 56;
constexpr std::byte kExt2Magic[] = {std::byte{0x53}, std::byte{0xef}};

bool is_on(const MachDisk& disk, const paging_run_t& run) {
  return run.first <= disk.sectors() && run.count <= disk.sectors() - run.first;
}

struct Room {
  alignas(MachSwapDevice) std::byte bytes[sizeof(MachSwapDevice)];
  bool taken = false;
};
Room rooms[kMaxDevices];

}  // namespace

void* MachSwapDevice::operator new(size_t, const std::nothrow_t&) noexcept {
  Room* const room = std::ranges::find(rooms, false, &Room::taken);
  if (room == std::end(rooms)) return nullptr;
  room->taken = true;
  return room->bytes;
}

void MachSwapDevice::operator delete(void* device) { reinterpret_cast<Room*>(device)->taken = false; }

// No runs: all of the disk.
base::Result<std::unique_ptr<MachSwapDevice>> MachSwapDevice::make(mach_port_t device_master,
                                                                   const char* name, const char* device,
                                                                   std::span<const paging_run_t> runs,
                                                                   std::pmr::memory_resource& memory) {
  MachDisk disk = TRY(MachDisk::open(device_master, device));
  const paging_run_t everything{.first = 0, .count = disk.sectors()};
  if (runs.empty()) runs = {&everything, 1};
  if (!std::ranges::all_of(runs, [&](const paging_run_t& run) { return is_on(disk, run); })) {
    return base::Error(KERN_INVALID_ARGUMENT);
  }
  try {
    std::unique_ptr<MachSwapDevice> made(new (std::nothrow) MachSwapDevice(std::move(disk), name, memory));
    if (!made) return base::Error(KERN_RESOURCE_SHORTAGE);
    for (const paging_run_t& run : runs) made->sectors_.append(run.first, run.count);
    return made;
  } catch (const std::bad_alloc&) {
    return base::Error(KERN_RESOURCE_SHORTAGE);
  }
}

base::Result<std::unique_ptr<SwapDevice>> MachSwapDevice::open(mach_port_t device_master, const char* name,
                                                               std::pmr::memory_resource& memory) {
  auto device = TRY(make(device_master, name, name, {}, memory));
  TRY(device->refuse_file_system());
  return std::unique_ptr<SwapDevice>(std::move(device));
}

base::Result<std::unique_ptr<SwapDevice>> MachSwapDevice::open_runs(mach_port_t device_master,
                                                                    const char* name, const char* device,
                                                                    std::span<const paging_run_t> runs,
                                                                    std::pmr::memory_resource& memory) {
  if (runs.empty()) return base::Error(KERN_INVALID_ARGUMENT);
  return std::unique_ptr<SwapDevice>(TRY(make(device_master, name, device, runs, memory)));
}

base::Status MachSwapDevice::refuse_file_system() {
  if (page_count() == 0) return {};
  const PageBlock first = TRY(read(0, 1));
  const std::span<const std::byte> magic = first.bytes().subspan(kExt2MagicOffset, 2);
  if (magic[0] != kExt2Magic[0] || magic[1] != kExt2Magic[1]) return {};
  return base::Error(KERN_MEMORY_PRESENT);
}

// One transfer: what the pager put together itself would be memory that can be paged out, to a pager that reads.
base::Result<PageBlock> MachSwapDevice::read(uint32_t first, uint32_t count) {
  const SectorMap::Run run = sectors_.find(first, count);
  return disk_.read(run.sector, run.pages * kPageSize);
}

base::Status MachSwapDevice::write(uint32_t first, std::span<const std::byte> pages) {
  const auto count = static_cast<uint32_t>(pages.size() / kPageSize);
  for (uint32_t done = 0; done < count;) {
    const SectorMap::Run run = sectors_.find(first + done, count - done);
    TRY(disk_.write(run.sector, pages.subspan(size_t{done} * kPageSize, size_t{run.pages} * kPageSize)));
    done += run.pages;
  }
  return {};
}

}  // namespace default_pager
