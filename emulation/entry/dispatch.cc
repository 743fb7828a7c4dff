// The table that entry.S calls through.
#include <array>
#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/entry/layout.h"
#include "emulation/mach/servers.h"

namespace emulation {
namespace {

using Handler = int32_t(__attribute__((fastcall)) *)(Registers&);

// Adapts a handler to the register convention of entry.S.
template <int32_t (*kHandler)(Registers&)>
__attribute__((fastcall)) int32_t adapt(Registers& r) {
  return kHandler(r);
}

// A number inside the table that nothing answers: said to the process server once per call.
__attribute__((fastcall)) int32_t unknown(Registers& r) {
  count_unimplemented(r.call);
  return -ENOSYS;
}

constexpr auto make_table() {
  std::array<Handler, EMULATION_CALL_COUNT> table{};
  for (Handler& entry : table) entry = unknown;
#define EMULATION_ENTRY(number, name) table[number] = adapt<calls::name>;
  EMULATION_CALLS(EMULATION_ENTRY)
#undef EMULATION_ENTRY
  return table;
}

}  // namespace
}  // namespace emulation

extern "C" {

extern constinit const std::array<emulation::Handler, EMULATION_CALL_COUNT> emulation_call_table =
    emulation::make_table();

// Called by entry.S for numbers beyond the table.
__attribute__((fastcall)) int32_t emulation_unknown_call(emulation::Registers& r) {
  return emulation::unknown(r);
}
}
