#include "kernel/device/ide_controller.h"

#include <array>
#include <new>

#include "kernel/device/disk_device.h"
#include "kernel/device/ide_channel.h"
#include "kernel/device/pci.h"
#include "kernel/kern/print.h"
#include "kernel/vm/page_allocator.h"

namespace device {
namespace {

constexpr uint8_t kMassStorage = 1;
constexpr uint8_t kIde = 1;
constexpr uint8_t kBusMasterCapable = 0x80;
constexpr unsigned kBusMasterBar = 4;
constexpr uint16_t kBusMasterPortsPerChannel = 8;
constexpr unsigned kChannels = 2;

// Where a channel is in compatibility mode, and which bit of the programming interface says that it
// is in native mode instead.
struct ChannelPlace {
  uint16_t command;
  uint16_t control;
  unsigned irq;
  uint8_t native_bit;
  unsigned command_bar;
};
constexpr std::array<ChannelPlace, kChannels> kPlaces{{
    {0x1f0, 0x3f6, 14, 0x01, 0},
    {0x170, 0x376, 15, 0x04, 2},
}};

class ControllerProbe {
 public:
  void probe(const PciFunction& function) {
    const PciClass what = function.device_class();
    if (what.base != kMassStorage || what.sub != kIde) return;
    if ((what.interface & kBusMasterCapable) == 0) return;
    const PciBar bus_master = function.bar(kBusMasterBar);
    if (bus_master.space != PciBar::Space::kIo || bus_master.address == 0) return;
    function.enable_bus_master();
    for (unsigned i = 0; i < kChannels; ++i) {
      const auto base = static_cast<uint16_t>(bus_master.address + i * kBusMasterPortsPerChannel);
      add_channel(function, what, kPlaces[i], base);
    }
  }

 private:
  void add_channel(const PciFunction& function, PciClass what, const ChannelPlace& place,
                   uint16_t bus_master) {
    IdeChannel::Ports ports{place.command, place.control, bus_master};
    unsigned irq = place.irq;
    if (what.interface & place.native_bit) {
      ports.command = static_cast<uint16_t>(function.bar(place.command_bar).address);
      // The control block is four ports, of which the third is the register.
      ports.control = static_cast<uint16_t>(function.bar(place.command_bar + 1).address + 2);
      irq = function.interrupt_line();
    }
    auto* prd_page = static_cast<PrdEntry*>(vm::allocate_kernel_pages(1));
    if (!prd_page) return;
    auto* channel = new (std::nothrow) IdeChannel(ports, prd_page);
    if (!channel || !channel->start(irq).ok()) {
      // A channel that has seen its interrupt line stays, so that the line has a handler.
      kern::print("ide: no memory or interrupt line for a channel\n");
      return;
    }
    for (unsigned unit = 0; unit < IdeChannel::kUnits; ++unit) add_disk(*channel, unit);
  }

  void add_disk(IdeChannel& channel, unsigned unit) {
    const auto& identity = channel.identity(unit);
    if (!identity) return;
    auto disk = DiskDevice::create(DeviceName("hd", next_number_), channel, unit);
    if (!disk.ok()) return;
    add_device(*disk.value());
    kern::print("hd%u: %s, %llu MiB\n", next_number_, identity->model,
                static_cast<unsigned long long>(identity->sectors >> 11));
    ++next_number_;
  }

  unsigned next_number_ = 0;
};

}  // namespace

void add_ide_disks() {
  ControllerProbe controllers;
  PciWalker walker;
  while (const auto function = walker.next()) controllers.probe(*function);
}

}  // namespace device
