/* machina-info [kernel|memory|objects|services|task]...: what the Mach kernel tells about itself, its memory and what
 * it has in use, the services there are, and this task; everything without arguments. An ordinary program of the system
 * (musl) that also calls the kernel directly. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mach.h>
#include <mach/host_info.h>
#include <mach/mach_host.h>
#include <mach/task_info.h>
#include <mach/vm_statistics.h>
#include <mach_debug/mach_debug.h>
#include <mach_error.h>

static void check(kern_return_t code, const char *what) {
  if (code == KERN_SUCCESS) return;
  fprintf(stderr, "machina-info: %s: %s\n", what, mach_error_string(code));
  exit(EXIT_FAILURE);
}

static void number(const char *name, unsigned long value, const char *unit) {
  printf("  %-28s %10lu%s%s\n", name, value, *unit ? " " : "", unit);
}

static void thousandths(const char *name, const mach_long_t values[3]) {
  printf("  %-28s", name);
  for (int i = 0; i < 3; ++i) {
    printf(" %ld.%03ld", (long)values[i] / LOAD_SCALE, (long)values[i] % LOAD_SCALE);
  }
  putchar('\n');
}

static void show_kernel(void) {
  static kernel_version_t version;
  struct host_basic_info basic;
  struct host_sched_info scheduling;
  struct host_load_info load;
  mach_msg_type_number_t count;

  check(host_kernel_version(mach_host_self(), version), "host_kernel_version");
  printf("kernel: %s\n", version);
  count = HOST_BASIC_INFO_COUNT;
  check(host_info(mach_host_self(), HOST_BASIC_INFO, (host_info_t)&basic, &count), "HOST_BASIC_INFO");
  number("processors", (unsigned long)basic.avail_cpus, "");
  number("memory", basic.memory_size / 1024, "KiB");
  count = HOST_SCHED_INFO_COUNT;
  check(host_info(mach_host_self(), HOST_SCHED_INFO, (host_info_t)&scheduling, &count), "HOST_SCHED_INFO");
  number("shortest timeout", (unsigned long)scheduling.min_timeout, "ms");
  number("shortest quantum", (unsigned long)scheduling.min_quantum, "ms");
  count = HOST_LOAD_INFO_COUNT;
  check(host_info(mach_host_self(), HOST_LOAD_INFO, (host_info_t)&load, &count), "HOST_LOAD_INFO");
  thousandths("load (5, 30, 60 s)", load.avenrun);
  thousandths("Mach factor", load.mach_factor);
}

/* A line of /proc/meminfo, which the process server asks the default pager for: its port is privileged. */
static void show_meminfo(const char *name, const char *key) {
  char line[128];
  unsigned long kilobytes;
  FILE *file = fopen("/proc/meminfo", "r");
  if (file == NULL) {
    fprintf(stderr, "machina-info: /proc/meminfo: %s\n", strerror(errno));
    exit(EXIT_FAILURE);
  }
  while (fgets(line, sizeof line, file) != NULL) {
    const size_t length = strlen(key);
    if (strncmp(line, key, length) == 0 && sscanf(line + length, ": %lu", &kilobytes) == 1) {
      number(name, kilobytes, "KiB");
    }
  }
  fclose(file);
}

/* A line of /proc/swaps each, without the headings. */
static void show_paging_places(void) {
  char line[512], name[256];
  unsigned long size, used;
  FILE *file = fopen("/proc/swaps", "r");
  if (file == NULL) {
    fprintf(stderr, "machina-info: /proc/swaps: %s\n", strerror(errno));
    exit(EXIT_FAILURE);
  }
  while (fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "%255s %*s %lu %lu", name, &size, &used) != 3) continue;
    strncat(name, " holds", sizeof name - strlen(name) - 1);
    number(name, used, "KiB");
  }
  fclose(file);
}

