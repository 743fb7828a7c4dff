// Multiboot information: memory map, command line, modules.
#include "kernel/arch/i386/boot_info.h"

#include <algorithm>
#include <cstring>

#include "kernel/arch/boot.h"
#include "kernel/arch/i386/fw_cfg.h"
#include "kernel/arch/i386/memory_layout.h"
#include "kernel/kern/assert.h"
#include "libs/base/math.h"

extern "C" char kernel_image_start[], kernel_image_end[];

namespace arch {
namespace {

constexpr uint32_t kLoaderMagic = 0x2BADB002;
constexpr uint32_t kHasCommandLine = 1u << 2, kHasModules = 1u << 3, kHasMemoryMap = 1u << 6;
constexpr uint32_t kUsable = 1;
constexpr uint32_t kFirstUsable = 0x100000;
constexpr uint32_t kMemoryLimit = 0x80000000;  // 2 GiB

struct MultibootInfo {
  uint32_t flags, mem_lower, mem_upper, boot_device, command_line;
  uint32_t module_count, modules;
  uint32_t symbols[4];
  uint32_t memory_map_length, memory_map;
};
struct MultibootModule {
  uint32_t start, end, arguments, reserved;
};
struct [[gnu::packed]] MemoryMapEntry {
  uint32_t size;
  uint64_t base, length;
  uint32_t type;
};

constexpr unsigned kMaxRanges = 64, kMaxModules = 16;
PhysRange ranges[kMaxRanges];
unsigned range_count;
uint32_t total_memory, page_limit;
bool handed_out;

BootModule modules[kMaxModules];
unsigned module_count;

char arguments[4096];
char module_strings[4096];
unsigned module_strings_used;

template <typename T>
T* at(uint32_t physical) {
  return static_cast<T*>(direct_map(PhysAddr{physical}));
}

// Ranges never straddle the end of the direct map.
void add_range(uint64_t start, uint64_t end) {
  if (start < kDirectMapSize && end > kDirectMapSize) {
    add_range(start, kDirectMapSize);
    start = kDirectMapSize;
  }
  start = std::max<uint64_t>(start, kFirstUsable);
  end = std::min<uint64_t>(end, kMemoryLimit);
  start = base::align_up<uint64_t>(start, kPageSize);
  end = base::align_down<uint64_t>(end, kPageSize);
  if (start >= end || range_count == kMaxRanges) return;
  ranges[range_count++] = {{static_cast<uint32_t>(start)}, {static_cast<uint32_t>(end)}};
  total_memory += static_cast<uint32_t>(end - start);
  page_limit = std::max(page_limit, static_cast<uint32_t>(end >> kPageShift));
}

// Takes [start, end), rounded outwards to pages, out of free memory.
void reserve(uint32_t start, uint32_t end) {
  start = base::align_down(start, kPageSize);
  end = base::align_up(end, kPageSize);
  for (unsigned i = 0; i < range_count; ++i) {
    PhysRange& r = ranges[i];
    if (end <= r.start.value || start >= r.end.value) continue;
    const PhysRange above = {{end}, r.end};
    const bool has_above = end < r.end.value;
    if (start > r.start.value) {
      r.end.value = start;
      if (has_above && range_count < kMaxRanges) ranges[range_count++] = above;
    } else if (has_above) {
      r = above;
    } else {
      r = ranges[--range_count];
      --i;
    }
  }
}

void read_memory_map(const MultibootInfo& info) {
  if (!(info.flags & kHasMemoryMap)) {
    add_range(kFirstUsable, kFirstUsable + uint64_t{info.mem_upper} * 1024);
    return;
  }
  for (uint32_t offset = 0; offset < info.memory_map_length;) {
    const auto& entry = *at<const MemoryMapEntry>(info.memory_map + offset);
    if (entry.type == kUsable) add_range(entry.base, entry.base + entry.length);
    offset += entry.size + sizeof entry.size;
  }
}

const char* keep_string(uint32_t physical) {
  if (physical == 0) return "";
  const char* text = at<const char>(physical);
  const unsigned room = sizeof module_strings - module_strings_used;
  const unsigned length = static_cast<unsigned>(std::strlen(text));
  if (length + 1 > room) return "";
  char* copy = module_strings + module_strings_used;
  std::memcpy(copy, text, length + 1);
  module_strings_used += length + 1;
  return copy;
}

void read_modules(const MultibootInfo& info) {
  if (!(info.flags & kHasModules)) return;
  for (uint32_t i = 0; i < info.module_count && module_count < kMaxModules; ++i) {
    const auto& m = at<const MultibootModule>(info.modules)[i];
    modules[module_count++] = {{m.start}, m.end - m.start, keep_string(m.arguments)};
    reserve(m.start, m.end);
  }
}

void read_arguments(const MultibootInfo& info) {
  unsigned used = 0;
  if ((info.flags & kHasCommandLine) && info.command_line != 0) {
    std::strncpy(arguments, at<const char>(info.command_line), sizeof arguments / 2 - 1);
    used = static_cast<unsigned>(std::strlen(arguments));
  }
  arguments[used] = ' ';
  const uint32_t extra =
      read_fw_cfg("opt/machina/args", arguments + used + 1, sizeof arguments - used - 2);
  arguments[extra == 0 ? used : used + 1 + extra] = 0;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Calls visit(word) for every word of the command line until it returns true.
template <typename F>
void for_each_word(F visit) {
  const char* p = arguments;
  while (*p) {
    while (is_space(*p)) ++p;
    const char* begin = p;
    while (*p && !is_space(*p)) ++p;
    if (p != begin && visit(std::string_view(begin, static_cast<size_t>(p - begin)))) return;
  }
}

}  // namespace

void parse_boot_info(uint32_t magic, uint32_t info_address) {
  if (magic != kLoaderMagic) kern::panic("not started by a multiboot loader (%x)", magic);
  const auto& info = *at<const MultibootInfo>(info_address);
  read_arguments(info);
  read_memory_map(info);
  reserve(direct_to_phys(kernel_image_start).value, direct_to_phys(kernel_image_end).value);
  read_modules(info);
  std::sort(ranges, ranges + range_count,
            [](const PhysRange& a, const PhysRange& b) { return a.start < b.start; });
}

std::span<const PhysRange> free_memory() {
  handed_out = true;
  return {ranges, range_count};
}

uint32_t memory_size() { return total_memory; }
uint32_t phys_page_limit() { return page_limit; }

void* boot_allocate(uint32_t bytes) {
  KASSERT(!handed_out);
  bytes = base::align_up(bytes, kPageSize);
  for (PhysRange& r : std::span(ranges, range_count)) {
    if (r.end.value - r.start.value < bytes || r.start.value + bytes > kDirectMapSize) continue;
    void* p = direct_map(r.start);
    r.start.value += bytes;
    std::memset(p, 0, bytes);
    return p;
  }
  kern::panic("no memory for %u bytes of boot structures", bytes);
}

std::span<const BootModule> boot_modules() { return {modules, module_count}; }

const char* boot_arguments() { return arguments; }

std::string_view boot_option(std::string_view name) {
  std::string_view found;
  for_each_word([&](std::string_view word) {
    if (word.size() <= name.size() || !word.starts_with(name) || word[name.size()] != '=') {
      return false;
    }
    found = word.substr(name.size() + 1);
    return true;
  });
  return found;
}

bool has_boot_word(std::string_view wanted) {
  bool found = false;
  for_each_word([&](std::string_view word) { return found = word == wanted; });
  return found;
}

}  // namespace arch
