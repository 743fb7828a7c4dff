// Collapse: merges an anonymous object into the only object that shadows it.
#pragma once

#include "kernel/vm/object.h"

namespace vm {

class Collapse {
 public:
  // Merges `top` with the objects below it as far as nobody else sees them.
  static void try_merge(Object& top);

 private:
  static bool mergeable(const Object& top);
  static void merge(Object& top);
  static void move_up(Object& top, Object& below);
  static void exchange(Object& top, Object& below);
  static void trim(Object& object, Offset start, Offset end);
  static void unlink_below(Object& top, Object& below);
};

}  // namespace vm
