// Names of devices.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace device {

// A short name by value.
class DeviceName {
 public:
  static constexpr size_t kMax = 15;

  // Cut off after kMax characters.
  explicit DeviceName(std::string_view text);
  // `prefix` and a decimal number.
  DeviceName(std::string_view prefix, uint32_t number);

  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

  // No effect on a name that is full.
  void append(char c);

 private:
  std::array<char, kMax> text_{};
  size_t size_ = 0;
};

// "<disk>s<number>".
DeviceName partition_name(std::string_view disk, uint32_t number);
// The number in "<disk>s<number>"; 0 when the name is not of that form.
uint32_t partition_number(std::string_view name, std::string_view disk);

}  // namespace device
