#include "servers/process/tty/line_discipline.h"

#include <algorithm>

namespace process::tty {
namespace {

constexpr int kSigInt = 2, kSigQuit = 3, kSigTtyStop = 20;
constexpr uint8_t kDelete = 0x7f;

bool is_control(uint8_t byte) { return byte < 0x20 || byte == kDelete; }
bool is_continuation(uint8_t byte) { return (byte & 0xc0) == 0x80; }  // of a UTF-8 sequence

}  // namespace

void LineDiscipline::input(std::string_view bytes) {
  for (const char c : bytes) input_byte(static_cast<uint8_t>(c));
}

void LineDiscipline::input_byte(uint8_t byte) {
  if ((termios_.input & kStrip) != 0) byte &= 0x7f;
  if (literal_) {
    literal_ = false;
    accept(byte);
    return;
  }
  if (signal_byte(byte)) return;
  if (byte == '\r') {
    if ((termios_.input & kIgnoreCr) != 0) return;
    if ((termios_.input & kCrToNl) != 0) byte = '\n';
  } else if (byte == '\n' && (termios_.input & kNlToCr) != 0) {
    byte = '\r';
  }
  if (local(kCanonical) && edit_byte(byte)) return;
  accept(byte);
}

bool LineDiscipline::signal_byte(uint8_t byte) {
  if (!local(kSignals)) return false;
  const int signal = is(byte, kIntr)   ? kSigInt
                     : is(byte, kQuit) ? kSigQuit
                     : is(byte, kSusp) ? kSigTtyStop
                                       : 0;
  if (signal == 0) return false;
  if (local(kEcho)) echo(byte);
  if (!local(kNoFlush)) flush_input();
  events_.signal_foreground(signal);
  return true;
}

// Editing characters of canonical mode.
bool LineDiscipline::edit_byte(uint8_t byte) {
  if (is(byte, kErase)) {
    erase_one(local(kEcho));
  } else if (is(byte, kKill)) {
    erase_line();
  } else if (is(byte, kWordErase) && local(kExtended)) {
    erase_word();
  } else if (is(byte, kLiteralNext) && local(kExtended)) {
    literal_ = true;
  } else if (is(byte, kReprint) && local(kExtended)) {
    events_.output("^R\r\n" + line_);
  } else if (is(byte, kEof)) {
    if (line_.empty()) {
      ready_.push_back(kEofMark);
      ++lines_;
    } else {
      end_line();
    }
  } else if (byte == '\n' || is(byte, kEol) || is(byte, kEol2)) {
    line_ += static_cast<char>(byte);
    if (local(kEcho) || (byte == '\n' && local(kEchoNl))) echo(byte);
    end_line();
  } else {
    return false;
  }
  return true;
}

void LineDiscipline::accept(uint8_t byte) {
  if (line_.size() + ready_.size() >= kMaxInput) {
    events_.output("\a");
    return;
  }
  if (local(kEcho)) echo(byte);
  if (local(kCanonical)) {
    line_ += static_cast<char>(byte);
  } else {
    ready_.push_back(byte);
  }
}

void LineDiscipline::end_line() {
  for (const char c : line_) ready_.push_back(static_cast<uint8_t>(c));
  // A line that VEOF ended has no end character of its own: the mark tells where it stops.
  if (line_.empty() || line_.back() != '\n') ready_.push_back(kEofMark);
  line_.clear();
  ++lines_;
}

void LineDiscipline::erase_one(bool echo_erase) {
  if (line_.empty()) return;
  uint8_t last = static_cast<uint8_t>(line_.back());
  line_.pop_back();
  while (is_continuation(last) && !line_.empty()) {
    last = static_cast<uint8_t>(line_.back());
    line_.pop_back();
  }
  if (!echo_erase || !local(kEchoErase)) return;
  const int width = is_control(last) && last != '\t' && local(kEchoControl) ? 2 : 1;
  for (int i = 0; i < width; ++i) events_.output("\b \b");
}

void LineDiscipline::erase_word() {
  while (!line_.empty() && line_.back() == ' ') erase_one(local(kEcho));
  while (!line_.empty() && line_.back() != ' ') erase_one(local(kEcho));
}

void LineDiscipline::erase_line() {
  const bool visibly = local(kEcho) && local(kEchoKill) && local(kEchoKillErase);
  while (!line_.empty()) erase_one(visibly);
  if (local(kEcho) && local(kEchoKill) && !visibly) events_.output("\r\n");
}

void LineDiscipline::echo(uint8_t byte) {
  std::string out;
  if (is_control(byte) && byte != '\n' && byte != '\t' && byte != '\r' && local(kEchoControl)) {
    out += '^';
    out += static_cast<char>(byte == kDelete ? '?' : byte + '@');
  } else {
    write_byte(byte, out);
  }
  events_.output(out);
}

void LineDiscipline::write(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 16);
  for (const char c : bytes) write_byte(static_cast<uint8_t>(c), out);
  events_.output(out);
}

void LineDiscipline::write_byte(uint8_t byte, std::string& out) {
  if ((termios_.output & kPost) != 0) {
    if (byte == '\n' && (termios_.output & kNlToCrNl) != 0) out += '\r';
    if (byte == '\r' && (termios_.output & kOutCrToNl) != 0) byte = '\n';
  }
  out += static_cast<char>(byte);
}

bool LineDiscipline::readable() const {
  if (local(kCanonical)) return lines_ != 0;
  return ready_.size() >= std::max<size_t>(character(kMin), 1) || character(kMin) == 0;
}

size_t LineDiscipline::available() const {
  return static_cast<size_t>(
      std::ranges::count_if(ready_, [](uint16_t unit) { return unit != kEofMark; }));
}

size_t LineDiscipline::read(std::span<uint8_t> data) {
  size_t count = 0;
  while (count < data.size() && !ready_.empty()) {
    const uint16_t unit = ready_.front();
    ready_.pop_front();
    const bool ends = unit == kEofMark || unit == '\n';
    if (unit != kEofMark) data[count++] = static_cast<uint8_t>(unit);
    if (ends && lines_ != 0) --lines_;
    if (local(kCanonical) && ends) return count;
  }
  // The buffer was filled by a line that only the mark ends: the mark must not look like an end of
  // file to the next read.
  if (local(kCanonical) && count != 0 && !ready_.empty() && ready_.front() == kEofMark) {
    ready_.pop_front();
    if (lines_ != 0) --lines_;
  }
  return count;
}

void LineDiscipline::set_termios(const Termios& termios) {
  const bool was_canonical = local(kCanonical);
  termios_ = termios;
  if (was_canonical && !local(kCanonical)) {
    // What has been typed becomes readable at once.
    std::erase(ready_, kEofMark);
    for (const char c : line_) ready_.push_back(static_cast<uint8_t>(c));
    line_.clear();
    lines_ = 0;
  } else if (!was_canonical && local(kCanonical)) {
    lines_ = static_cast<size_t>(std::ranges::count(ready_, uint16_t{'\n'}));
  }
}

void LineDiscipline::flush_input() {
  line_.clear();
  ready_.clear();
  lines_ = 0;
}

}  // namespace process::tty
