#include "kernel/device/ansi_parser.h"

namespace device {
namespace {

constexpr uint8_t kEscape = 0x1b;
constexpr uint8_t kBell = 0x07;
constexpr uint8_t kCancel = 0x18;
constexpr uint8_t kSubstitute = 0x1a;
constexpr uint8_t kDelete = 0x7f;
constexpr uint16_t kParamLimit = 9999;

}  // namespace

void AnsiParser::feed(uint8_t c) {
  if (state_ == State::kString || state_ == State::kStringEscape) return on_string_byte(c);
  if (c == kEscape) {
    state_ = State::kEscape;
    return;
  }
  if (c == kCancel || c == kSubstitute) {
    state_ = State::kGround;
    return;
  }
  if (c < 0x20) return handler_.on_control(c);
  switch (state_) {
    case State::kGround:
      if (c != kDelete) handler_.on_character(c);
      return;
    case State::kEscape:
      return on_escape_byte(c);
    case State::kCharset:
      state_ = State::kGround;
      return;
    case State::kCsi:
      return on_csi_byte(c);
    case State::kString:
    case State::kStringEscape:
      return;
  }
}

void AnsiParser::on_escape_byte(uint8_t c) {
  state_ = State::kGround;
  switch (c) {
    case '[':
      csi_ = {};
      state_ = State::kCsi;
      return;
    case ']':  // Operating system command: a string that ends with BEL or ESC backslash.
    case 'P':
    case '^':
    case '_':
      state_ = State::kString;
      return;
    case '(':
    case ')':
    case '#':
      state_ = State::kCharset;
      return;
    default:
      return handler_.on_escape(c);
  }
}

void AnsiParser::on_csi_byte(uint8_t c) {
  if (c >= '0' && c <= '9') {
    if (csi_.param_count == 0) csi_.param_count = 1;
    uint16_t& param = csi_.params[csi_.param_count - 1];
    param = static_cast<uint16_t>(param * 10 + (c - '0'));
    if (param > kParamLimit) param = kParamLimit;
  } else if (c == ';') {
    if (csi_.param_count == 0) csi_.param_count = 1;
    if (csi_.param_count < CsiSequence::kMaxParams) ++csi_.param_count;
  } else if (c == '?') {
    csi_.is_private = true;
  } else if (c >= 0x40 && c <= 0x7e) {
    csi_.final = static_cast<char>(c);
    state_ = State::kGround;
    handler_.on_csi(csi_);
  }
  // Other intermediate bytes belong to sequences that the handler does not know: skipped.
}

void AnsiParser::on_string_byte(uint8_t c) {
  if (state_ == State::kStringEscape) {
    state_ = c == '\\' ? State::kGround : State::kString;
  } else if (c == kEscape) {
    state_ = State::kStringEscape;
  } else if (c == kBell || c == kCancel) {
    state_ = State::kGround;
  }
}

}  // namespace device
