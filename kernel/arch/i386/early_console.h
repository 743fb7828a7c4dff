#pragma once

namespace arch {

// Sets up the serial line and clears the text screen.
void init_early_console();

}  // namespace arch
