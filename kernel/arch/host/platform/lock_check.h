// Host tests check the use of locks: rank order, no double locking, nothing held while blocking.
#pragma once

namespace arch {

void note_lock(const kern::Lock& lock);
void note_unlock(const kern::Lock& lock);
// Aborts the test if any lock is held; called where a thread gives up the processor.
void check_no_lock_held();

}  // namespace arch
