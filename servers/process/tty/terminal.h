// Terminal: a tty as programs see it: line discipline, session, foreground group, ioctls.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "libs/server/open_object.h"
#include "servers/process/tty/line_discipline.h"

namespace process {

class TerminalFile;

// The other side of a terminal: a screen and keyboard, or a pty's master.
class TerminalLine {
 public:
  virtual ~TerminalLine() = default;
  virtual void transmit(std::string_view bytes) = 0;
};

class Terminal final : public tty::TerminalEvents {
 public:
  // `signal_group(pgid, signal)` posts a signal to a process group.
  using SignalGroup = std::function<void(int pgid, int signal)>;

  Terminal(std::string name, uint32_t device, TerminalLine& line, SignalGroup signal_group)
      : name_(std::move(name)), device_(device), line_(line),
        signal_group_(std::move(signal_group)) {}
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] uint32_t device() const { return device_; }

  // An open file of it. `flags`: Linux O_*.
  base::Ref<TerminalFile> open(int flags);

  // No translation, echo or line editing: how a line for data begins.
  void make_raw();

  // Bytes from the line.
  void receive(std::string_view bytes);
  // The line is gone: SIGHUP to the session's leader, end of file for readers.
  void hang_up();
  [[nodiscard]] bool hung_up() const { return hung_up_; }

  // Job control. 0: none.
  [[nodiscard]] int session() const { return session_; }
  [[nodiscard]] int foreground() const { return foreground_; }
  void set_session(int sid) { session_ = sid; }
  void set_foreground(int pgid);
  // Called when the foreground group has changed, to publish it.
  std::function<void(Terminal&)> on_foreground;

  // Called by TIOCSPGRP: whether the group exists in the session.
  std::function<bool(int pgid, int sid)> group_exists;

  void output(std::string_view bytes) override { line_.transmit(bytes); }
  void signal_foreground(int signal) override;

 private:
  friend class TerminalFile;
  base::Result<server::IoctlResult> control(const server::IoctlRequest& request);
  base::Status set_foreground_checked(int pgid);
  void set_window(const tty::WindowSize& size);
  void wake_all();

  std::string name_;
  uint32_t device_;
  TerminalLine& line_;
  SignalGroup signal_group_;
  tty::LineDiscipline discipline_{*this};
  tty::WindowSize window_{};
  int session_ = 0;
  int foreground_ = 0;
  bool hung_up_ = false;
  std::vector<TerminalFile*> files_;
};

class TerminalFile final : public server::OpenObject {
 public:
  TerminalFile(Terminal& terminal, int flags);
  ~TerminalFile() override;

  [[nodiscard]] Terminal& terminal() const { return terminal_; }

  [[nodiscard]] int kind() const override { return IO_KIND_TERMINAL; }
  base::Result<io_stat_t> attributes() override;
  base::Status change(const server::AttributeChange& change) override;
  base::Result<size_t> read(int64_t position, std::span<uint8_t> data) override;
  base::Result<size_t> write(int64_t position, bool append, std::span<const uint8_t> data,
                             int64_t* end) override;
  base::Result<server::IoctlResult> ioctl(const server::IoctlRequest& request) override;
  int poll(int events) override;
  void became_ready() { ready(); }

 private:
  Terminal& terminal_;
};

}  // namespace process
