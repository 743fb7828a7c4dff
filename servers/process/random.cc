#include "servers/process/random.h"

#include <random>

namespace process {

void fill_random(std::span<uint8_t> data) {
  static std::mt19937_64 engine(__builtin_ia32_rdtsc());
  // Time between calls is what outsiders cannot know exactly.
  engine.discard(__builtin_ia32_rdtsc() & 7);
  for (uint8_t& byte : data) byte = static_cast<uint8_t>(engine() >> 24);
}

}  // namespace process
