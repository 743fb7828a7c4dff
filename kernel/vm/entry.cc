#include "kernel/vm/entry.h"

#include <new>

namespace vm {

Entry* clone_entry(const Entry& from) {
  auto* e = new (std::nothrow) Entry;
  if (!e) return nullptr;
  e->start = from.start;
  e->end = from.end;
  e->object = from.object;
  e->offset = from.offset;
  e->protection = from.protection;
  e->max_protection = from.max_protection;
  e->inheritance = from.inheritance;
  e->needs_copy = from.needs_copy;
  if (e->object) e->object->retain();
  return e;
}

void destroy_entry(Entry* entry) {
  if (entry->object) entry->object->release();
  delete entry;
}

}  // namespace vm
