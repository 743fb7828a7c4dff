// The system as a whole, limits, and calls that tune what is fixed here.
#include <algorithm>
#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/entry/thread_block.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/files/transfer.h"
#include "emulation/linux_abi.h"
#include "emulation/mach/servers.h"
#include "emulation/mach/traps.h"
#include "emulation/memory/address_space.h"
#include "emulation/memory/user_memory.h"
#include "emulation/process/process_state.h"
#include "emulation/time/clock.h"
#include "libs/mach/process_user.h"

namespace emulation {
namespace {

constexpr uint64_t kUnlimited = ~0ull;
constexpr int kLimitStack = 3, kLimitCore = 4, kLimitProcesses = 6, kLimitFiles = 7;

// Limits as a process sees them first; those the library enforces are the table size and the stack.
ResourceLimit default_limit(int resource) {
  switch (resource) {
    case kLimitStack: return {kStackSize, kStackSize};
    case kLimitCore: return {0, kUnlimited};
    case kLimitProcesses: return {4096, 4096};
    case kLimitFiles: return {DescriptorTable::kSize, DescriptorTable::kSize};
    default: return {kUnlimited, kUnlimited};
  }
}

// A limit set by the program, or the default: an entry of zeros means never set.
ResourceLimit limit_of(int resource) {
  const ResourceLimit& limit = process_state.limits[resource];
  return limit.maximum == 0 && limit.current == 0 ? default_limit(resource) : limit;
}

int32_t set_limit(int resource, ResourceLimit limit) {
  if (limit.current > limit.maximum) return -EINVAL;
  if (limit.maximum > limit_of(resource).maximum && shared_page().euid != 0) return -EPERM;
  process_state.limits[resource] = limit;
  return 0;
}

uint32_t clamp32(uint64_t value) { return value > 0xffffffffu ? 0xffffffffu : static_cast<uint32_t>(value); }
uint64_t widen32(uint32_t value) { return value == 0xffffffffu ? kUnlimited : value; }

struct OldLimit {
  uint32_t current, maximum;
};

// struct utsname: six strings of 65 bytes.
struct SystemName {
  static constexpr int kField = 65;
  char field[6][kField];

