// The kernel's struct termios of Linux on i386, and its flags. Source: termios(3), ioctl_tty(2).
#pragma once

#include <cstdint>

namespace process::tty {

inline constexpr int kControlCount = 19;

struct Termios {
  uint32_t input;
  uint32_t output;
  uint32_t control;
  uint32_t local;
  uint8_t line;
  uint8_t characters[kControlCount];
};
static_assert(sizeof(Termios) == 36);

enum ControlCharacter {
  kIntr, kQuit, kErase, kKill, kEof, kTime, kMin, kSwtc, kStart, kStop, kSusp, kEol, kReprint,
  kDiscard, kWordErase, kLiteralNext, kEol2,
};

// Input flags.
inline constexpr uint32_t kIgnoreCr = 0200, kCrToNl = 0400, kNlToCr = 0100, kStrip = 040,
                          kXon = 02000;
// Output flags.
inline constexpr uint32_t kPost = 01, kNlToCrNl = 04, kOutCrToNl = 010;
// Local flags.
inline constexpr uint32_t kSignals = 01, kCanonical = 02, kEcho = 010, kEchoErase = 020,
                          kEchoKill = 040, kEchoNl = 0100, kNoFlush = 0200, kStopOutput = 0400,
                          kEchoControl = 01000, kEchoKillErase = 04000, kExtended = 0100000;

struct WindowSize {
  uint16_t rows, columns, x_pixels, y_pixels;
};

// What a fresh terminal has: cooked, echoing, 38400 baud, 8 bits.
inline constexpr Termios kDefaultTermios{
    .input = kCrToNl | kXon,
    .output = kPost | kNlToCrNl,
    .control = 0277,  // B38400 | CS8 | CREAD
    .local = kSignals | kCanonical | kEcho | kEchoErase | kEchoKill | kEchoControl |
             kEchoKillErase | kExtended,
    .line = 0,
    .characters = {3, 034, 0177, 025, 4, 0, 1, 0, 021, 023, 032, 0, 022, 017, 027, 026, 0, 0, 0},
};

}  // namespace process::tty
