// OffsetSet: a set of page offsets of one object.
#pragma once

#include <cstdint>
#include <memory>

#include "kernel/vm/types.h"
#include "libs/base/result.h"

namespace vm {

// A sparse bitmap: leaves of 4 MiB, allocated when their first bit is set. Small for an object of a few pages: there
// are many of those, and page-out fills such sets when memory is short.
class OffsetSet {
 public:
  OffsetSet() = default;
  OffsetSet(const OffsetSet&) = delete;
  OffsetSet& operator=(const OffsetSet&) = delete;
  ~OffsetSet() { clear(); }

  [[nodiscard]] bool contains(Offset offset) const;
  // KERN_RESOURCE_SHORTAGE: not added.
  base::Status add(Offset offset);
  void remove(Offset offset);
  void clear();

 private:
  static constexpr uint32_t kLeafPages = 1024;
  struct Leaf {
    uint32_t bits[kLeafPages / 32];
  };
  bool make_room(uint32_t index);

  Leaf** leaves_ = nullptr;
  uint32_t leaf_count_ = 0;
};

}  // namespace vm
