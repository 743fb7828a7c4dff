// EmulationVector: which user routine handles which system call number (book chapter 7,
// task_set_emulation_vector).
#pragma once

#include <cstdint>
#include <span>

#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace arch {
struct EntryOffsets;
}

namespace kern {

// A table shared by a task and its children. A table with more than one reference is never
// changed: updated() gives a new one, which the task installs in place of the old.
class EmulationVector : public base::RefCounted<EmulationVector> {
 public:
  // Largest distance between the first and the last number.
  static constexpr uint32_t kMaxEntries = 4096;

  // A table with the entries of `old` (may be null) and `routines` for numbers from `start` on;
  // gaps are 0 (native). EML_BAD_CNT when the range is too large, KERN_RESOURCE_SHORTAGE.
  static base::Result<base::Ref<EmulationVector>> updated(const EmulationVector* old, int start,
                                                          std::span<const uint32_t> routines);

  [[nodiscard]] int start() const { return start_; }
  [[nodiscard]] std::span<const uint32_t> entries() const { return {entries_, count_}; }

  // True when traps (negative numbers) may be redirected too.
  [[nodiscard]] bool redirects_traps() const { return start_ < 0; }

  // The user routine for `number`; 0: none.
  [[nodiscard]] uint32_t lookup(int number) const {
    const uint32_t index = static_cast<uint32_t>(number) - static_cast<uint32_t>(start_);
    return index < count_ ? entries_[index] : 0;
  }

  ~EmulationVector();

 private:
  friend struct arch::EntryOffsets;
  EmulationVector(int start, uint32_t count, uint32_t* entries)
      : start_(start), count_(count), entries_(entries) {}

  int start_;
  uint32_t count_;
  uint32_t* entries_;
};

}  // namespace kern
