// Every Linux-i386 system call the library answers: CALL(number, name) for each, in order of
// numbers. `name` is the handler, `int32_t calls::name(Registers&)`, which returns the result or
// -errno. COMPAT.md is generated from this list.
#pragma once

#define EMULATION_CALLS(CALL) \
  CALL(1, exit)               \
  CALL(4, write)              \
  CALL(20, getpid)            \
  CALL(252, exit_group)
