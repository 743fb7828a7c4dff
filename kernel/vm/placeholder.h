// Placeholders: busy pages in an object that stand for data asked of its memory manager. Each
// counts as a paging operation of the object until it is filled or dropped. Under graph_lock.
#pragma once

#include "kernel/vm/object.h"

namespace vm {

inline bool is_placeholder(const Page& page) { return page.busy && page.absent; }

// The page has its contents (or is marked as an error): makes it an ordinary page. The caller wakes
// the object when it is done with all of them.
void fill_placeholder(Object& object, Page& page);
// Takes the placeholder away; threads that wait look again.
void drop_placeholder(Object& object, Page& page);

// The object loses its manager: memory_object_terminate is sent, waiting threads fail, and what is
// not resident can never be had (KERN_MEMORY_FAILURE).
void orphan_object(Object& object);

}  // namespace vm
