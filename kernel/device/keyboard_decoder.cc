#include "kernel/device/keyboard_decoder.h"

#include <cstddef>

namespace device {
namespace {

constexpr uint8_t kExtendedPrefix = 0xe0;
constexpr uint8_t kPausePrefix = 0xe1;
constexpr uint8_t kReleased = 0x80;
constexpr char kEscape = 0x1b;

enum Key : uint8_t {
  kLeftControl = 0x1d,
  kLeftShift = 0x2a,
  kSlash = 0x35,
  kRightShift = 0x36,
  kLeftAlt = 0x38,
  kCapsLock = 0x3a,
  kFirstKeypad = 0x47,
  kLastKeypad = 0x53,
  kEnter = 0x1c,
};

struct Named {
  uint8_t key;
  std::string_view sequence;
};

// The keypad without Num Lock and the grey keys (prefix 0xe0) send the same.
constexpr Named kNamedKeys[] = {
    {0x3b, "\x1bOP"},   {0x3c, "\x1bOQ"},   {0x3d, "\x1bOR"},   {0x3e, "\x1bOS"},
    {0x3f, "\x1b[15~"}, {0x40, "\x1b[17~"}, {0x41, "\x1b[18~"}, {0x42, "\x1b[19~"},
    {0x43, "\x1b[20~"}, {0x44, "\x1b[21~"}, {0x57, "\x1b[23~"}, {0x58, "\x1b[24~"},
    {0x47, "\x1b[H"},   {0x48, "\x1b[A"},   {0x49, "\x1b[5~"},  {0x4b, "\x1b[D"},
    {0x4d, "\x1b[C"},   {0x4f, "\x1b[F"},   {0x50, "\x1b[B"},   {0x51, "\x1b[6~"},
    {0x52, "\x1b[2~"},  {0x53, "\x1b[3~"},
};

// Indexed by scan code; 0 = sends nothing by itself.
constexpr std::string_view kPlain{
    "\0\x1b"
    "1234567890-=\x7f\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 "
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0-\0\0\0+",
    0x4f};
constexpr std::string_view kShifted{
    "\0\x1b"
    "!@#$%^&*()_+\x7f\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 "
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0-\0\0\0+",
    0x4f};
static_assert(kPlain[0x39] == ' ' && kShifted[0x35] == '?' && kPlain[0x4e] == '+');

std::string_view named_key(uint8_t key) {
  for (const Named& named : kNamedKeys) {
    if (named.key == key) return named.sequence;
  }
  return {};
}

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What Control makes of a character, as terminals do: @..~ lose the upper bits, space is NUL.
constexpr char with_control(char c) {
  if (c == ' ' || c == '2') return 0;
  if (c == '/') return 0x1f;
  if (c >= '@' && c <= '~') return static_cast<char>(c & 0x1f);
  return c;
}

}  // namespace

std::string_view KeyboardDecoder::decode(uint8_t scan_code) {
  if (prefix_ == Prefix::kPause) {
    if (--pause_bytes_left_ == 0) prefix_ = Prefix::kNone;
    return {};
  }
  if (scan_code == kExtendedPrefix) {
    prefix_ = Prefix::kExtended;
    return {};
  }
  if (scan_code == kPausePrefix) {
    prefix_ = Prefix::kPause;
    pause_bytes_left_ = 2;
    return {};
  }
  const bool extended = prefix_ == Prefix::kExtended;
  prefix_ = Prefix::kNone;
  const bool pressed = (scan_code & kReleased) == 0;
  const auto key = static_cast<uint8_t>(scan_code & ~kReleased);
  if (update_modifier(key, extended, pressed) || !pressed) return {};
  if (!extended) return plain_key(key);
  if (key == kEnter) return send('\r');
  if (key == kSlash) return send('/');
  return named_key(key);
}

// Whether the key is a modifier.
bool KeyboardDecoder::update_modifier(uint8_t key, bool extended, bool pressed) {
  switch (key) {
    case kLeftShift:
      // 0xe0 0x2a is a fake shift that some keyboards wrap around grey keys.
      if (!extended) left_shift_ = pressed;
      return true;
    case kRightShift:
      if (!extended) right_shift_ = pressed;
      return true;
    case kLeftControl:
      (extended ? right_control_ : left_control_) = pressed;
      return true;
    case kLeftAlt:
      (extended ? right_alt_ : left_alt_) = pressed;
      return true;
    case kCapsLock:
      if (pressed) caps_lock_ = !caps_lock_;
      return true;
    default:
      return false;
  }
}

std::string_view KeyboardDecoder::plain_key(uint8_t key) {
  if (const std::string_view sequence = named_key(key); !sequence.empty()) return sequence;
  if (key >= kPlain.size() || kPlain[key] == 0) return {};
  bool shift = left_shift_ || right_shift_;
  if (caps_lock_ && is_letter(kPlain[key])) shift = !shift;
  const char c = (shift ? kShifted : kPlain)[key];
  return send(left_control_ || right_control_ ? with_control(c) : c);
}

std::string_view KeyboardDecoder::send(char c) {
  const bool alt = left_alt_ || right_alt_;
  size_t size = 0;
  if (alt) buffer_[size++] = kEscape;
  buffer_[size++] = c;
  return {buffer_, size};
}

}  // namespace device
