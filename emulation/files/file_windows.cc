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
    const Window* window = find(file, at, Access::kRead, 0);
    if (window == nullptr) return kAsk;
    const uint32_t part = std::min(count - done, window->offset + kSize - at);
    if (!copy(buffer + done, address_of(*window) + at % kSize, part)) return kAsk;
    done += part;
  }
  return load(file, after) && after.epoch == before.epoch ? static_cast<int32_t>(count) : kAsk;
}

int32_t FileWindows::write(OpenFile& file, uint32_t buffer, uint32_t size, int64_t offset) {
  constexpr int kByMessage = linux_abi::O_APPEND | linux_abi::O_DSYNC;
  if (file.messages < kWritesBeforeWindow || (file.flags() & kByMessage) != 0 || !ready(file)) {
    return kAsk;
  }
  State before, after;
  if (!load(file, before) || offset < 0 || offset > before.size) return kAsk;
  const auto start = static_cast<uint32_t>(offset);
  if (size > before.size - start || !is_now(before.stamp_seconds, before.stamp_microseconds)) {
    return kAsk;
  }
  for (uint32_t done = 0; done < size;) {
    const uint32_t at = start + done;
    const Window* window = find(file, at, Access::kWrite, before.epoch);
    if (window == nullptr) return kAsk;
    const uint32_t part = std::min(size - done, window->offset + kSize - at);
    if (!copy(address_of(*window) + at % kSize, buffer + done, part)) return kAsk;
    done += part;
  }
  return load(file, after) && after.epoch == before.epoch ? static_cast<int32_t>(size) : kAsk;
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
  const kern_return_t kr =
      io_window(file.port, mach_task_self(), address_of(window), offset, kSize,
                access == Access::kWrite, &writable, &epoch);
  if (kr != KERN_SUCCESS) {
    file.messages = 0;  // not to be asked every time
    return nullptr;
  }
  file.window = static_cast<uint8_t>(&window - windows_.data());
  window = Window{.file = &file,
                  .offset = offset,
                  .epoch = epoch,
                  .used = ++uses_,
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
  for (Window& window : windows_) {
    if (window.file == &file) unmap(window);
  }
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
