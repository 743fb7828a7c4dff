#include "kernel/device/device_name.h"

namespace device {
namespace {

constexpr char kPartitionLetter = 's';
constexpr uint32_t kNumberLimit = 1000;

}  // namespace

DeviceName::DeviceName(std::string_view text) {
  for (char c : text) append(c);
}

DeviceName::DeviceName(std::string_view prefix, uint32_t number) : DeviceName(prefix) {
  uint32_t unit = 1;
  while (number / unit >= 10) unit *= 10;
  for (; unit != 0; unit /= 10) append(static_cast<char>('0' + number / unit % 10));
}

void DeviceName::append(char c) {
  if (size_ < kMax) text_[size_++] = c;
}

DeviceName partition_name(std::string_view disk, uint32_t number) {
  DeviceName prefix(disk);
  prefix.append(kPartitionLetter);
  return DeviceName(prefix.view(), number);
}

uint32_t partition_number(std::string_view name, std::string_view disk) {
  if (!name.starts_with(disk)) return 0;
  name.remove_prefix(disk.size());
  if (name.size() < 2 || name[0] != kPartitionLetter || name[1] == '0') return 0;
  uint32_t number = 0;
  for (char c : name.substr(1)) {
    if (c < '0' || c > '9' || number >= kNumberLimit) return 0;
    number = number * 10 + static_cast<uint32_t>(c - '0');
  }
  return number;
}

}  // namespace device
