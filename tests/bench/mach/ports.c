/* Calls of the kernel about ports: messages that the kernel answers itself. */
#include "tests/bench/mach/mach_bench.h"

void measure_one_right(const char *name) {
  const mach_port_t self = mach_task_self();
  mach_port_t port;
  MEASURE(name, {
    require(mach_port_allocate(self, MACH_PORT_RIGHT_RECEIVE, &port), "allocate");
    require(mach_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE, -1), "mod_refs");
  });
}

void measure_ports(void) {
  const mach_port_t self = mach_task_self();
  mach_port_type_t type;
  MEASURE("kernel RPC (mach_port_type)", require(mach_port_type(self, self, &type), "type"));
  measure_one_right("receive right allocate + mod_refs");
}
