// One processor that never takes an interrupt inside the kernel needs no lock operations.
#pragma once

namespace arch {

inline void note_lock(const kern::Lock&) {}
inline void note_unlock(const kern::Lock&) {}

}  // namespace arch
