// Unpredictable enough for seeds and names; not for keys (LIMITATIONS.md).
#pragma once

#include <cstdint>
#include <span>

namespace process {

void fill_random(std::span<uint8_t> data);

}  // namespace process
