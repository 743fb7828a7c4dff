#include "kernel/device/ata.h"

#include <cstddef>

namespace device {
namespace {

constexpr size_t kModelWord = 27;
constexpr size_t kModelWords = 20;
constexpr size_t kCapabilities = 49;
constexpr uint16_t kHasDma = 1 << 8;
constexpr uint16_t kHasLba = 1 << 9;
constexpr size_t kSectors28 = 60;
constexpr size_t kCommandSets = 83;
constexpr uint16_t kHasLba48 = 1 << 10;
constexpr size_t kSectors48 = 100;

}  // namespace

std::optional<AtaIdentity> parse_identity(const AtaIdentifyWords& words) {
  constexpr uint16_t kNeeded = kHasDma | kHasLba;
  if ((words[kCapabilities] & kNeeded) != kNeeded) return std::nullopt;
  AtaIdentity identity;
  identity.lba48 = (words[kCommandSets] & kHasLba48) != 0;
  identity.sectors = words[kSectors28] | uint64_t{words[kSectors28 + 1]} << 16;
  if (identity.lba48) {
    identity.sectors = 0;
    for (size_t i = 0; i < 4; ++i) identity.sectors |= uint64_t{words[kSectors48 + i]} << (16 * i);
  }
  if (identity.sectors == 0) return std::nullopt;
  for (size_t i = 0; i < kModelWords; ++i) {  // The first character is the upper byte.
    identity.model[2 * i] = static_cast<char>(words[kModelWord + i] >> 8);
    identity.model[2 * i + 1] = static_cast<char>(words[kModelWord + i]);
  }
  for (size_t i = 2 * kModelWords; i > 0 && identity.model[i - 1] == ' '; --i) {
    identity.model[i - 1] = 0;
  }
  return identity;
}

}  // namespace device
