#include "emulation/files/file_windows.h"

#include <algorithm>
#include <cstddef>

#include <mach/time_value.h>
#include <servers/process_page.h>

#include "emulation/files/descriptor_table.h"
#include "emulation/linux_abi.h"
#include "emulation/mach/servers.h"
#include "emulation/mach/traps.h"
#include "emulation/memory/user_memory.h"
#include "libs/mach/io_user.h"

namespace emulation {

constinit FileWindows file_windows{};

namespace {

// Mapping costs about as much as four messages.
constexpr uint8_t kReadsBeforeWindow = 4;
// The server looks for holes before it lets a window be written.
constexpr uint8_t kWritesBeforeWindow = 16;
constexpr uint8_t kStatsBeforeSlots = 4;

// Whether the clock shows that time.
bool is_now(uint32_t seconds, uint32_t microseconds) {
  const volatile auto& time =
      *reinterpret_cast<const volatile mapped_time_value_t*>(TIME_PAGE_ADDRESS);
  return static_cast<uint32_t>(time.microseconds) == microseconds &&
         static_cast<uint32_t>(time.seconds) == seconds;
}

bool copy(uint32_t to, uint32_t from, uint32_t size) {
  return emulation_copy(reinterpret_cast<void*>(to), reinterpret_cast<const void*>(from), size) ==
         0;
}

// So much that is copied for the first time is copied by the kernel, which does not map the pages of the window for it.
constexpr uint32_t kLarge = 32 * 1024;

bool copy_by_kernel(uint32_t to, uint32_t from, uint32_t size, bool from_window) {
  kern_return_t kr;
  do {
    kr = from_window ? syscall_vm_read_overwrite(mach_task_self(), from, size, to)
                     : syscall_vm_write(mach_task_self(), to, from, size);
  } while (kr == KERN_ABORTED);  // a signal is delivered after the call
  return kr == KERN_SUCCESS;
}

}  // namespace

void FileWindows::count_message(OpenFile& file, uint32_t size) {
  const uint32_t weight = 1 + std::min<uint32_t>(size / POSIX_IO_INLINE, 64);
  file.messages = static_cast<uint8_t>(std::min<uint32_t>(file.messages + weight, 255));
}

bool FileWindows::map_slots(const OpenFile& file) {
  const bool mapped = io_slots(file.port, mach_task_self(), kSlotsAddress) == KERN_SUCCESS;
  slots_ = mapped ? Slots::kMapped : Slots::kNone;
  return mapped;
}

bool FileWindows::ready(const OpenFile& file) {
  if (file.slot == 0 || slots_ == Slots::kNone) return false;
  return slots_ == Slots::kMapped || map_slots(file);
}

// The slots can be gone like any memory whose server is.
bool FileWindows::load(const OpenFile& file, State& state) {
  const uint32_t at = kSlotsAddress + file.slot * sizeof(file_slot);
  return copy(reinterpret_cast<uint32_t>(&state), at, sizeof state);
}

const file_slot* FileWindows::shown(const OpenFile& file) {
  if (file.kind != IO_KIND_FILE || file.slot == 0 || slots_ == Slots::kNone) return nullptr;
  if (slots_ != Slots::kMapped && (++asked_ < kStatsBeforeSlots || !map_slots(file))) {
    return nullptr;
  }
  const uint32_t at = kSlotsAddress + file.slot * sizeof(file_slot);
  uint32_t sequence;
  if (!copy(reinterpret_cast<uint32_t>(&sequence), at, sizeof sequence)) return nullptr;
  return (sequence & 1) == 0 ? reinterpret_cast<const file_slot*>(at) : nullptr;
}

bool FileWindows::attributes(const OpenFile& file, io_stat_t& attributes) {
  const file_slot* slot = shown(file);
  if (slot == nullptr) return false;
  const unsigned sequence = slot->sequence;
  attributes = slot->attributes;
  asm volatile("" ::: "memory");
  return (sequence & 1) == 0 && slot->sequence == sequence;
}

int32_t FileWindows::read(OpenFile& file, uint32_t buffer, uint32_t size, int64_t offset) {
  if (file.messages < kReadsBeforeWindow || !ready(file)) return kAsk;
  State before, after;
  if (!load(file, before) || offset < 0) return kAsk;
  if (offset >= before.size) return 0;
  const auto start = static_cast<uint32_t>(offset);
  const uint32_t count = std::min(size, before.size - start);
  for (uint32_t done = 0; done < count;) {
    const uint32_t at = start + done;
    Window* window = find(file, at, Access::kRead, 0);
    if (window == nullptr) return kAsk;
    const uint32_t part = std::min(count - done, window->offset + kSize - at);
    if (!copy_part(*window, Direction::kFromFile, at, buffer + done, part)) return kAsk;
    done += part;
  }
  return load(file, after) && after.epoch == before.epoch ? static_cast<int32_t>(count) : kAsk;
}

// What is copied a second time is mapped then: that costs less from the third time on.
bool FileWindows::copy_part(Window& window, Direction direction, uint32_t at, uint32_t buffer, uint32_t size) const {
  const bool from_file = direction == Direction::kFromFile;
  const uint32_t mapped = address_of(window) + at % kSize;
  const uint32_t to = from_file ? buffer : mapped;
  const uint32_t from = from_file ? mapped : buffer;
  const bool first = at >= window.seen_end;
  window.seen_end = std::max(window.seen_end, at + size);
  return first && size >= kLarge ? copy_by_kernel(to, from, size, from_file) : copy(to, from, size);
}

bool FileWindows::fill(OpenFile& file, Span span, uint32_t buffer, const State& state) {
  for (uint32_t at = span.start; at < span.end;) {
    Window* window = find(file, at, Access::kWrite, state.epoch);
    if (window == nullptr) return false;
    const uint32_t end = std::min(span.end, window->offset + kSize);
    if (end > std::max(state.size, window->room_end)) {
      unmap(*window);
      window = map(file, at - at % kSize, Access::kWrite);
      if (window == nullptr) return false;
      if (end > window->room_end) {
        file.messages = 0;  // not to be asked every time
        return false;
      }
    }
    if (!copy_part(*window, Direction::kToFile, at, buffer, end - at)) return false;
    buffer += end - at;
    at = end;
  }
  return true;
}

int32_t FileWindows::write(OpenFile& file, uint32_t buffer, uint32_t size, int64_t offset) {
  constexpr int kByMessage = linux_abi::O_APPEND | linux_abi::O_DSYNC;
  if (file.messages < kWritesBeforeWindow || (file.flags() & kByMessage) != 0 || !ready(file)) {
    return kAsk;
  }
  State before, after;
  if (!load(file, before) || offset < 0 || offset > before.size) return kAsk;
  const auto start = static_cast<uint32_t>(offset);
  constexpr uint32_t kLastWindowEnd = 0u - kSize;  // windows end below 4 GiB
  const bool grows = size > before.size - start;
  if (grows ? size > kLastWindowEnd - start
            : !is_now(before.stamp_seconds, before.stamp_microseconds)) {
    return kAsk;
  }
  const Span span{start, start + size};
  if (!fill(file, span, buffer, before)) return kAsk;
  const bool there = grows ? io_grown(file.port, span.start, span.end, before.epoch) == KERN_SUCCESS
                           : load(file, after) && after.epoch == before.epoch;
  return there ? static_cast<int32_t>(size) : kAsk;
}

FileWindows::Window* FileWindows::find(OpenFile& file, uint32_t offset, Access access,
                                       uint32_t epoch) {
  const uint32_t start = offset - offset % kSize;
  Window* window = &windows_[file.window];
  if (window->file != &file || window->offset != start) [[unlikely]] {
    const auto found = std::find_if(windows_.begin(), windows_.end(), [&](const Window& w) {
      return w.file == &file && w.offset == start;
    });
    if (found == windows_.end()) return map(file, start, access);
    window = &*found;
    file.window = static_cast<uint8_t>(found - windows_.begin());
  }
  window->used = ++uses_;
  if (access == Access::kRead || (window->writable && window->epoch == epoch)) return window;
  unmap(*window);
  return map(file, start, access);
}

FileWindows::Window* FileWindows::map(OpenFile& file, uint32_t offset, Access access) {
  Window& window = oldest();
  if (window.file != nullptr) unmap(window);
  boolean_t writable = 0;
  unsigned epoch = 0;
  long long room_end = 0;
  const kern_return_t kr =
      io_window(file.port, mach_task_self(), address_of(window), offset, kSize,
                access == Access::kWrite, &writable, &epoch, &room_end);
  if (kr != KERN_SUCCESS) {
    file.messages = 0;  // not to be asked every time
    return nullptr;
  }
  file.window = static_cast<uint8_t>(&window - windows_.data());
  window = Window{.file = &file,
                  .offset = offset,
                  .epoch = epoch,
                  .room_end = static_cast<uint32_t>(room_end),
                  .used = ++uses_,
                  .seen_end = offset,
                  .writable = writable != 0};
  ++mapped_;
  if (access == Access::kRead || window.writable) return &window;
  // There are holes. They may be filled by messages: time enough to ask again.
  file.messages = 0;
  return nullptr;
}

FileWindows::Window& FileWindows::oldest() {
  Window* oldest = &windows_[0];
  for (Window& window : windows_) {
    if (window.file == nullptr) return window;
    if (window.used < oldest->used) oldest = &window;
  }
  return *oldest;
}

void FileWindows::unmap(Window& window) {
  syscall_vm_deallocate(mach_task_self(), address_of(window), kSize);
  window = Window{};
  --mapped_;
}

void FileWindows::forget(const OpenFile& file) {
  if (mapped_ == 0) return;
  bool room = false;
  for (Window& window : windows_) {
    if (window.file != &file) continue;
    room |= window.room_end != 0;
    unmap(window);
  }
  if (room) (void)io_release_room(file.port);
}

void FileWindows::forget_server() {
  descriptors.forget_file_slots();
  if (slots_ == Slots::kMapped) {
    syscall_vm_deallocate(mach_task_self(), kSlotsAddress, FILE_SLOTS_SIZE);
  }
  slots_ = Slots::kUnknown;
}

void FileWindows::after_fork_in_child() {
  if (mapped_ != 0) windows_ = {};
  mapped_ = 0;
  if (slots_ != Slots::kUnknown) slots_ = Slots::kUnknown;
}

}  // namespace emulation
