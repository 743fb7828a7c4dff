#include "kernel/device/ps2_keyboard.h"

#include <bit>

namespace device {
namespace {

constexpr int kPatience = 100'000;  // Status reads of about a microsecond each.

}  // namespace

base::Status Ps2Keyboard::start() {
  drain();
  send(Command::kEnableKeyboard);
  send(Command::kReadConfiguration);
  uint8_t raw = 0;
  if (read_answer(raw)) {
    auto configuration = std::bit_cast<Configuration>(raw);
    configuration.keyboard_interrupt = true;
    configuration.keyboard_off = false;
    configuration.translate = true;
    send(Command::kWriteConfiguration);
    wait_until_writable();
    data_.write(std::bit_cast<uint8_t>(configuration));
  }
  TRY(arch::register_irq(kIrq, *this));
  drain();  // An edge that came before the line was enabled would block all later ones.
  return {};
}

void Ps2Keyboard::handle_irq(unsigned) {
  for (ControllerStatus status = status_.read(); status.output_full; status = status_.read()) {
    const uint8_t code = data_.read();
    if (status.from_mouse) continue;
    for (char c : decoder_.decode(code)) client_.on_input(static_cast<uint8_t>(c));
  }
}

void Ps2Keyboard::wait_until_writable() const {
  for (int i = 0; i < kPatience && status_.read().input_full; ++i) {
  }
}

void Ps2Keyboard::send(Command command) const {
  wait_until_writable();
  command_.write(command);
}

bool Ps2Keyboard::read_answer(uint8_t& answer) const {
  for (int i = 0; i < kPatience; ++i) {
    if (!status_.read().output_full) continue;
    answer = data_.read();
    return true;
  }
  return false;
}

void Ps2Keyboard::drain() const {
  for (int i = 0; i < kPatience && status_.read().output_full; ++i) (void)data_.read();
}

}  // namespace device
