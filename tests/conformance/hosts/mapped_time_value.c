#include <device/device.h>

#include "tests/conformance/hosts/time.h"

static volatile mapped_time_value_t *map_time(void) {
  mach_port_t device = MACH_PORT_NULL;
  mach_port_t memory = MACH_PORT_NULL;
  vm_address_t address = 0;
  REQUIRE_SUCCESS(device_open(device_master, D_READ, "time", &device));
  REQUIRE_SUCCESS(device_map(device, VM_PROT_READ, 0, vm_page_size, &memory, FALSE));
  REQUIRE_SUCCESS(vm_map(mach_task_self(), &address, vm_page_size, 0, TRUE, memory, 0, FALSE,
                         VM_PROT_READ, VM_PROT_READ, VM_INHERIT_SHARE));
  return (volatile mapped_time_value_t *)address;
}

static time_value_t mapped(const volatile mapped_time_value_t *m) {
  time_value_t t;
  do {
    t.seconds = m->seconds;
    t.microseconds = m->microseconds;
  } while (t.seconds != m->check_seconds);
  return t;
}

CONFORMS(mapped_time_value, "what host_get_time tells, at most a clock tick old") {
  const volatile mapped_time_value_t *m = map_time();
  unsigned i;
  unsigned late = 0;
  for (i = 0; i < 100; i++) {
    const time_value_t before = host_time();
    const time_value_t t = mapped(m);
    const time_value_t after = host_time();
    late += time_between(t, before) > 11000;
    EXPECT(time_between(t, after) >= 0);
    pause_for(7);
  }
  EXPECT(late <= 10); /* a loaded emulator may deliver ticks late */
}

CONFORMS(mapped_time_value, "changes with every clock interrupt, without a system call") {
  const volatile mapped_time_value_t *m = map_time();
  const time_value_t start = mapped(m);
  time_value_t last = start;
  unsigned changes = 0;
  while (time_between(start, last) < 500000) {
    const time_value_t now = mapped(m);
    EXPECT((unsigned)now.microseconds < 1000000);
    if (time_between(last, now) != 0) {
      REQUIRE(time_between(last, now) > 0);
      changes++;
    }
    last = now;
  }
  EXPECT(changes >= 20);
}

CONFORMS(mapped_time_value, "shows a time that is set at once") {
  const volatile mapped_time_value_t *m = map_time();
  const time_value_t start = host_time();
  time_value_t t = start;
  t.seconds += 12345;
  REQUIRE_SUCCESS(host_set_time(host_control, t));
  EXPECT(time_between(t, mapped(m)) >= 0);
  EXPECT(time_between(t, mapped(m)) < 300000);
  REQUIRE_SUCCESS(host_set_time(host_control, start));
}

CONFORMS(mapped_time_value, "cannot be written") {
  mach_port_t device = MACH_PORT_NULL;
  mach_port_t memory = MACH_PORT_NULL;
  vm_address_t address = 0;
  REQUIRE_SUCCESS(device_open(device_master, D_READ, "time", &device));
  EXPECT(device_map(device, VM_PROT_READ | VM_PROT_WRITE, 0, vm_page_size, &memory, FALSE) !=
         KERN_SUCCESS);
  REQUIRE_SUCCESS(device_map(device, VM_PROT_READ, 0, vm_page_size, &memory, FALSE));
  EXPECT(vm_map(mach_task_self(), &address, vm_page_size, 0, TRUE, memory, 0, FALSE,
                VM_PROT_READ | VM_PROT_WRITE, VM_PROT_ALL, VM_INHERIT_SHARE) != KERN_SUCCESS ||
         vm_protect(mach_task_self(), address, vm_page_size, FALSE,
                    VM_PROT_READ | VM_PROT_WRITE) != KERN_SUCCESS);
}
