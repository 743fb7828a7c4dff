// The strings and vectors of a new program's stack, built in scratch memory while the old program
// still exists.
#pragma once

#include <cstdint>

#include "emulation/memory/address_space.h"

namespace emulation {

class StackImage {
 public:
  static constexpr uint32_t kMaxSize = 2 * 1024 * 1024;  // arguments and environment together
  static constexpr uint32_t kMaxStrings = 64 * 1024;

  StackImage() = default;
  StackImage(const StackImage&) = delete;
  StackImage& operator=(const StackImage&) = delete;
  ~StackImage();

  // Gets the scratch memory. -ENOMEM.
  int32_t create();

  // Strings are added in their final order: all arguments, then all environment strings.
  // -E2BIG, -EFAULT.
  int32_t add_argument(const char* text, uint32_t size);
  int32_t add_program_vector(uint32_t vector, bool arguments);  // the program's char *[]
  int32_t add_library_vector(const char* const* vector, bool arguments);
  // A string nobody counts (AT_EXECFN, AT_PLATFORM); its final address in *address.
  int32_t add_string(const char* text, uint32_t size, uint32_t* address);

  // All argument strings with their zeros, as /proc/PID/cmdline shows them.
  const char* arguments() const { return bytes_ + begin_of_strings_; }
  uint32_t arguments_size() const { return arguments_end_ - begin_of_strings_; }
  uint32_t argument_count() const { return argument_count_; }

  // After the old program is gone: makes the stack and writes the image with the auxiliary vector
  // of `aux_words` words. Returns the new stack pointer, or 0 when that failed.
  uint32_t install(const uint32_t* aux, uint32_t aux_words) const;

 private:
  // Strings lie at the beginning of the scratch area while they are gathered, and at the top of the
  // stack finally: string offset o ends up at string_address(o).
  uint32_t string_address(uint32_t offset) const {
    return kStackTop - kMaxSize + (offset - begin_of_strings_);
  }
  int32_t add_vector_entry(const char* text, uint32_t size, bool argument);

  char* bytes_ = nullptr;
  uint32_t* pointers_ = nullptr;  // final addresses: arguments, then environment
  uint32_t begin_of_strings_ = 0;
  uint32_t end_of_strings_ = 0;
  uint32_t arguments_end_ = 0;
  uint32_t argument_count_ = 0;
  uint32_t environment_count_ = 0;
};

}  // namespace emulation
