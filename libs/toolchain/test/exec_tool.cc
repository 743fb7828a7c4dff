#include <print>
#include <stdexcept>

int main() {
  try {
    throw std::runtime_error("caught");
  } catch (const std::exception& e) {
    std::println("{} {}", e.what(), sizeof(void*));
  }
}
