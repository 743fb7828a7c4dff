// The ATA command set and task file, as far as the disk driver speaks it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace device {

enum class AtaCommand : uint8_t {
  kReadDma = 0xc8,
  kReadDmaExt = 0x25,
  kWriteDma = 0xca,
  kWriteDmaExt = 0x35,
  kFlushCache = 0xe7,
  kFlushCacheExt = 0xea,
  kIdentify = 0xec,
};

struct AtaStatus {
  bool error : 1;
  uint8_t obsolete : 2;
  bool data_request : 1;
  bool service : 1;
  bool fault : 1;
  bool ready : 1;
  bool busy : 1;
};

// The device register: which of the two drives, and how sectors are addressed.
struct AtaDeviceSelect {
  uint8_t lba_high : 4 = 0;  // Bits 24..27 of a 28-bit address.
  uint8_t unit : 1 = 0;
  bool always1 : 1 = true;
  bool lba : 1 = true;
  bool always1_too : 1 = true;
};

struct AtaDeviceControl {
  bool zero : 1 = false;
  bool no_interrupt : 1 = false;
  bool reset : 1 = false;
  uint8_t unused : 5 = 0;
};

using AtaIdentifyWords = std::array<uint16_t, 256>;

// What IDENTIFY DEVICE says about a drive.
struct AtaIdentity {
  uint64_t sectors = 0;
  bool lba48 = false;
  char model[41] = {};  // Without trailing blanks, zero-terminated.
};

// Nothing for a drive without LBA or DMA, or without sectors.
std::optional<AtaIdentity> parse_identity(const AtaIdentifyWords& words);

// Sectors that 28-bit commands can reach.
inline constexpr uint64_t kLba28Limit = uint64_t{1} << 28;
inline constexpr uint32_t kLba28MaxSectors = 256;

}  // namespace device
