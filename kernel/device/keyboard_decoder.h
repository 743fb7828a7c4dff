// KeyboardDecoder: PC scan codes (set 1) to the bytes a terminal sends, US layout.
#pragma once

#include <cstdint>
#include <string_view>

namespace device {

class KeyboardDecoder {
 public:
  KeyboardDecoder() = default;
  KeyboardDecoder(const KeyboardDecoder&) = delete;
  KeyboardDecoder& operator=(const KeyboardDecoder&) = delete;

  // Consumes one scan code. The answer is what the key sends, empty for releases and modifiers; it
  // is valid until the next call. Cursor and function keys send xterm's escape sequences, Alt
  // prefixes ESC.
  [[nodiscard]] std::string_view decode(uint8_t scan_code);

  [[nodiscard]] bool caps_lock() const { return caps_lock_; }

 private:
  enum class Prefix : uint8_t { kNone, kExtended, kPause };

  [[nodiscard]] bool update_modifier(uint8_t key, bool extended, bool pressed);
  [[nodiscard]] std::string_view plain_key(uint8_t key);
  [[nodiscard]] std::string_view send(char c);

  Prefix prefix_ = Prefix::kNone;
  uint8_t pause_bytes_left_ = 0;
  bool left_shift_ = false;
  bool right_shift_ = false;
  bool left_control_ = false;
  bool right_control_ = false;
  bool left_alt_ = false;
  bool right_alt_ = false;
  bool caps_lock_ = false;
  char buffer_[2] = {};
};

}  // namespace device
