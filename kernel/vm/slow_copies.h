// SlowCopies: copies that cannot be made copy-on-write (the memory manager asked for
// MEMORY_OBJECT_COPY_NONE) and so are read, page by page, before an operation on a map begins.
// Reading blocks, the operation itself does not: it takes the finished copies from here.
#pragma once

#include "kernel/vm/object.h"
#include "libs/base/list.h"
#include "libs/base/result.h"

namespace vm {

class SlowCopies {
 public:
  SlowCopies() = default;
  SlowCopies(const SlowCopies&) = delete;
  SlowCopies& operator=(const SlowCopies&) = delete;
  ~SlowCopies();

  // Whether a copy of the object has to be made here, or (its manager is not ready) waited for.
  static bool needed(const Object& object);

  // Makes a copy of [start, end). Blocks. The errors of a fault.
  base::Status prepare(base::Ref<Object> object, Offset start, Offset end);

  // A copy that covers [start, end) of the object, null when none was prepared.
  base::Ref<Object> find(const Object& object, Offset start, Offset end) REQUIRES(graph_lock);

 private:
  struct Copy {
    base::Ref<Object> source;
    base::Ref<Object> copy;
    base::ListLink link;
  };
  base::List<Copy, &Copy::link> copies_;
};

}  // namespace vm
