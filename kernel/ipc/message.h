// Message: a message while the kernel holds it.
#pragma once

#include <mach/message.h>

#include <memory>

#include "kernel/ipc/right.h"
#include "libs/base/list.h"
#include "libs/base/result.h"

namespace ipc {

class MsgAcceptedRequest;
class Message;

struct MessageDestroyer {
  void operator()(Message* message) const;
};
// Owns a message with all rights and memory in it.
using MessagePtr = std::unique_ptr<Message, MessageDestroyer>;

// The wire image, one block, with pointers in place of names:
//   header.msgh_remote_port   Port* of the destination (a counted right)
//   header.msgh_local_port    Port* of the reply port (a counted right), null or dead
//   in-line rights            Port*, null or dead; the type is MOVE_RECEIVE/SEND/SEND_ONCE
//   out-of-line rights        address of a kernel array of such words (operator new[])
//   out-of-line data          a released vm::MapCopy*
// The types in msgh_bits are of the same three kinds. Once delivered, the header may be translated
// to the receiver's names already (`header_translated`).
class Message {
 public:
  // Sizes of blocks that are kept on free lists, so that most messages need no heap. A medium
  // block is a page, with what precedes the header.
  static constexpr mach_msg_size_t kSmallSize = 256;
  static constexpr mach_msg_size_t kMediumSize = 4076;

  // Room for `size` bytes (header included, at least 24); nothing but bookkeeping is initialized.
  // Null when memory is short.
  static MessagePtr allocate(mach_msg_size_t size);

  // A message without body rights for the kernel to fill in: header zeroed, size set. Null when
  // memory is short.
  static MessagePtr create(mach_msg_size_t size, mach_msg_id_t id);

  // Frees the block only; what it names must have been given away.
  static void free_block(Message* message);
  // Releases all rights and memory, then frees. Never recurses: what this destroys in turn (ports
  // whose receive right was inside, and their messages) is worked off by the outermost call.
  static void destroy(Message* message);

  // Releases all rights and memory but not the block, for those who still need the header.
  void release_contents();
  // The same for the body alone, which is empty afterwards.
  void release_body();

  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  [[nodiscard]] mach_msg_header_t& header() { return header_; }
  [[nodiscard]] const mach_msg_header_t& header() const { return header_; }
  [[nodiscard]] mach_msg_size_t size() const { return header_.msgh_size; }
  [[nodiscard]] mach_msg_size_t capacity() const { return capacity_; }
  [[nodiscard]] char* bytes() { return reinterpret_cast<char*>(&header_); }
  [[nodiscard]] char* body() { return bytes() + sizeof header_; }
  [[nodiscard]] bool is_complex() const { return header_.msgh_bits & MACH_MSGH_BITS_COMPLEX; }

  // Destination and reply words and their types (MOVE_SEND, MOVE_SEND_ONCE, or 0 for none).
  [[nodiscard]] Port* remote() const { return word_to_port(header_.msgh_remote_port); }
  [[nodiscard]] Port* local() const { return word_to_port(header_.msgh_local_port); }
  [[nodiscard]] mach_msg_type_name_t remote_type() const {
    return MACH_MSGH_BITS_REMOTE(header_.msgh_bits);
  }
  [[nodiscard]] mach_msg_type_name_t local_type() const {
    return MACH_MSGH_BITS_LOCAL(header_.msgh_bits);
  }

  // Sets the destination or reply right (send or send-once); the message must have none.
  void set_destination(AnyRight right);
  void set_reply(AnyRight right);
  // Takes the reply right out of a request (for services that answer later); null when none.
  AnyRight take_reply();

  static Port* word_to_port(uint32_t word) { return reinterpret_cast<Port*>(uintptr_t{word}); }
  static uint32_t port_to_word(const Port* p) {
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(p));
  }

  // Number of messages in existence (tests check that it returns to what it was).
  static uint32_t live_count();

  base::ListLink link;  // on a port's queue, or being destroyed
  // Set when the message was forced into a full queue; fires when it leaves the queue.
  MsgAcceptedRequest* accepted_request = nullptr;
  bool header_translated = false;
  // The body has names too.
  bool body_translated = false;
  // Carries, directly or through other messages, the receive right of its own destination: it can
  // never be received and is destroyed instead of queued.
  bool circular = false;

 private:
  friend class MessagePool;
  explicit Message(mach_msg_size_t capacity) : capacity_(capacity) {}
  ~Message() = default;

  mach_msg_size_t capacity_;
  mach_msg_header_t header_;  // the body follows in the same block
};

// Keeps blocks of the two common sizes.
class MessagePool {
 public:
  // A block for `size` bytes, at most Message::kMediumSize, or null when none is kept.
  static Message* pop(mach_msg_size_t size) {
    return size <= Message::kSmallSize ? small_.pop() : medium_.pop();
  }
  // A medium block, or null when memory is short. Straight messages (ThreadIpc) are in such blocks.
  static Message* pop_medium() {
    Message* m = medium_.pop();
    return m != nullptr ? m : allocate(Message::kMediumSize);
  }
  // Takes one back whose flags are clear.
  static void push_medium(Message* m) {
    if (!medium_.push(m)) [[unlikely]] free_to_heap(m);
  }
  // Takes any block back; what it named must have been given away.
  static void push(Message* m) {
    m->header_translated = false;
    m->body_translated = false;
    m->circular = false;
    push_plain(m);
  }
  // The same for one whose flags are clear.
  static void push_plain(Message* m) {
    if (m->capacity() == Message::kSmallSize ? small_.push(m) : push_large(m)) [[likely]] return;
    free_to_heap(m);
  }

  static Message* allocate(mach_msg_size_t size);
  static uint32_t live() { return blocks_ - small_.count - medium_.count; }
  // Gives the kept blocks back to the heap.
  static void release_kept();

 private:
  template <uint32_t kLimit>
  struct Stack {
    Message* pop() {
      if (count == 0) [[unlikely]] return nullptr;
      Message* m = blocks[--count];
      if (m == nullptr) __builtin_unreachable();
      return m;
    }
    bool push(Message* m) {
      if (count == kLimit) return false;
      blocks[count++] = m;
      return true;
    }
    uint32_t count;
    Message* blocks[kLimit];
  };
  static bool push_large(Message* m) {
    return m->capacity() == Message::kMediumSize && medium_.push(m);
  }
  static void free_to_heap(Message* m);

  static inline Stack<128> small_ = {};
  static inline Stack<32> medium_ = {};
  static inline uint32_t blocks_ = 0;
};

using MessageList = base::List<Message, &Message::link>;

}  // namespace ipc
