// Page and range arithmetic that cannot overflow silently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace base {

template <typename T>
constexpr T align_down(T value, T alignment) {
  return value & ~(alignment - 1);
}

// Wraps to 0 when value is within `alignment` of the top; use checked_align_up for user values.
template <typename T>
constexpr T align_up(T value, T alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

template <typename T>
constexpr std::optional<T> checked_add(T a, T b) {
  T sum;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

template <typename T>
constexpr std::optional<T> checked_align_up(T value, T alignment) {
  const auto sum = checked_add<T>(value, alignment - 1);
  if (!sum) return std::nullopt;
  return *sum & ~(alignment - 1);
}

template <typename T>
constexpr bool is_aligned(T value, T alignment) {
  return (value & (alignment - 1)) == 0;
}

constexpr bool is_power_of_two(uint32_t v) { return v != 0 && (v & (v - 1)) == 0; }

}  // namespace base
