// TtyDevice: a byte stream in two directions, with a terminal or a line at the other end.
#pragma once

#include <device/tty_status.h>

#include "kernel/device/byte_ring.h"
#include "kernel/device/device.h"
#include "kernel/device/work.h"

namespace device {

// Raw: echo, editing and signals are the business of whoever serves terminals to programs.
//
// A read waits for one byte at least and takes what is there; reads are served in order. A read
// whose answer nobody awaits any more is dropped and takes no input. Input that comes while nobody
// reads is kept up to a limit.
class TtyDevice : public Device, public WorkItem {
 public:
  void close() override;
  void cancel(const OpenDevice& opener) override;
  void read(IoRequestPtr request) override;
  void write(IoRequestPtr request) override;
  // TTY_STATUS, TTY_MODEM; set also TTY_FLUSH, TTY_STOP, TTY_START, TTY_SET_BREAK, TTY_CLEAR_BREAK.
  io_return_t get_status(int flavor, std::span<int> status, size_t& count) override;
  io_return_t set_status(int flavor, std::span<const int> status) override;

  void run_work() override;

 protected:
  using Device::Device;
  ~TtyDevice() = default;

  // --- what the hardware does
  // Takes as many bytes as there is room for now; output_ready() follows if that is not all.
  virtual size_t output(std::span<const uint8_t> bytes) = 0;
  virtual void discard_output() {}
  virtual void stop_output(bool) {}
  virtual void send_break(bool) {}
  // One of the B_ codes of <device/tty_status.h>, or bits a second. False: impossible.
  virtual bool set_speed(int) { return true; }
  [[nodiscard]] virtual int speed() const { return B9600; }
  // TM_ bits.
  [[nodiscard]] virtual int modem_lines() const { return TM_CAR; }

  // --- what the hardware's interrupt handler calls
  void receive(uint8_t byte);
  void output_ready() { schedule_work(*this); }

 private:
  static constexpr size_t kInputCapacity = 4096;

  void serve_reads();
  void serve_writes();
  // Hands over as much as fits; true when the request is written completely.
  bool write_some(IoRequest& request);
  void drop_unwanted_reads();
  io_return_t set_line(std::span<const int> status);
  io_return_t flush(std::span<const int> status);

  ByteRing<kInputCapacity> input_;
  IoRequestList waiting_reads_;
  IoRequestList waiting_writes_;
  int break_character_ = 0;
  int flags_ = TF_ANYP | TF_LITOUT;
};

}  // namespace device
