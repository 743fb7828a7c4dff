#include "kernel/device/init.h"

#include <mach/time_value.h>

#include <array>
#include <new>
#include <string_view>

#include "kernel/arch/boot.h"
#include "kernel/arch/phys.h"
#include "kernel/device/console_device.h"
#include "kernel/device/ide_controller.h"
#include "kernel/device/master.h"
#include "kernel/device/memory_device.h"
#include "kernel/device/null_device.h"
#include "kernel/device/ps2_keyboard.h"
#include "kernel/device/serial_device.h"
#include "kernel/device/time_device.h"
#include "kernel/device/uart16550.h"
#include "kernel/device/vga_console.h"
#include "kernel/device/work.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/print.h"
#include "kernel/kern/time.h"
#include "kernel/vm/page_allocator.h"

namespace device {
namespace {

struct SerialPort {
  std::string_view name;
  uint16_t base;
  unsigned irq;
};
constexpr std::array<SerialPort, 2> kSerialPorts{{{"com0", 0x3f8, 4}, {"com1", 0x2f8, 3}}};

// Boot-time failure to get a few hundred bytes is not worth surviving.
template <typename T, typename... Args>
T& make(Args&&... args) {
  T* const object = new (std::nothrow) T(std::forward<Args>(args)...);
  if (!object) kern::panic("devices: out of memory");
  return *object;
}

// Where kern::print() writes once the console is up; works with interrupts off and in a panic. The
// serial line is served by the early console, which goes on.
VgaConsole* print_screen = nullptr;

void print_to_screen(const char* text, unsigned length) {
  for (unsigned i = 0; i < length; ++i) {
    const uint8_t c = static_cast<uint8_t>(text[i]);
    constexpr uint8_t kNewLine[] = {'\r', '\n'};
    print_screen->write(c == '\n' ? std::span(kNewLine) : std::span(&c, 1));
  }
}

// The first port that is there, for the console; null when none is.
Uart16550* add_serial_ports() {
  Uart16550* first = nullptr;
  for (const SerialPort& port : kSerialPorts) {
    auto& uart = make<Uart16550>(port.base);
    if (!uart.present() || !uart.start(port.irq).ok()) continue;
    add_device(make<SerialDevice>(port.name, uart));
    if (!first) first = &uart;
  }
  return first;
}

void add_console(Uart16550* uart) {
  auto& console = make<ConsoleDevice>();
  const std::string_view choice = arch::boot_option("console");
  if (uart && choice != "vga") console.use_serial(*uart);
  if (choice != "com0") {
    auto& screen = make<VgaConsole>();
    console.use_screen(screen);
    print_screen = &screen;
    arch::release_early_screen();
    kern::set_print_sink(print_to_screen);
    if (!make<Ps2Keyboard>(console).start().ok()) kern::print("keyboard: no interrupt\n");
  }
  add_device(console);
}

void add_time() {
  void* const page = vm::allocate_zeroed_kernel_page();
  if (!page) kern::panic("devices: out of memory");
  kern::set_mapped_time(static_cast<volatile mapped_time_value_t*>(page));
  add_device(make<TimeDevice>(arch::direct_to_phys(page)));
}

void add_modules() {
  uint32_t number = 0;
  for (const arch::BootModule& module : arch::boot_modules()) {
    add_device(
        make<MemoryDevice>(DeviceName("module", number++), module.start, module.size));
  }
}

}  // namespace

void init() {
  create_master_port();
  if (!start_worker().ok()) kern::panic("devices: no device thread");
  add_console(add_serial_ports());
  add_device(make<NullDevice>());
  add_time();
  add_modules();
  add_ide_disks();
}

}  // namespace device
