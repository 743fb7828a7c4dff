// PagerTest: mapped memory and a memory manager that the test plays.
#pragma once

#include "kernel/vm/pager.h"

#include "kernel/ipc/right.h"
#include "kernel/vm/default_manager.h"
#include "kernel/vm/fault.h"
#include "kernel/vm/page_out.h"
#include "kernel/vm/pager_control.h"
#include "kernel/vm/pager_registry.h"
#include "kernel/vm/test_support.h"

namespace vm::test {

inline constexpr Size kPage = kPageSize;

enum Id : mach_msg_id_t {
  kInit = 2200,
  kTerminate = 2201,
  kCopy = 2202,
  kDataRequest = 2203,
  kDataUnlock = 2204,
  kDataWrite = 2205,
  kLockCompleted = 2206,
  kSupplyCompleted = 2207,
  kDataReturn = 2208,
  kChangeCompleted = 2209,
  kCreate = 2250,
  kDataInitialize = 2251,
};

// A message as the manager gets it.
class Request {
 public:
  explicit Request(ipc::MessagePtr message) : message_(std::move(message)) {
    // Receiving uses up the right that the message was sent with.
    if (!message_ || message_->remote_type() != MACH_MSG_TYPE_MOVE_SEND_ONCE) return;
    ipc::drop_silently(ipc::SendOnceRight::adopt(message_->remote()));
    message_->header().msgh_remote_port = 0;
  }
  explicit operator bool() const { return message_ != nullptr; }
  [[nodiscard]] int id() const { return message_ ? message_->header().msgh_id : 0; }
  [[nodiscard]] uint32_t word(int index) const {
    uint32_t value;
    std::memcpy(&value, message_->body() + 4 * index, sizeof value);
    return value;
  }
  [[nodiscard]] ipc::Port* port(int index) const { return ipc::Message::word_to_port(word(index)); }
  [[nodiscard]] base::Ref<Pager> pager(int index = 1) const {
    return pager_of_control_port(port(index));
  }
  // For the three messages that return data: its offset, size and first word.
  [[nodiscard]] Offset offset() const { return word(3); }
  [[nodiscard]] Size data_size() const { return word(6); }
  [[nodiscard]] uint32_t data_word(Offset at) const {
    uint32_t value = 0;
    EXPECT_TRUE(reinterpret_cast<MapCopy*>(word(7))->read(at, &value, sizeof value).ok());
    return value;
  }

 private:
  ipc::MessagePtr message_;
};

class Mailbox {
 public:
  Mailbox() : right_(ipc::Port::create().take()) {}
  ipc::SendRight send() { return ipc::make_send(*right_.port()); }
  ipc::SendOnceRight send_once() { return ipc::make_send_once(*right_.port()); }
  Request next() {
    return Request(right_.port()->has_message() ? right_.port()->dequeue() : nullptr);
  }
  void take(ipc::ReceiveRight right) { right_ = std::move(right); }
  void die() { right_.reset(); }

 private:
  ipc::ReceiveRight right_;
};

class PagerTest : public VmTest {
 protected:
  // The kernel keeps its right for the default memory manager, so there is one for all tests.
  static void SetUpTestSuite() {
    host::boot();
    (void)set_default_memory_manager(default_manager().send());
  }
  static Mailbox& default_manager() {
    static auto* const mailbox = new Mailbox;
    return *mailbox;
  }
  // Maps the manager's object and answers memory_object_init.
  Address map(User& u, Size size, bool may_cache = false,
              int strategy = MEMORY_OBJECT_COPY_DELAY) {
    const Address a = map_only(u, size);
    if (Request init = manager_.next()) {
      EXPECT_EQ(init.id(), kInit);
      EXPECT_EQ(init.word(5), kPage);
      pager_ = init.pager();
      EXPECT_EQ(set_attributes(*pager_, {true, may_cache, strategy}, PagerDialect::kCurrent),
                KERN_SUCCESS);
    }
    return a;
  }
  Address map_only(User& u, Size size, bool copy = false) {
    MapRequest r;
    r.size = size;
    r.object = object_for_port(manager_.send()).take();
    if (copy) {
      r.object = copy_of_object(r.object, 0, size).take();
      r.needs_copy = true;
    }
    return u.map().map(std::move(r)).take();
  }
  void supply(Offset offset, uint32_t value, Size pages = 1, vm_prot_t lock = VM_PROT_NONE,
              bool precious = false, ipc::AnyRight reply = {}) {
    std::vector<uint32_t> data(pages * kPage / 4, value);
    EXPECT_EQ(supply_data(*pager_, offset, copy_from_kernel_buffer(data.data(), pages * kPage),
                          lock, precious, std::move(reply)),
              KERN_SUCCESS);
    host::run();
  }
  void expect_request(Offset offset, vm_prot_t access) {
    const Request r = manager_.next();
    ASSERT_EQ(r.id(), kDataRequest);
    EXPECT_EQ(r.word(3), offset);
    EXPECT_EQ(r.word(5), kPage);
    EXPECT_EQ(static_cast<vm_prot_t>(r.word(7)), access);
  }
  void expect_terminate() {
    const Request r = manager_.next();
    ASSERT_EQ(r.id(), kTerminate);
    EXPECT_FALSE(manager_.next());
  }

  Mailbox manager_;
  base::Ref<Pager> pager_;
};

}  // namespace vm::test
