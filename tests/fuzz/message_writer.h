// MessageWriter: messages made of a fuzzer's input, most of them nearly right.
#pragma once

#include <mach/message.h>

#include <cstdint>
#include <span>

#include "libs/mig/runtime/requests.h"
#include "tests/fuzz/input.h"

namespace fuzz {

// What the sender's names and addresses are.
struct Surroundings {
  uint32_t names;      // 1 ... names are (mostly) port names,
  uint32_t far_names;  // and an array of them in order stands at this address
  uint32_t memory;     // address of some pages of memory
  uint32_t memory_pages;
};

class MessageWriter {
 public:
  static constexpr uint32_t kMaxWords = 1100;

  MessageWriter(Input& input, const Surroundings& around) : input_(input), around_(around) {}

  // A request of one of the kernel's interfaces.
  void request();
  // Items of any kind.
  void items();
  // Bytes as they come.
  void raw();
  // Some words are changed, or the end is missing.
  void spoil();

  [[nodiscard]] uint32_t id() const { return id_; }
  // Carries rights or memory.
  [[nodiscard]] bool complex() const { return complex_; }
  // The body.
  [[nodiscard]] std::span<const uint32_t> words() const { return {words_, count_}; }

  mach_port_t name();
  mach_msg_type_name_t disposition() { return MACH_MSG_TYPE_MOVE_RECEIVE + input_.pick(6); }

 private:
  void put(uint32_t word) {
    if (count_ < kMaxWords) words_[count_++] = word;
  }
  uint32_t number();
  uint32_t address();
  void item(const mig::RequestItem& item);
  void data(const mig::RequestItem& item, uint32_t bits);
  void string(uint32_t bytes);
  void any_item();

  Input& input_;
  const Surroundings& around_;
  uint32_t id_ = 0;
  bool complex_ = false;
  uint32_t count_ = 0;
  uint32_t words_[kMaxWords];
};

}  // namespace fuzz
