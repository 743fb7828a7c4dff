// Nothing is done in line on the host: see kernel/arch/host/context.cc.
#pragma once

namespace arch {

inline void switch_user_thread(kern::Thread& from, kern::Thread& to) { switch_thread(from, to); }

}  // namespace arch
