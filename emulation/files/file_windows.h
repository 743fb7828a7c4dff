// Reading and writing regular files without messages: through mapped parts of them.
#pragma once

#include <array>
#include <cstdint>

#include <mach/mach_traps.h>
#include <servers/file_slots.h>
#include <servers/posix_types.h>

#include "emulation/files/open_file.h"

namespace emulation {

// A file is a memory object, and the server shows its size in the file's slot
// (<servers/file_slots.h>). Where that is enough the library copies from or to pages of the file
// itself. What it cannot do - longer files, holes, O_APPEND, errors of any kind - answers kAsk, and
// the caller sends the message that does everything. So nothing here has errors of its own: memory
// that cannot be read, be it the program's or the file's, is the message's to explain.
class FileWindows {
 public:
  static constexpr int32_t kAsk = -4096;  // no -errno

  // Copies between the memory at `buffer`, which the caller has checked to be the program's, and the
  // file at `offset`. Returns how many bytes, or kAsk.
  int32_t read(OpenFile& file, uint32_t buffer, uint32_t size, int64_t offset);
  int32_t write(OpenFile& file, uint32_t buffer, uint32_t size, int64_t offset);
  // Files that are used little do not get windows: counts a transfer by message.
  static void count_message(OpenFile& file, uint32_t size);

  // The slot when it shows attributes: they are right if `sequence` is the same afterwards. Null:
  // ask. The slot can be read: pages that were there do not go, whatever becomes of the server.
  const file_slot* shown(const OpenFile& file);
  // A copy of the attributes; false: ask.
  bool attributes(const OpenFile& file, io_stat_t& attributes);

  // The open file goes.
  void forget(const OpenFile& file);
  // The file server is gone: the files opened so far have no slots any more, and those of its successor
  // are elsewhere.
  void forget_server();
  // The child has no windows: they are not inherited.
  void after_fork_in_child();

 private:
  static constexpr uint32_t kBase = 0xb9000000;
  static constexpr uint32_t kSize = 1024 * 1024;
  static constexpr int kCount = 16;
  static constexpr uint32_t kSlotsAddress = 0xb8f00000;
  static_assert(kSlotsAddress + FILE_SLOTS_SIZE <= kBase);
  static_assert(kSize <= SYSCALL_VM_COPY_MAX);

  struct Window {
    const OpenFile* file;  // null: nothing is mapped
    uint32_t offset;       // in the file, a multiple of kSize
    uint32_t epoch;        // for which it is writable
    uint32_t room_end;     // and how far, in the file: behind the end if that is less
    uint32_t used;         // when, by uses_
    uint32_t seen_end;     // what lies behind, in the file, has not been copied from or to yet
    bool writable;
  };
  // The first words of a slot.
  struct State {
    uint32_t sequence, epoch, size, stamp_seconds, stamp_microseconds;
  };
  enum class Access { kRead, kWrite };

  // The part of the file that is written to.
  struct Span {
    uint32_t start, end;
  };

  bool ready(const OpenFile& file);
  bool map_slots(const OpenFile& file);
  static bool load(const OpenFile& file, State& state);
  // The window with `offset`, mapped if need be; null when there is none to be had.
  Window* find(OpenFile& file, uint32_t offset, Access access, uint32_t epoch);
  // Copies between the window's part of the file from `at` on and the memory at `buffer`. False: ask.
  enum class Direction { kFromFile, kToFile };
  bool copy_part(Window& window, Direction direction, uint32_t at, uint32_t buffer, uint32_t size) const;
  // Copies to the file; `size` is the file's. False: ask.
  bool fill(OpenFile& file, Span span, uint32_t buffer, const State& state);
  Window* map(OpenFile& file, uint32_t offset, Access access);
  Window& oldest();
  void unmap(Window& window);
  uint32_t address_of(const Window& window) const {
    return kBase + static_cast<uint32_t>(&window - windows_.data()) * kSize;
  }

  enum class Slots : uint8_t { kUnknown, kMapped, kNone };
  Slots slots_;
  uint8_t asked_;  // how often attributes were asked for
  int mapped_;     // windows
  uint32_t uses_;
  std::array<Window, kCount> windows_;
};

extern FileWindows file_windows;

}  // namespace emulation
