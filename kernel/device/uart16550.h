// Uart16550: a PC serial port with FIFOs, interrupt driven both ways.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernel/arch/interrupts.h"
#include "kernel/device/byte_ring.h"
#include "kernel/device/io_register.h"
#include "libs/base/result.h"

namespace device {

class Uart16550 final : public arch::IrqHandler {
 public:
  // Who gets what the port receives. Called from the interrupt handler.
  class Client {
   public:
    virtual void on_input(uint8_t byte) = 0;
    // There is room for output again.
    virtual void on_output_ready() = 0;

   protected:
    ~Client() = default;
  };

  // Modem lines, as the hardware has them.
  struct ModemLines {
    bool clear_to_send;
    bool data_set_ready;
    bool ring;
    bool carrier;
  };

  static constexpr uint32_t kDefaultSpeed = 115200;

  // `base`: first of the eight ports.
  explicit constexpr Uart16550(uint16_t base)
      : data_(base),
        interrupt_enable_(base + 1),
        interrupt_identity_(base + 2),
        fifo_control_(base + 2),
        line_control_(base + 3),
        modem_control_(base + 4),
        line_status_(base + 5),
        modem_status_(base + 6),
        scratch_(base + 7) {}

  // Whether a port answers at all.
  [[nodiscard]] bool present() const;
  // Programs 8N1 at the default speed and attaches the interrupt. Errors of arch::register_irq.
  base::Status start(unsigned irq);

  // Null: input is dropped.
  void set_client(Client* client) { client_ = client; }
  [[nodiscard]] Client* client() const { return client_; }

  // Takes as many bytes as there is room for; on_output_ready follows if that is not all.
  size_t write(std::span<const uint8_t> bytes);
  // Sends everything without interrupts, after what write() took.
  void write_polled(std::span<const uint8_t> bytes);
  // Forgets output that has not left yet.
  void discard_output();
  // Holds output back, or lets it go on.
  void set_stopped(bool stopped);

  // Bits a second; false when the hardware cannot do that.
  bool set_speed(uint32_t speed);
  [[nodiscard]] uint32_t speed() const { return speed_; }
  void set_break(bool on);
  [[nodiscard]] ModemLines modem_lines() const;

  void handle_irq(unsigned irq) override;

 private:
  struct InterruptEnable {
    bool received : 1 = false;
    bool transmitter_empty : 1 = false;
    uint8_t unused : 6 = 0;
  };
  struct LineControl {
    uint8_t bits : 2 = 3;  // 8 bits
    uint8_t stop_and_parity : 4 = 0;
    bool send_break : 1 = false;
    bool divisor_access : 1 = false;
  };
  struct ModemControl {
    bool terminal_ready : 1 = true;
    bool request_to_send : 1 = true;
    bool out1 : 1 = false;
    bool interrupt_gate : 1 = true;  // OUT2 connects the interrupt on a PC
    uint8_t unused : 4 = 0;
  };
  struct LineStatus {
    bool data_ready : 1;
    uint8_t errors : 4;
    bool transmit_holding_empty : 1;
    bool idle : 1;
    bool fifo_error : 1;
  };
  struct ModemStatus {
    uint8_t changes : 4;
    bool clear_to_send : 1;
    bool data_set_ready : 1;
    bool ring : 1;
    bool carrier : 1;
  };
  // Register 2: identification when read, FIFO control when written.
  static constexpr uint8_t kNoInterrupt = 1;
  static constexpr uint8_t kEnableAndClearFifos = 0xc7;
  static constexpr size_t kFifoSize = 16;
  static constexpr size_t kOutputCapacity = 2048;

  void receive_all();
  void transmit();
  void update_interrupts();

  IoRegister<uint8_t> data_;
  IoRegister<InterruptEnable> interrupt_enable_;
  IoRegister<uint8_t> interrupt_identity_;
  IoRegister<uint8_t> fifo_control_;
  IoRegister<LineControl> line_control_;
  IoRegister<ModemControl> modem_control_;
  IoRegister<LineStatus> line_status_;
  IoRegister<ModemStatus> modem_status_;
  IoRegister<uint8_t> scratch_;

  Client* client_ = nullptr;
  uint32_t speed_ = kDefaultSpeed;
  bool started_ = false;
  bool stopped_ = false;
  bool client_waits_ = false;  // write() refused bytes.
  ByteRing<kOutputCapacity> output_;
};

}  // namespace device
