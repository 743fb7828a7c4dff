#include "emulation/process/stack_image.h"

#include <cerrno>

#include <mach.h>

#include "emulation/mach/servers.h"
#include "emulation/memory/library_memory.h"
#include "emulation/memory/user_memory.h"

namespace emulation {
namespace {

constexpr uint32_t kPointerBytes = StackImage::kMaxStrings * sizeof(uint32_t);
constexpr uint32_t kScratchBytes = StackImage::kMaxSize + kPointerBytes;
constexpr uint32_t kMaxOneString = 128 * 1024;

}  // namespace

StackImage::~StackImage() {
  if (bytes_ != nullptr) free_library_pages(reinterpret_cast<uint32_t>(bytes_), kScratchBytes);
}

int32_t StackImage::create() {
  const uint32_t address = allocate_library_pages(kScratchBytes, VM_INHERIT_NONE);
  if (address == 0) return -ENOMEM;
  bytes_ = reinterpret_cast<char*>(address);
  pointers_ = reinterpret_cast<uint32_t*>(address + kMaxSize);
  return 0;
}

int32_t StackImage::add_string(const char* text, uint32_t size, uint32_t* address) {
  if (size >= kMaxSize - end_of_strings_) return -E2BIG;
  if (emulation_copy(bytes_ + end_of_strings_, text, size) != 0) return -EFAULT;
  bytes_[end_of_strings_ + size] = 0;
  *address = string_address(end_of_strings_);
  end_of_strings_ += size + 1;
  return 0;
}

int32_t StackImage::add_vector_entry(const char* text, uint32_t size, bool argument) {
  const uint32_t index = argument_count_ + environment_count_;
  if (index >= kMaxStrings) return -E2BIG;
  const int32_t error = add_string(text, size, &pointers_[index]);
  if (error != 0) return error;
  if (argument) {
    ++argument_count_;
    arguments_end_ = end_of_strings_;
  } else {
    ++environment_count_;
  }
  return 0;
}

int32_t StackImage::add_argument(const char* text, uint32_t size) {
  return add_vector_entry(text, size, true);
}

int32_t StackImage::add_program_vector(uint32_t vector, bool arguments) {
  if (vector == 0) return 0;  // Linux takes a null vector as an empty one
  for (uint32_t at = vector;; at += sizeof(uint32_t)) {
    uint32_t string;
    if (!copy_in(string, at)) return -EFAULT;
    if (string == 0) return 0;
    if (!program_range(string, 1)) return -EFAULT;
    const auto* text = reinterpret_cast<const char*>(string);
    const uint32_t length = emulation_string_length(text, kMaxOneString);
    if (length == ~0u) return -EFAULT;
    if (length >= kMaxOneString) return -E2BIG;
    const int32_t error = add_vector_entry(text, length, arguments);
    if (error != 0) return error;
  }
}

int32_t StackImage::add_library_vector(const char* const* vector, bool arguments) {
  for (; *vector != nullptr; ++vector) {
    const int32_t error = add_vector_entry(*vector, __builtin_strlen(*vector), arguments);
    if (error != 0) return error;
  }
  return 0;
}

uint32_t StackImage::install(const uint32_t* aux, uint32_t aux_words) const {
  // From the stack pointer up: argc, argv, 0, envp, 0, the auxiliary vector; the strings begin at
  // string_address(0), far above.
  const uint32_t words = 1 + argument_count_ + 1 + environment_count_ + 1 + aux_words;
  const uint32_t strings = string_address(begin_of_strings_);
  const uint32_t stack_pointer = (strings - words * sizeof(uint32_t)) & ~15u;

  vm_address_t bottom = kStackTop - kStackSize;
  if (vm_allocate(mach_task_self(), &bottom, kStackSize, FALSE) != KERN_SUCCESS) return 0;
  __builtin_memcpy(reinterpret_cast<void*>(strings), bytes_, end_of_strings_);
  auto* out = reinterpret_cast<uint32_t*>(stack_pointer);
  *out++ = argument_count_;
  for (uint32_t i = 0; i < argument_count_; ++i) *out++ = pointers_[i];
  *out++ = 0;
  for (uint32_t i = 0; i < environment_count_; ++i) *out++ = pointers_[argument_count_ + i];
  *out++ = 0;
  for (uint32_t i = 0; i < aux_words; ++i) *out++ = aux[i];
  return stack_pointer;
}

}  // namespace emulation
