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

/* Pages of a copied region, most of which is never touched. */
static void measure_copy_on_write(const char *name, unsigned region_bytes) {
  vm_address_t region = 0;
  unsigned batch;
  require(vm_allocate(mach_task_self(), &region, region_bytes, TRUE), "vm_allocate");
  write_pages(region);
  for (batch = 0; batch < BATCHES; batch++) {
    vm_offset_t copy;
    mach_msg_type_number_t size;
    require(vm_read(mach_task_self(), region, region_bytes, &copy, &size), "vm_read");
    begin_batch();
    write_pages(copy);
    end_batch();
    require(vm_deallocate(mach_task_self(), copy, region_bytes), "vm_deallocate");
  }
  report(name, ROUNDS);
  require(vm_deallocate(mach_task_self(), region, region_bytes), "vm_deallocate");
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

void measure_one_page(const char *name) {
  const mach_port_t self = mach_task_self();
  MEASURE(name, {
    vm_address_t page = 0;
    require(syscall_vm_allocate(self, &page, PAGE_BYTES, TRUE), "vm_allocate");
    *(volatile char *)page = 1;
    require(syscall_vm_deallocate(self, page, PAGE_BYTES), "vm_deallocate");
  });
}

/* vm_protect of one page in the middle of memory that is divided into `entries` map entries. */
static void measure_protect(const char *name, vm_address_t memory, unsigned entries) {
  const vm_address_t page = memory + entries / 2 * 2 * PAGE_BYTES;
  MEASURE(name, {
    require(vm_protect(mach_task_self(), page, PAGE_BYTES, FALSE, VM_PROT_READ), "vm_protect");
    require(vm_protect(mach_task_self(), page, PAGE_BYTES, FALSE, VM_PROT_DEFAULT), "vm_protect");
  });
}

/* The same operations when the map has a few entries and when it has a thousand more. */
static void measure_many_entries(void) {
  const unsigned entries = 1000;
  const unsigned bytes = (2 * entries + 1) * PAGE_BYTES;
  vm_address_t memory = 0;
  unsigned i;
  require(vm_allocate(mach_task_self(), &memory, bytes, TRUE), "vm_allocate");
  measure_protect("vm_protect of a page, twice", memory, entries);
  for (i = 0; i < entries; i++)
    require(vm_inherit(mach_task_self(), memory + (2 * i + 1) * PAGE_BYTES, PAGE_BYTES,
                       VM_INHERIT_NONE),
            "vm_inherit");
  measure_protect("vm_protect of a page, twice, 1000 entries", memory, entries);
  require(vm_deallocate(mach_task_self(), memory, bytes), "vm_deallocate");
}

void measure_memory(void) {
  measure_one_page("vm_allocate + touch + vm_deallocate (trap)");
  measure_many_entries();
  measure_zero_fill();
  measure_copy_on_write("copy-on-write fault, write", REGION_BYTES);
  measure_copy_on_write("copy-on-write fault, region of 256 MiB", 256u << 20);
  measure_reprotect();
}
