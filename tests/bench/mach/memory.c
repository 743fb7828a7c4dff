/* Memory calls and the page faults that the kernel resolves alone. */
#include <mach/mach_traps.h>

#include "tests/bench/mach/mach_bench.h"

#define REGION_BYTES (ROUNDS * PAGE_BYTES)

static vm_address_t new_region(void) {
  vm_address_t region = 0;
  require(vm_allocate(mach_task_self(), &region, REGION_BYTES, TRUE), "vm_allocate");
  return region;
}

static void write_pages(vm_address_t region) {
  unsigned i;
  for (i = 0; i < ROUNDS; i++) *(volatile char *)(region + i * PAGE_BYTES) = 1;
}

static void drop(vm_address_t region) {
  require(vm_deallocate(mach_task_self(), region, REGION_BYTES), "vm_deallocate");
}

static void measure_zero_fill(void) {
  unsigned batch;
  for (batch = 0; batch < BATCHES; batch++) {
    const vm_address_t region = new_region();
    begin_batch();
    write_pages(region);
    end_batch();
    drop(region);
  }
  report("zero-fill fault", ROUNDS);
}

static void measure_copy_on_write(void) {
  const vm_address_t region = new_region();
  unsigned batch;
  write_pages(region);
  for (batch = 0; batch < BATCHES; batch++) {
    vm_offset_t copy;
    mach_msg_type_number_t size;
    require(vm_read(mach_task_self(), region, REGION_BYTES, &copy, &size), "vm_read");
    begin_batch();
    write_pages(copy);
    end_batch();
    drop(copy);
  }
  report("copy-on-write fault, write", ROUNDS);
  drop(region);
}

/* The page is there, but its mapping still has the old protection. */
static void measure_reprotect(void) {
  const mach_port_t self = mach_task_self();
  const vm_address_t region = new_region();
  unsigned batch;
  write_pages(region);
  for (batch = 0; batch < BATCHES; batch++) {
    require(vm_protect(self, region, REGION_BYTES, FALSE, VM_PROT_READ), "vm_protect");
    require(vm_protect(self, region, REGION_BYTES, FALSE, VM_PROT_READ | VM_PROT_WRITE),
            "vm_protect");
    begin_batch();
    write_pages(region);
    end_batch();
  }
  report("resident re-protect fault", ROUNDS);
  drop(region);
}

void measure_memory(void) {
  const mach_port_t self = mach_task_self();
  MEASURE("vm_allocate + touch + vm_deallocate (trap)", {
    vm_address_t page = 0;
    require(syscall_vm_allocate(self, &page, PAGE_BYTES, TRUE), "vm_allocate");
    *(volatile char *)page = 1;
    require(syscall_vm_deallocate(self, page, PAGE_BYTES), "vm_deallocate");
  });
  measure_zero_fill();
  measure_copy_on_write();
  measure_reprotect();
}
