// The calling convention of traps.
#pragma once

// A trap finds its arguments on the stack, where the entry code copied them; other functions of the
// kernel get theirs in registers.
#define TRAP __attribute__((regparm(0)))
