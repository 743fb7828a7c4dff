// OffsetSet: a set of page offsets of one object.
#pragma once

#include <cstdint>
#include <memory>

#include "kernel/vm/types.h"
#include "libs/base/result.h"

namespace vm {

// A sparse bitmap: leaves of 4 MiB, allocated when their first bit is set.
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
  static constexpr uint32_t kLeaves = (1u << 20) / kLeafPages;
  Leaf** leaves_ = nullptr;  // kLeaves of them
};

}  // namespace vm
