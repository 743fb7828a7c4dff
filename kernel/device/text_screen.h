// TextScreen: a VT100-like terminal on an array of VGA text cells.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/device/ansi_parser.h"

namespace device {

// Understands printable characters, BS HT LF CR, cursor movement and addressing (CSI A B C D E F G
// H d f s u, ESC 7 8), erase (J K X), insert and delete (@ P L M), scrolling regions (r, ESC D M E),
// colours and attributes (m) and cursor visibility (?25). Wraps at the right margin the VT100 way:
// the cursor stays on the last column until the next character comes.
class TextScreen final : public AnsiHandler {
 public:
  // `memory`: columns * memory_rows words of {character, attribute}, row by row, for the screen's
  // lifetime; `rows` of them are shown. The more there are, the less often scrolling copies.
  TextScreen(volatile uint16_t* memory, uint16_t columns, uint16_t rows, uint16_t memory_rows);
  TextScreen(const TextScreen&) = delete;
  TextScreen& operator=(const TextScreen&) = delete;

  void write(uint8_t c) { parser_.feed(c); }

  // The first cell of the memory that is shown.
  [[nodiscard]] uint16_t origin() const { return static_cast<uint16_t>(cells_ - memory_); }
  [[nodiscard]] uint16_t column() const { return column_; }
  [[nodiscard]] uint16_t row() const { return row_; }
  [[nodiscard]] bool cursor_visible() const { return cursor_visible_; }

 private:
  struct SavedCursor {
    uint16_t column = 0;
    uint16_t row = 0;
  };

  void on_character(uint8_t c) override;
  void on_control(uint8_t c) override;
  void on_escape(uint8_t final) override;
  void on_csi(const CsiSequence& csi) override;

  void reset();
  void move_to(int row, int column);
  void line_feed();
  void reverse_line_feed();
  void scroll_screen();
  void scroll_up(uint16_t top, uint16_t lines);
  void scroll_down(uint16_t top, uint16_t lines);
  void erase(size_t from, size_t to);
  void erase_display(uint16_t what);
  void erase_line(uint16_t what);
  void insert_characters(uint16_t count);
  void delete_characters(uint16_t count);
  void set_region(const CsiSequence& csi);
  void set_rendition(const CsiSequence& csi);
  void apply_rendition(uint16_t code);

  [[nodiscard]] uint8_t attribute() const;
  [[nodiscard]] size_t index(uint16_t row, uint16_t column) const {
    return static_cast<size_t>(row) * columns_ + column;
  }

  volatile uint16_t* const memory_;
  volatile uint16_t* cells_;  // What is shown.
  const uint16_t columns_;
  const uint16_t rows_;
  const uint16_t memory_rows_;
  AnsiParser parser_;

  uint16_t column_ = 0;
  uint16_t row_ = 0;
  bool wrap_pending_ = false;
  bool cursor_visible_ = true;
  SavedCursor saved_;
  uint16_t region_top_ = 0;
  uint16_t region_bottom_ = 0;  // Inclusive.

  uint8_t foreground_ = 7;  // VGA colour numbers 0..7.
  uint8_t background_ = 0;
  bool bright_ = false;
  bool reverse_ = false;
};

}  // namespace device
