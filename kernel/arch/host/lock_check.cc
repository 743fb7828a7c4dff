#include "kernel/kern/assert.h"
#include "kernel/kern/lock.h"

namespace arch {
namespace {

constexpr unsigned kMaxHeld = 16;
const kern::Lock* held[kMaxHeld];
unsigned held_count = 0;

}  // namespace

void note_lock(const kern::Lock& lock) {
  for (unsigned i = 0; i < held_count; ++i) {
    KASSERT(held[i] != &lock);
    KASSERT(held[i]->rank() <= lock.rank());
  }
  KASSERT(held_count < kMaxHeld);
  held[held_count++] = &lock;
}

void note_unlock(const kern::Lock& lock) {
  for (unsigned i = held_count; i-- > 0;) {
    if (held[i] != &lock) continue;
    held[i] = held[--held_count];
    return;
  }
  kern::panic("unlocking a lock that is not held");
}

void check_no_lock_held() { KASSERT(held_count == 0); }

}  // namespace arch