  void set(int index, const char* text, uint32_t size) {
    __builtin_memcpy(field[index], text, std::min<uint32_t>(size, kField - 1));
  }
  void set(int index, const char* text) { set(index, text, __builtin_strlen(text)); }
};

struct SystemInfo {
  int32_t uptime;
  uint32_t loads[3];
  uint32_t total_ram, free_ram, shared_ram, buffer_ram, total_swap, free_swap;
  uint16_t processes, pad;
  uint32_t total_high, free_high, unit;
  uint8_t fill[8];
};
static_assert(sizeof(SystemInfo) == 64);

}  // namespace

namespace calls {

// Programs test the release for features: it is the Linux interface that the call table follows.
int32_t uname(Registers& r) {
  SystemName name{};
  char host[256];
  mach_msg_type_number_t size = sizeof host;
  if (proc_gethostname(process_port(), host, &size) != KERN_SUCCESS) size = 0;
  name.set(0, "Linux");
  name.set(1, host, size);
  name.set(2, "6.1.0-machina");
  name.set(3, "#1 Machina Mach 3");
  name.set(4, "i686");
  name.set(5, "(none)");
  return copy_out(r.ebx, name) ? 0 : -EFAULT;
}

int32_t sethostname(Registers& r) {
  char name[64];
  if (r.ecx > sizeof name) return -EINVAL;
  if (!copy_in(name, r.ebx, r.ecx)) return -EFAULT;
  return error_from(proc_sethostname(process_port(), name, r.ecx));
}

int32_t sysinfo(Registers& r) {
  int words[64] = {};
  mach_msg_type_number_t count = 64;
  const int32_t error = error_from(proc_sysinfo(process_port(), words, &count));
  if (error != 0) return error;
  SystemInfo info{};
  info.uptime = words[0];
  for (int i = 0; i < 3; ++i) info.loads[i] = static_cast<uint32_t>(words[1 + i]);
  info.total_ram = static_cast<uint32_t>(words[4]);
  info.free_ram = static_cast<uint32_t>(words[5]);
  info.total_swap = static_cast<uint32_t>(words[6]);
  info.free_swap = static_cast<uint32_t>(words[7]);
  info.processes = static_cast<uint16_t>(words[8]);
  info.unit = 4096;
  return copy_out(r.ebx, info) ? 0 : -EFAULT;
}

int32_t ugetrlimit(Registers& r) {
  if (r.ebx >= kResourceCount) return -EINVAL;
  const ResourceLimit limit = limit_of(static_cast<int>(r.ebx));
  const OldLimit out{clamp32(limit.current), clamp32(limit.maximum)};
  return copy_out(r.ecx, out) ? 0 : -EFAULT;
}

int32_t setrlimit(Registers& r) {
  OldLimit in;
  if (r.ebx >= kResourceCount) return -EINVAL;
  if (!copy_in(in, r.ecx)) return -EFAULT;
  return set_limit(static_cast<int>(r.ebx), {widen32(in.current), widen32(in.maximum)});
}

// prlimit64(pid, resource, new, old): of the calling process only.
int32_t prlimit64(Registers& r) {
  if (r.ecx >= kResourceCount) return -EINVAL;
  if (r.ebx != 0 && static_cast<int>(r.ebx) != shared_page().pid) return -ESRCH;
  const ResourceLimit old = limit_of(static_cast<int>(r.ecx));
  if (r.edx != 0) {
    ResourceLimit limit;
    if (!copy_in(limit, r.edx)) return -EFAULT;
    const int32_t error = set_limit(static_cast<int>(r.ecx), limit);
    if (error != 0) return error;
  }
  return r.esi == 0 || copy_out(r.esi, old) ? 0 : -EFAULT;
}

// Random enough for hash seeds and temporary names; not a source of keys (LIMITATIONS.md).
int32_t getrandom(Registers& r) {
  static uint64_t state = 0;
  state ^= __builtin_ia32_rdtsc() ^ static_cast<uint64_t>(realtime_microseconds()) << 20 ^
           static_cast<uint64_t>(shared_page().pid) << 48;
  const uint32_t size = r.ecx < 0x1ffffff ? r.ecx : 0x1ffffff;
  for (uint32_t at = 0; at < size; at += 4) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const auto word = static_cast<uint32_t>(state >> 32 ^ state >> 13);
    if (!copy_out(r.ebx + at, &word, std::min(4u, size - at))) return -EFAULT;
  }
  return static_cast<int32_t>(size);
}

int32_t prctl(Registers& r) {
  constexpr uint32_t kSetDeathSignal = 1, kGetDumpable = 3, kSetDumpable = 4, kSetName = 15,
                     kGetName = 16, kCapabilityRead = 23, kSetNoNewPrivileges = 38,
                     kGetNoNewPrivileges = 39;
  ThreadBlock& thread = current_thread();
  switch (r.ebx) {
    case kSetName: {
      char name[16] = {};
      const uint32_t length =
          program_range(r.ecx, 1) ? emulation_string_length(reinterpret_cast<char*>(r.ecx), 15) : ~0u;
      if (length == ~0u || !copy_in(name, r.ecx, length)) return -EFAULT;
      __builtin_memcpy(thread.name, name, sizeof name);
      return 0;
    }
    case kGetName: return copy_out(r.ecx, thread.name) ? 0 : -EFAULT;
    case kGetDumpable: return 1;
    case kSetDumpable: return r.ecx <= 1 ? 0 : -EINVAL;
    case kGetNoNewPrivileges: return 0;
    case kCapabilityRead: return r.ecx <= 40 ? 1 : -EINVAL;
    case kSetDeathSignal:
    case kSetNoNewPrivileges:
    default: return -EINVAL;
  }
}

// One processor.
int32_t sched_getaffinity(Registers& r) {
  const uint32_t mask = 1;
  if (r.ecx < sizeof mask) return -EINVAL;
  return copy_out(r.edx, mask) ? static_cast<int32_t>(sizeof mask) : -EFAULT;
}

int32_t sched_setaffinity(Registers& r) {
  uint32_t mask = 0;
  if (!copy_in(&mask, r.edx, std::min<uint32_t>(r.ecx, sizeof mask))) return -EFAULT;
  return (mask & 1) != 0 ? 0 : -EINVAL;
}

int32_t sched_yield(Registers&) {
  swtch();
  return 0;
}

// Only the Linux personality exists.
int32_t personality(Registers& r) { return r.ebx == 0xffffffff || r.ebx == 0 ? 0 : -EINVAL; }

// Advice about future accesses: valid, and without effect.
int32_t fadvise64_64(Registers& r) {
  OpenFile* file = descriptors.get_io(static_cast<int>(r.ebx));
  if (file == nullptr) return -EBADF;
  return file->has_offset() ? 0 : -ESPIPE;
}
int32_t fadvise64(Registers& r) { return fadvise64_64(r); }

// sendfile64(out, in, offset, count): through a buffer, as the files may be of any kind.
int32_t sendfile64(Registers& r) {
  OpenFile* out = descriptors.get_io(static_cast<int>(r.ebx));
  OpenFile* in = descriptors.get_io(static_cast<int>(r.ecx));
  if (out == nullptr || in == nullptr) return -EBADF;
  if (in->kind != IO_KIND_FILE) return -EINVAL;
  int64_t offset = IO_OFFSET_NONE;
  if (r.edx != 0 && !copy_in(offset, r.edx)) return -EFAULT;
  char buffer[8192];
  uint32_t total = 0;
  while (total < r.esi) {
    const uint32_t part = std::min<uint32_t>(sizeof buffer, r.esi - total);
    const int32_t count = read_into(*in, buffer, part, offset);
    if (count <= 0) {
      if (count < 0 && total == 0) return count;
      break;
    }
    const int32_t written = write_from(*out, buffer, static_cast<uint32_t>(count), IO_OFFSET_NONE);
    if (written < 0) return total != 0 ? static_cast<int32_t>(total) : written;
    total += written;
    if (offset != IO_OFFSET_NONE) offset += written;
    if (written < count) break;
  }
  if (r.edx != 0 && !copy_out(r.edx, offset)) return -EFAULT;
  return static_cast<int32_t>(total);
}

int32_t times(Registers& r) {
  constexpr int64_t kTicksPerSecond = 100;
  int words[64];
  int32_t ticks[4];
  for (int who = 0; who < 2; ++who) {
    mach_msg_type_number_t count = 64;
    const int32_t error = error_from(proc_getrusage(process_port(), -who, words, &count));
    if (error != 0) return error;
    ticks[who * 2] = static_cast<int32_t>(words[0] * kTicksPerSecond + words[1] / 10000);
    ticks[who * 2 + 1] = static_cast<int32_t>(words[2] * kTicksPerSecond + words[3] / 10000);
  }
  if (r.ebx != 0 && !copy_out(r.ebx, ticks)) return -EFAULT;
  return static_cast<int32_t>(monotonic_microseconds() / 10000 & 0x7fffffff);
}

int32_t reboot(Registers& r) {
  constexpr uint32_t kMagic = 0xfee1dead;
  if (r.ebx != kMagic) return -EINVAL;
  return error_from(proc_reboot(process_port(), static_cast<int>(r.edx)));
}

namespace {

// A path argument as bytes for the process server.
int32_t load_text(uint32_t address, char (&buffer)[POSIX_PATH_MAX], uint32_t* size) {
  *size = 0;
  if (address == 0) return 0;
  const uint32_t length = program_range(address, 1)
                              ? emulation_string_length(reinterpret_cast<char*>(address), sizeof buffer)
                              : ~0u;
  if (length == ~0u || !copy_in(buffer, address, length)) return -EFAULT;
  *size = length;
  return 0;
}

}  // namespace

int32_t mount(Registers& r) {
  char source[POSIX_PATH_MAX], target[POSIX_PATH_MAX], type[POSIX_PATH_MAX];
  uint32_t sizes[3];
  int32_t error = load_text(r.ebx, source, &sizes[0]);
  if (error == 0) error = load_text(r.ecx, target, &sizes[1]);
  if (error == 0) error = load_text(r.edx, type, &sizes[2]);
  if (error == 0 && sizes[2] > 255) error = -ENODEV;
  if (error != 0) return error;
  return error_from(proc_mount(process_port(), source, sizes[0], target, sizes[1], type, sizes[2],
                               static_cast<int>(r.esi)));
}

int32_t umount2(Registers& r) {
  char target[POSIX_PATH_MAX];
  uint32_t size;
  const int32_t error = load_text(r.ebx, target, &size);
  if (error != 0) return error;
  return error_from(proc_umount(process_port(), target, size, static_cast<int>(r.ecx)));
}
int32_t umount(Registers& r) {
  r.ecx = 0;
  return umount2(r);
}

}  // namespace calls
}  // namespace emulation
