#include "kernel/device/text_screen.h"

namespace device {
namespace {

constexpr uint16_t kTabWidth = 8;
constexpr uint8_t kDefaultForeground = 7;
constexpr uint8_t kDefaultBackground = 0;

// ANSI colours count red as bit 0 and blue as bit 2; VGA does the opposite.
constexpr uint8_t vga_colour(uint16_t ansi) {
  return static_cast<uint8_t>(((ansi & 1) << 2) | (ansi & 2) | ((ansi & 4) >> 2));
}

constexpr int clamp(int value, int low, int high) {
  return value < low ? low : value > high ? high : value;
}

constexpr uint16_t smaller(uint16_t a, size_t b) {
  return a < b ? a : static_cast<uint16_t>(b);
}

}  // namespace

TextScreen::TextScreen(volatile uint16_t* memory, uint16_t columns, uint16_t rows,
                       uint16_t memory_rows)
    : memory_(memory),
      cells_(memory),
      columns_(columns),
      rows_(rows),
      memory_rows_(memory_rows),
      parser_(*this) {
  reset();
}

void TextScreen::reset() {
  foreground_ = kDefaultForeground;
  background_ = kDefaultBackground;
  bright_ = reverse_ = false;
  region_top_ = 0;
  region_bottom_ = rows_ - 1;
  cursor_visible_ = true;
  erase(0, index(rows_, 0));
  move_to(0, 0);
  saved_ = {};
}

void TextScreen::on_character(uint8_t c) {
  if (wrap_pending_) {
    column_ = 0;
    line_feed();
  }
  cells_[index(row_, column_)] = static_cast<uint16_t>(attribute() << 8 | c);
  wrap_pending_ = column_ + 1 == columns_;
  if (!wrap_pending_) ++column_;
}

void TextScreen::on_control(uint8_t c) {
  switch (c) {
    case '\b':
      if (column_ > 0) --column_;
      break;
    case '\t':
      column_ = static_cast<uint16_t>(
          clamp((column_ / kTabWidth + 1) * kTabWidth, 0, columns_ - 1));
      break;
    case '\n':
    case '\v':
    case '\f':
      line_feed();
      break;
    case '\r':
      column_ = 0;
      break;
    default:
      return;  // BEL and the rest have no picture.
  }
  wrap_pending_ = false;
}

void TextScreen::on_escape(uint8_t final) {
  switch (final) {
    case '7':
      saved_ = {column_, row_};
      return;
    case '8':
      return move_to(saved_.row, saved_.column);
    case 'D':
      return line_feed();
    case 'E':
      column_ = 0;
      return line_feed();
    case 'M':
      return reverse_line_feed();
    case 'c':
      return reset();
    default:
      return;
  }
}

void TextScreen::on_csi(const CsiSequence& csi) {
  const uint16_t n = csi.param(0, 1);
  if (csi.is_private) {
    if (csi.param(0, 0) == 25) cursor_visible_ = csi.final == 'h';
    return;
  }
  switch (csi.final) {
    case 'A': return move_to(row_ - n, column_);
    case 'B': return move_to(row_ + n, column_);
    case 'C': return move_to(row_, column_ + n);
    case 'D': return move_to(row_, column_ - n);
    case 'E': return move_to(row_ + n, 0);
    case 'F': return move_to(row_ - n, 0);
    case 'G': return move_to(row_, n - 1);
    case 'd': return move_to(n - 1, column_);
    case 'H':
    case 'f': return move_to(n - 1, csi.param(1, 1) - 1);
    case 's': saved_ = {column_, row_}; return;
    case 'u': return move_to(saved_.row, saved_.column);
    case 'J': return erase_display(csi.param(0, 0));
    case 'K': return erase_line(csi.param(0, 0));
    case 'X': return erase(index(row_, column_),
                           index(row_, column_ + smaller(n, columns_ - column_)));
    case '@': return insert_characters(n);
    case 'P': return delete_characters(n);
    case 'L': return scroll_down(row_, n);
    case 'M': return scroll_up(row_, n);
    case 'S': return scroll_up(region_top_, n);
    case 'T': return scroll_down(region_top_, n);
    case 'm': return set_rendition(csi);
    case 'r': return set_region(csi);
    default: return;
  }
}

void TextScreen::move_to(int row, int column) {
  row_ = static_cast<uint16_t>(clamp(row, 0, rows_ - 1));
  column_ = static_cast<uint16_t>(clamp(column, 0, columns_ - 1));
  wrap_pending_ = false;
}

void TextScreen::line_feed() {
  wrap_pending_ = false;
  if (row_ == region_bottom_) {
    const bool whole_screen = region_top_ == 0 && region_bottom_ + 1 == rows_;
    whole_screen ? scroll_screen() : scroll_up(region_top_, 1);
  } else if (row_ + 1 < rows_) {
    ++row_;
  }
}

void TextScreen::reverse_line_feed() {
  wrap_pending_ = false;
  if (row_ == region_top_) {
    scroll_down(region_top_, 1);
  } else if (row_ > 0) {
    --row_;
  }
}

// Shows the memory from one row further on; at its end the picture moves back to the start.
void TextScreen::scroll_screen() {
  const size_t kept = index(rows_ - 1, 0);
  if (origin() / columns_ + rows_ < memory_rows_) {
    cells_ += columns_;
  } else {
    for (size_t i = 0; i < kept; ++i) memory_[i] = cells_[i + columns_];
    cells_ = memory_;
  }
  erase(kept, kept + columns_);
}

// Moves the lines from `top` to the region's end up; blank lines enter at the bottom.
void TextScreen::scroll_up(uint16_t top, uint16_t lines) {
  if (top < region_top_ || top > region_bottom_) return;
  const size_t start = index(top, 0);
  const size_t end = index(region_bottom_ + 1, 0);
  const size_t distance = smaller(lines, region_bottom_ - top + 1) * columns_;
  for (size_t i = start; i + distance < end; ++i) cells_[i] = cells_[i + distance];
  erase(end - distance, end);
}

void TextScreen::scroll_down(uint16_t top, uint16_t lines) {
  if (top < region_top_ || top > region_bottom_) return;
  const size_t start = index(top, 0);
  const size_t distance = smaller(lines, region_bottom_ - top + 1) * columns_;
  for (size_t i = index(region_bottom_ + 1, 0); i-- > start + distance;) {
    cells_[i] = cells_[i - distance];
  }
  erase(start, start + distance);
}

// Blanks cells [from, to) in the current background.
void TextScreen::erase(size_t from, size_t to) {
  const auto blank = static_cast<uint16_t>(attribute() << 8 | ' ');
  for (size_t i = from; i < to; ++i) cells_[i] = blank;
}

void TextScreen::erase_display(uint16_t what) {
  const size_t here = index(row_, column_);
  const size_t end = index(rows_, 0);
  if (what == 0) erase(here, end);
  if (what == 1) erase(0, here + 1);
  if (what == 2 || what == 3) erase(0, end);
}

void TextScreen::erase_line(uint16_t what) {
  const size_t start = index(row_, 0);
  const size_t here = index(row_, column_);
  if (what == 0) erase(here, start + columns_);
  if (what == 1) erase(start, here + 1);
  if (what == 2) erase(start, start + columns_);
}

void TextScreen::insert_characters(uint16_t count) {
  const size_t here = index(row_, column_);
  const size_t end = index(row_, columns_);
  const size_t shift = smaller(count, end - here);
  for (size_t i = end; i-- > here + shift;) cells_[i] = cells_[i - shift];
  erase(here, here + shift);
}

void TextScreen::delete_characters(uint16_t count) {
  const size_t here = index(row_, column_);
  const size_t end = index(row_, columns_);
  const size_t shift = smaller(count, end - here);
  for (size_t i = here; i + shift < end; ++i) cells_[i] = cells_[i + shift];
  erase(end - shift, end);
}

void TextScreen::set_region(const CsiSequence& csi) {
  const int top = csi.param(0, 1) - 1;
  const int bottom = clamp(csi.param(1, rows_) - 1, 0, rows_ - 1);
  if (top >= bottom) return;
  region_top_ = static_cast<uint16_t>(top);
  region_bottom_ = static_cast<uint16_t>(bottom);
  move_to(0, 0);
}

void TextScreen::set_rendition(const CsiSequence& csi) {
  if (csi.param_count == 0) apply_rendition(0);
  for (size_t i = 0; i < csi.param_count; ++i) {
    const uint16_t code = csi.params[i];
    if (code == 38 || code == 48) return;  // Palette colours: this display has none.
    apply_rendition(code);
  }
}

void TextScreen::apply_rendition(uint16_t code) {
  if (code == 0) {
    foreground_ = kDefaultForeground;
    background_ = kDefaultBackground;
    bright_ = reverse_ = false;
  } else if (code == 1) {
    bright_ = true;
  } else if (code == 2 || code == 22) {
    bright_ = false;
  } else if (code == 7 || code == 27) {
    reverse_ = code == 7;
  } else if (code >= 30 && code <= 37) {
    foreground_ = vga_colour(code - 30);
  } else if (code == 39) {
    foreground_ = kDefaultForeground;
  } else if (code >= 40 && code <= 47) {
    background_ = vga_colour(code - 40);
  } else if (code == 49) {
    background_ = kDefaultBackground;
  } else if (code >= 90 && code <= 97) {
    foreground_ = vga_colour(code - 90);
    bright_ = true;
  }
}

uint8_t TextScreen::attribute() const {
  const uint8_t front = reverse_ ? background_ : foreground_;
  const uint8_t back = reverse_ ? foreground_ : background_;
  return static_cast<uint8_t>(back << 4 | (bright_ ? 8 : 0) | front);
}

}  // namespace device
