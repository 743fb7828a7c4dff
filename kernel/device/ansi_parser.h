// AnsiParser: splits a byte stream for a terminal into characters, controls and CSI sequences.
#pragma once

#include <cstddef>
#include <cstdint>

namespace device {

// One "ESC [ params final" sequence.
struct CsiSequence {
  static constexpr size_t kMaxParams = 8;
  char final = 0;
  bool is_private = false;  // A '?' came first.
  uint16_t params[kMaxParams] = {};
  size_t param_count = 0;

  // Parameter `index`, or `fallback` when it is absent or zero.
  [[nodiscard]] uint16_t param(size_t index, uint16_t fallback) const {
    return index < param_count && params[index] != 0 ? params[index] : fallback;
  }
};

// What the parser found; a TextScreen is one.
class AnsiHandler {
 public:
  virtual void on_character(uint8_t c) = 0;
  // A control below 0x20 (ESC excepted), also in the middle of a sequence.
  virtual void on_control(uint8_t c) = 0;
  // "ESC c" with a single final character.
  virtual void on_escape(uint8_t final) = 0;
  virtual void on_csi(const CsiSequence& csi) = 0;

 protected:
  ~AnsiHandler() = default;
};

// Sequences it does not know end at their final byte and reach the handler, which ignores them.
class AnsiParser {
 public:
  explicit AnsiParser(AnsiHandler& handler) : handler_(handler) {}
  AnsiParser(const AnsiParser&) = delete;
  AnsiParser& operator=(const AnsiParser&) = delete;

  void feed(uint8_t c);

 private:
  enum class State : uint8_t { kGround, kEscape, kCharset, kCsi, kString, kStringEscape };

  void on_escape_byte(uint8_t c);
  void on_csi_byte(uint8_t c);
  void on_string_byte(uint8_t c);

  AnsiHandler& handler_;
  State state_ = State::kGround;
  CsiSequence csi_;
};

}  // namespace device
