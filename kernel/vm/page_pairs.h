// Free pages that are neighbours. Kernel memory of two pages, such as a thread's stack, needs them, and when most of the
// memory is in use the few pages that are free lie apart.
#pragma once

#include "kernel/vm/lock.h"

namespace vm {

// Makes pairs until there is a small stock (page_allocator.h), where a free page's neighbour can be moved: a page of an
// object that is neither wired nor being filled goes somewhere else, and page faults find it there.
void make_page_pairs() REQUIRES(graph_lock);

}  // namespace vm
