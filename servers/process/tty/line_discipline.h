// LineDiscipline: what a terminal makes of the bytes typed at it and written to it. No kernel call,
// no process: effects go through TerminalEvents. Source: POSIX, General Terminal Interface.
#pragma once

#include <deque>
#include <span>
#include <string>

#include "servers/process/tty/termios.h"

namespace process::tty {

class TerminalEvents {
 public:
  // Bytes for the screen.
  virtual void output(std::string_view bytes) = 0;
  // A signal character: 1..64, to the foreground process group.
  virtual void signal_foreground(int signal) = 0;

 protected:
  ~TerminalEvents() = default;
};

class LineDiscipline {
 public:
  static constexpr size_t kMaxInput = 4096;

  explicit LineDiscipline(TerminalEvents& events) : events_(events) {}

  // Bytes from the keyboard or line.
  void input(std::string_view bytes);
  // Bytes a program writes: translated (OPOST) and sent to the screen.
  void write(std::string_view bytes);

  // Whether a read can be answered: a line (canonical), or enough bytes by VMIN.
  [[nodiscard]] bool readable() const;
  // Takes input: at most one line in canonical mode. 0 bytes with readable(): end of file.
  size_t read(std::span<uint8_t> data);
  [[nodiscard]] size_t available() const;

  [[nodiscard]] const Termios& termios() const { return termios_; }
  void set_termios(const Termios& termios);
  void flush_input();

 private:
  void input_byte(uint8_t byte);
  bool signal_byte(uint8_t byte);
  bool edit_byte(uint8_t byte);
  void accept(uint8_t byte);
  void end_line();
  void erase_one(bool echo);
  void erase_word();
  void erase_line();
  void echo(uint8_t byte);
  void write_byte(uint8_t byte, std::string& out);
  [[nodiscard]] bool local(uint32_t flag) const { return (termios_.local & flag) != 0; }
  [[nodiscard]] uint8_t character(ControlCharacter c) const { return termios_.characters[c]; }
  [[nodiscard]] bool is(uint8_t byte, ControlCharacter c) const {
    return character(c) != 0 && byte == character(c);
  }

  // An input byte, or the mark that ends a "line" without a byte (VEOF).
  static constexpr uint16_t kEofMark = 0x100;

  TerminalEvents& events_;
  Termios termios_ = kDefaultTermios;
  std::string line_;              // being edited
  std::deque<uint16_t> ready_;    // may be read
  size_t lines_ = 0;              // complete lines (or marks) in ready_
  bool literal_ = false;          // VLNEXT was typed
};

}  // namespace process::tty
