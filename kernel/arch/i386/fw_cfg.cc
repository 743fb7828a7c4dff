// The emulator's firmware configuration device: named files the host passes in.
#include "kernel/arch/i386/fw_cfg.h"

#include <cstdint>
#include <cstring>

#include "kernel/arch/i386/io_port.h"

namespace arch {
namespace {

constexpr uint16_t kSelector = 0x510, kData = 0x511;
constexpr uint16_t kSignatureKey = 0x0000, kDirectoryKey = 0x0019;

void read_bytes(void* to, uint32_t size) {
  auto* p = static_cast<uint8_t*>(to);
  for (uint32_t i = 0; i < size; ++i) p[i] = inb(kData);
}

struct DirectoryEntry {
  uint32_t size;      // big endian
  uint16_t selector;  // big endian
  uint16_t reserved;
  char name[56];
};

}  // namespace

uint32_t read_fw_cfg(const char* name, char* to, uint32_t capacity) {
  char signature[4];
  outw(kSelector, kSignatureKey);
  read_bytes(signature, sizeof signature);
  if (std::memcmp(signature, "QEMU", 4) != 0) return 0;

  uint32_t count;
  outw(kSelector, kDirectoryKey);
  read_bytes(&count, sizeof count);
  count = __builtin_bswap32(count);
  for (uint32_t i = 0; i < count; ++i) {
    DirectoryEntry entry;
    read_bytes(&entry, sizeof entry);
    entry.name[sizeof entry.name - 1] = 0;
    if (std::strcmp(entry.name, name) != 0) continue;
    const uint32_t file_size = __builtin_bswap32(entry.size);
    const uint32_t size = file_size < capacity ? file_size : capacity;
    outw(kSelector, __builtin_bswap16(entry.selector));
    read_bytes(to, size);
    return size;
  }
  return 0;
}

}  // namespace arch
