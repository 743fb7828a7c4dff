// Ps2Keyboard: the keyboard behind the PC's 8042 controller.
#pragma once

#include <cstdint>

#include "kernel/arch/interrupts.h"
#include "kernel/device/io_register.h"
#include "kernel/device/keyboard_decoder.h"
#include "libs/base/result.h"

namespace device {

class Ps2Keyboard final : public arch::IrqHandler {
 public:
  // Gets the bytes the keys send. Called from the interrupt handler.
  class Client {
   public:
    virtual void on_input(uint8_t byte) = 0;

   protected:
    ~Client() = default;
  };

  explicit Ps2Keyboard(Client& client) : client_(client) {}

  // Makes the controller translate to scan code set 1 and interrupt for each code.
  base::Status start();

  void handle_irq(unsigned irq) override;

 private:
  static constexpr unsigned kIrq = 1;

  struct ControllerStatus {
    bool output_full : 1;  // The controller has a byte for us.
    bool input_full : 1;   // It has not taken our last byte yet.
    uint8_t flags : 3;
    bool from_mouse : 1;
    uint8_t errors : 2;
  };
  enum class Command : uint8_t {
    kReadConfiguration = 0x20,
    kWriteConfiguration = 0x60,
    kEnableKeyboard = 0xae,
  };
  struct Configuration {
    bool keyboard_interrupt : 1;
    bool mouse_interrupt : 1;
    uint8_t flags : 2;
    bool keyboard_off : 1;
    bool mouse_off : 1;
    bool translate : 1;
    uint8_t unused : 1;
  };

  void wait_until_writable() const;
  void send(Command command) const;
  // False: no answer in time.
  bool read_answer(uint8_t& answer) const;
  void drain() const;

  IoRegister<uint8_t> data_{0x60};
  IoRegister<ControllerStatus> status_{0x64};
  IoRegister<Command> command_{0x64};
  Client& client_;
  KeyboardDecoder decoder_;
};

}  // namespace device
