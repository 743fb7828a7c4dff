// Processor exceptions, interrupts and system traps, called from entry.S.
#pragma once

#include <cstdint>

#include "platform/context.h"

namespace arch {

// Fills the interrupt table and the trap jump table.
void init_traps();

inline constexpr uint32_t kVectorDivide = 0, kVectorDebug = 1, kVectorNmi = 2,
                          kVectorBreakpoint = 3, kVectorOverflow = 4, kVectorBound = 5,
                          kVectorInvalidOpcode = 6, kVectorNoFpu = 7, kVectorFpuOverrun = 9,
                          kVectorInvalidTss = 10, kVectorNotPresent = 11, kVectorStack = 12,
                          kVectorProtection = 13, kVectorPageFault = 14, kVectorFpuError = 16,
                          kVectorAlignment = 17, kVectorSimdError = 19, kVectorFirstIrq = 0x20,
                          kVectorSoftware = 0x80;

// Exceptions of user mode and their recovery in kernel mode (exceptions.cc). `frame` has come from
// a vector below kVectorFirstIrq; the result is the frame to continue with.
TrapFrame* handle_exception(TrapFrame* frame);

// Prints the registers of a frame.
void print_frame(const TrapFrame& frame);

}  // namespace arch
