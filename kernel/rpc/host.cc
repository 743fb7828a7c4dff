// Calls on the host (book chapter 8).
#include <mach/host_info.h>
#include <mach/kern_return.h>

#include <cstring>

#include "kernel/arch/boot.h"
#include "kernel/debug/dump.h"
#include "kernel/kern/clock.h"
#include "kernel/kern/host.h"
#include "kernel/kern/info.h"
#include "kernel/rpc/mach_host_server.h"

namespace rpc {
namespace {

// Options of host_reboot, as in <mach/mach_host.h>.
constexpr int kHalt = 0x08, kDebugger = 0x1000;

bool is_time(const time_value_t& t) {
  return t.microseconds > -TIME_MICROS_MAX && t.microseconds < TIME_MICROS_MAX;
}

}  // namespace

kern_return_t host_info(HostRef host, int flavor, integer_t* info, mach_msg_type_number_t* count) {
  if (!host) return KERN_INVALID_ARGUMENT;
  *count = TRY_CODE(kern::host_info(flavor, {info, mig::kMostCounted}));
  return KERN_SUCCESS;
}

kern_return_t host_kernel_version(HostRef host, char* version) {
  if (!host) return KERN_INVALID_ARGUMENT;
  std::strncpy(version, kern::kKernelVersion, KERNEL_VERSION_MAX);
  return KERN_SUCCESS;
}

kern_return_t host_get_boot_info(HostPrivRef host, char* info) {
  if (!host) return KERN_INVALID_ARGUMENT;
  std::strncpy(info, arch::boot_arguments(), KERNEL_BOOT_INFO_MAX);
  info[KERNEL_BOOT_INFO_MAX - 1] = 0;
  return KERN_SUCCESS;
}

kern_return_t host_get_time(HostRef host, time_value_t* now) {
  if (!host) return KERN_INVALID_HOST;
  *now = kern::wall_time();
  return KERN_SUCCESS;
}

kern_return_t host_set_time(HostPrivRef host, const time_value_t& t) {
  if (!host) return KERN_NO_ACCESS;
  if (!is_time(t) || t.seconds < 0 || t.microseconds < 0) return KERN_INVALID_ARGUMENT;
  kern::set_wall_time(t);
  return KERN_SUCCESS;
}

kern_return_t host_adjust_time(HostPrivRef host, const time_value_t& delta, time_value_t* old) {
  if (!host) return KERN_INVALID_HOST;
  if (!is_time(delta)) return KERN_INVALID_ARGUMENT;
  *old = kern::adjust_wall_time(delta);
  return KERN_SUCCESS;
}

// HALT stops the machine for good: an emulator's debug-exit port first, then power off.
kern_return_t host_reboot(HostPrivRef host, int options) {
  if (!host) return KERN_NO_ACCESS;
  if (options & kDebugger) {
    debug::dump_tasks();
    debug::dump_memory();
    return KERN_SUCCESS;
  }
  if (!(options & kHalt)) arch::reboot();
  arch::debug_exit(0);
  arch::power_off();
}

}  // namespace rpc
