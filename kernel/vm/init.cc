#include "kernel/vm/init.h"

#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_out.h"
#include "kernel/vm/page_table.h"

namespace vm {

void init() {
  initialize_page_allocator();
  PageTable::init();
}

void start_threads() { PageOut::start(); }

}  // namespace vm