static void show_memory(void) {
  struct vm_statistics v;
  check(vm_statistics(mach_task_self(), &v), "vm_statistics");
  const unsigned long page = (unsigned long)v.pagesize / 1024;
  printf("memory:\n");
  number("page", page, "KiB");
  number("free", (unsigned long)v.free_count * page, "KiB");
  number("active", (unsigned long)v.active_count * page, "KiB");
  number("inactive", (unsigned long)v.inactive_count * page, "KiB");
  number("wired", (unsigned long)v.wire_count * page, "KiB");
  show_meminfo("paging space", "SwapTotal");
  show_meminfo("paging space free", "SwapFree");
  show_paging_places();
  number("faults", (unsigned long)v.faults, "");
  number("zero-filled pages", (unsigned long)v.zero_fill_count, "");
  number("copies on write", (unsigned long)v.cow_faults, "");
  number("pages read in", (unsigned long)v.pageins, "");
  number("pages written out", (unsigned long)v.pageouts, "");
  number("reactivated pages", (unsigned long)v.reactivations, "");
  number("object cache lookups", (unsigned long)v.lookups, "");
  number("object cache hits", (unsigned long)v.hits, "");
}

/* Objects by class, pages by use, the kernel's heap by chunk size. */
static void show_objects(void) {
  zone_name_array_t names = NULL;
  zone_info_array_t zones = NULL;
  mach_msg_type_number_t name_count = 0, count = 0;

  check(host_zone_info(mach_host_self(), &names, &name_count, &zones, &count), "host_zone_info");
  if (name_count != count) check(KERN_FAILURE, "host_zone_info");
  printf("objects:                              number       size       KiB\n");
  for (mach_msg_type_number_t i = 0; i < count; ++i) {
    printf("  %-32.*s %8d %10lu %9lu\n", (int)sizeof names[i].zn_name, names[i].zn_name, zones[i].zi_count,
           (unsigned long)zones[i].zi_elem_size, (unsigned long)zones[i].zi_cur_size / 1024);
  }
}

static void show_task(void) {
  struct task_basic_info basic;
  mach_msg_type_number_t count = TASK_BASIC_INFO_COUNT;
  mach_port_array_t names = NULL;
  mach_port_type_array_t types = NULL;
  mach_msg_type_number_t name_count = 0, type_count = 0;
  unsigned long of_type[3] = {0, 0, 0};

  check(task_info(mach_task_self(), TASK_BASIC_INFO, (task_info_t)&basic, &count), "TASK_BASIC_INFO");
  check(mach_port_names(mach_task_self(), &names, &name_count, &types, &type_count), "mach_port_names");
  for (mach_msg_type_number_t i = 0; i < type_count; ++i) {
    if (types[i] & MACH_PORT_TYPE_RECEIVE) ++of_type[0];
    if (types[i] & MACH_PORT_TYPE_SEND) ++of_type[1];
    if (types[i] & MACH_PORT_TYPE_DEAD_NAME) ++of_type[2];
  }
  printf("this task:\n");
  number("address space", basic.virtual_size / 1024, "KiB");
  number("resident", basic.resident_size / 1024, "KiB");
  number("priority", (unsigned long)basic.base_priority, "");
  number("port names", name_count, "");
  number("receive rights", of_type[0], "");
  number("send rights", of_type[1], "");
  number("dead names", of_type[2], "");
}

/* What the name server knows, as the process server passes it on: its port is privileged. */
static void show_services(void) {
  char line[128];
  FILE *file = fopen("/proc/services", "r");
  if (file == NULL) {
    fprintf(stderr, "machina-info: /proc/services: %s\n", strerror(errno));
    exit(EXIT_FAILURE);
  }
  printf("services:\n");
  while (fgets(line, sizeof line, file) != NULL) printf("  %s", line);
  fclose(file);
}

static const struct {
  const char *name;
  void (*show)(void);
} kParts[] = {{"kernel", show_kernel},
              {"memory", show_memory},
              {"objects", show_objects},
              {"services", show_services},
              {"task", show_task}};
enum { kPartCount = sizeof kParts / sizeof kParts[0] };

static void show(const char *name) {
  for (int i = 0; i < kPartCount; ++i) {
    if (strcmp(name, kParts[i].name) == 0) {
      kParts[i].show();
      return;
    }
  }
  fprintf(stderr, "usage: machina-info [kernel|memory|objects|services|task]...\n");
  exit(2);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) show(argv[i]);
  for (int i = 0; argc == 1 && i < kPartCount; ++i) kParts[i].show();
  return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
