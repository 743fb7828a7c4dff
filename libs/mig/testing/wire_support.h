#pragma once

#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach/mig_errors.h>

#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace mig::test {

/// A message in a heap block of exactly its size, so that the sanitizer sees reads beyond it.
class Packet {
 public:
  Packet() = default;
  Packet(const void* bytes, uint32_t size) { assign(bytes, size); }

  void assign(const void* bytes, uint32_t size) {
    words_.assign(size / 4, 0);
    words_.shrink_to_fit();
    std::memcpy(words_.data(), bytes, size);
  }
  mach_msg_header_t* header() { return reinterpret_cast<mach_msg_header_t*>(words_.data()); }
  uint32_t size() const { return static_cast<uint32_t>(words_.size() * 4); }
  uint32_t& word(uint32_t offset) { return words_.at(offset / 4); }
  /// Cuts or extends the message; msgh_size says the new size.
  void resize(uint32_t size) {
    std::vector<uint32_t> old = words_;
    words_ = std::vector<uint32_t>(size / 4);
    std::memcpy(words_.data(), old.data(), std::min(old.size(), words_.size()) * 4);
    header()->msgh_size = size;
  }
  const std::vector<uint32_t>& words() const { return words_; }

 private:
  std::vector<uint32_t> words_;
};

/// One item of a message, found by reading its descriptors.
struct WireItem {
  uint32_t offset;  // of the descriptor
  uint32_t data;    // of the data
  uint32_t name, bits, number;
  bool is_inline, is_long, dealloc;
};

/// Splits a body into items. Returns false when a descriptor breaks the rules of the message
/// system or the items do not end where the message does.
bool read_items(Packet& packet, std::vector<WireItem>& items);

/// Stands for the message system and the server's task: every mach_msg goes here.
struct Transport {
  /// Handles a request; returns FALSE for an unknown id.
  std::function<boolean_t(mach_msg_header_t* in, mach_msg_header_t* out)> server;
  std::function<void(Packet&)> spoil_request = nullptr;  // before the server sees it
  std::function<void(Packet&)> spoil_reply = nullptr;    // before the caller sees it
  mach_msg_return_t send_result = MACH_MSG_SUCCESS;
  bool server_dies = false;  // a send-once notification comes instead of the reply

  Packet request;          // as sent
  Packet received;         // as the server got it
  Packet reply;            // as the caller got it
  Packet late;             // last message sent by itself: simple requests and late replies
  kern_return_t code = 0;  // what the server's reply said
  int destroyed = 0;       // messages given to mach_msg_destroy
  int bad_messages = 0;    // messages that break the rules
  int reply_ports = 0;     // reply ports in use
  int deallocated_ports = 0;
  std::vector<vm_offset_t> deallocated;

  Packet deliver(Packet request);  // request to reply; empty when there is none
};

/// The one in use.
extern Transport* transport;

}  // namespace mig::test
