#include "servers/process/tty/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace process {
namespace {

using base::Error;
using base::Result;
using server::IoctlRequest;
using server::IoctlResult;

constexpr int kSigHup = 1, kSigContinue = 18, kSigWindow = 28;

// ioctl_tty(2).
enum TerminalRequest : uint32_t {
  kGetTermios = 0x5401,
  kSetTermios = 0x5402,
  kSetTermiosDrain = 0x5403,
  kSetTermiosFlush = 0x5404,
  kSendBreak = 0x5409,
  kFlowControl = 0x540a,
  kFlush = 0x540b,
  kGetGroup = 0x540f,
  kSetGroup = 0x5410,
  kOutputQueue = 0x5411,
  kGetWindow = 0x5413,
  kSetWindow = 0x5414,
  kInputQueue = 0x541b,
  kGetSession = 0x5429,
};

template <typename T>
IoctlResult result_of(const T& value) {
  IoctlResult result;
  result.data.resize(sizeof value);
  std::memcpy(result.data.data(), &value, sizeof value);
  return result;
}

template <typename T>
Result<T> argument_of(const IoctlRequest& request) {
  T value;
  if (request.data.size() < sizeof value) return Error(EINVAL);
  std::memcpy(&value, request.data.data(), sizeof value);
  return value;
}

}  // namespace

base::Ref<TerminalFile> Terminal::open(int flags) {
  return base::adopt_ref(new TerminalFile(*this, flags));
}

void Terminal::wake_all() {
  for (TerminalFile* file : files_) file->became_ready();
}

void Terminal::make_raw() {
  tty::Termios termios = discipline_.termios();
  termios.input = termios.output = termios.local = 0;
  discipline_.set_termios(termios);
}

void Terminal::receive(std::string_view bytes) {
  discipline_.input(bytes);
  if (discipline_.readable()) wake_all();
}

void Terminal::hang_up() {
  hung_up_ = true;
  if (session_ != 0) {
    signal_group_(session_, kSigHup);
    signal_group_(session_, kSigContinue);
  }
  wake_all();
}

void Terminal::signal_foreground(int signal) {
  if (foreground_ != 0) signal_group_(foreground_, signal);
}

void Terminal::set_foreground(int pgid) {
  foreground_ = pgid;
  if (on_foreground) on_foreground(*this);
}

base::Status Terminal::set_foreground_checked(int pgid) {
  if (pgid < 0) return Error(EINVAL);
  if (!group_exists || !group_exists(pgid, session_)) return Error(EPERM);
  set_foreground(pgid);
  return {};
}

void Terminal::set_window(const tty::WindowSize& size) {
  const bool changed = std::memcmp(&window_, &size, sizeof size) != 0;
  window_ = size;
  if (changed) signal_foreground(kSigWindow);
}

Result<IoctlResult> Terminal::control(const IoctlRequest& request) {
  switch (request.request) {
    case kGetTermios: return result_of(discipline_.termios());
    case kSetTermiosFlush:
    case kSetTermiosDrain:
    case kSetTermios: {
      const auto termios = TRY(argument_of<tty::Termios>(request));
      if (request.request == kSetTermiosFlush) discipline_.flush_input();
      discipline_.set_termios(termios);
      wake_all();
      return IoctlResult{};
    }
    case kFlush:
      if (request.argument != 1) discipline_.flush_input();  // TCOFLUSH: output is never queued
      return IoctlResult{};
    case kSendBreak:
    case kFlowControl: return IoctlResult{};  // output is sent at once: nothing to drain or hold
    case kGetGroup: return result_of(foreground_);
    case kSetGroup: {
      const int pgid = TRY(argument_of<int>(request));
      TRY(set_foreground_checked(pgid));
      return IoctlResult{};
    }
    case kGetSession: return result_of(session_);
    case kGetWindow: return result_of(window_);
    case kSetWindow: set_window(TRY(argument_of<tty::WindowSize>(request))); return IoctlResult{};
    case kInputQueue:
      return result_of(discipline_.readable() ? static_cast<int>(discipline_.available()) : 0);
    case kOutputQueue: return result_of(0);
    default: return Error(ENOTTY);
  }
}

TerminalFile::TerminalFile(Terminal& terminal, int flags) : OpenObject(flags), terminal_(terminal) {
  terminal_.files_.push_back(this);
}

TerminalFile::~TerminalFile() { std::erase(terminal_.files_, this); }

Result<io_stat_t> TerminalFile::attributes() {
  io_stat_t attributes{};
  attributes.st_mode = S_IFCHR | 0620;
  attributes.st_nlink = 1;
  attributes.st_rdev = terminal_.device();
  attributes.st_ino = terminal_.device();
  attributes.st_dev = 5;
  attributes.st_blksize = 1024;
  return attributes;
}

// The owner of a terminal is not kept: changing it is accepted only as far as it has no effect.
base::Status TerminalFile::change(const server::AttributeChange& change) {
  if ((change.which & FS_SET_SIZE) != 0) return {};
  return Error(EPERM);
}

Result<size_t> TerminalFile::read(int64_t, std::span<uint8_t> data) {
  if ((flags() & O_ACCMODE) == O_WRONLY) return Error(EBADF);
  if (terminal_.hung_up()) return size_t{0};
  if (!terminal_.discipline_.readable()) return Error(EAGAIN);
  return terminal_.discipline_.read(data);
}

Result<size_t> TerminalFile::write(int64_t, bool, std::span<const uint8_t> data, int64_t* end) {
  *end = 0;
  if ((flags() & O_ACCMODE) == O_RDONLY) return Error(EBADF);
  if (terminal_.hung_up()) return Error(EIO);
  terminal_.discipline_.write({reinterpret_cast<const char*>(data.data()), data.size()});
  return data.size();
}

Result<IoctlResult> TerminalFile::ioctl(const IoctlRequest& request) {
  return terminal_.control(request);
}

int TerminalFile::poll(int events) {
  int ready = POLLOUT | POLLWRNORM;
  if (terminal_.discipline_.readable()) ready |= POLLIN | POLLRDNORM;
  if (terminal_.hung_up()) ready |= POLLHUP | POLLIN;
  return ready & (events | POLLHUP);
}

}  // namespace process
