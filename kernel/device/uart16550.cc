#include "kernel/device/uart16550.h"

namespace device {
namespace {

constexpr uint32_t kClock = 115200;  // Speed at divisor 1.

}  // namespace

bool Uart16550::present() const {
  // The scratch register keeps what is written; where no port decodes the address, reads float.
  constexpr uint8_t kPattern = 0x5a;
  scratch_.write(kPattern);
  return scratch_.read() == kPattern;
}

base::Status Uart16550::start(unsigned irq) {
  interrupt_enable_.write({});
  set_speed(kDefaultSpeed);
  fifo_control_.write(kEnableAndClearFifos);
  modem_control_.write({});
  TRY(arch::register_irq(irq, *this));
  started_ = true;
  update_interrupts();
  return {};
}

size_t Uart16550::write(std::span<const uint8_t> bytes) {
  size_t taken = 0;
  while (taken < bytes.size()) {
    if (!output_.push(bytes[taken])) {
      transmit();
      if (!output_.push(bytes[taken])) break;
    }
    ++taken;
  }
  transmit();
  client_waits_ = taken < bytes.size();
  update_interrupts();
  return taken;
}

void Uart16550::write_polled(std::span<const uint8_t> bytes) {
  const auto send = [this](uint8_t byte) {
    // A port that stays busy this long is not there; output is lost then, the caller is not.
    for (int spin = 0; spin < 1'000'000 && !line_status_.read().transmit_holding_empty; ++spin) {
    }
    data_.write(byte);
  };
  while (!output_.empty()) send(output_.pop());
  for (uint8_t byte : bytes) send(byte);
}

void Uart16550::discard_output() {
  output_.clear();
  update_interrupts();
}

void Uart16550::set_stopped(bool stopped) {
  stopped_ = stopped;
  transmit();
  update_interrupts();
}

bool Uart16550::set_speed(uint32_t speed) {
  if (speed == 0 || speed > kClock || kClock / speed > 0xffff) return false;
  const auto divisor = static_cast<uint16_t>(kClock / speed);
  line_control_.write({.divisor_access = true});
  data_.write(static_cast<uint8_t>(divisor));
  IoRegister<uint8_t>(interrupt_enable_.port()).write(static_cast<uint8_t>(divisor >> 8));
  line_control_.write({});
  speed_ = speed;
  return true;
}

void Uart16550::set_break(bool on) { line_control_.write({.send_break = on}); }

Uart16550::ModemLines Uart16550::modem_lines() const {
  const ModemStatus status = modem_status_.read();
  return {status.clear_to_send, status.data_set_ready, status.ring, status.carrier};
}

void Uart16550::handle_irq(unsigned) {
  while ((interrupt_identity_.read() & kNoInterrupt) == 0) {
    receive_all();
    transmit();
    (void)modem_status_.read();  // Acknowledges a change of the modem lines.
    update_interrupts();
    if (client_waits_ && output_.space() != 0) {
      client_waits_ = false;
      if (client_) client_->on_output_ready();
    }
  }
}

void Uart16550::receive_all() {
  while (line_status_.read().data_ready) {
    const uint8_t byte = data_.read();
    if (client_) client_->on_input(byte);
  }
}

// Moves bytes to the hardware while it takes them.
void Uart16550::transmit() {
  while (!stopped_ && !output_.empty() && line_status_.read().transmit_holding_empty) {
    for (size_t i = 0; i < kFifoSize && !output_.empty(); ++i) data_.write(output_.pop());
  }
}

// The transmitter interrupts only while there is something to send.
void Uart16550::update_interrupts() {
  if (!started_) return;
  const bool transmitting = !stopped_ && (!output_.empty() || client_waits_);
  interrupt_enable_.write({.received = true, .transmitter_empty = transmitting});
}

}  // namespace device
