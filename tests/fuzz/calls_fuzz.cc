// Random calls of several tasks - ports, rights, notifications, messages with rights and memory,
// address spaces, forks, terminations - against a model of what each must do.
#include "tests/fuzz/input.h"
#include "tests/fuzz/machine.h"
#include "tests/fuzz/player.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::Run run;
  fuzz::Input input(data, size);
  fuzz::Player player(input);
  while (!input.empty()) {
    player.step();
    player.check();
  }
  player.check_memory();
  return 0;
}
