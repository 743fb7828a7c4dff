// Helpers of the virtual memory unit tests: user tasks that read and write their memory through
// faults, and a check that every page comes back.
#pragma once

#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "kernel/arch/host/machine.h"
#include "kernel/arch/host/pmap_access.h"
#include "kernel/ipc/message.h"
#include "kernel/ipc/port.h"
#include "kernel/kern/task.h"
#include "kernel/kern/user_ptr.h"
#include "kernel/vm/fault.h"
#include "kernel/vm/map.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_queue.h"

namespace vm::test {

// A task without memory. Terminated at the end of the scope.
class User {
 public:
  User() : task_(host::create_task()) {}
  explicit User(base::Ref<kern::Task> task) : task_(std::move(task)) {}
  User(User&&) = default;
  ~User() {
    if (!task_) return;
    (void)task_->terminate();
    task_ = nullptr;
    host::run();
  }

  kern::Task& task() { return *task_; }
  Map& map() { return task_->map(); }

  // A child that inherits the memory.
  User fork() {
    auto child = kern::Task::create(*task_, kern::Task::Inherit::kMemory);
    EXPECT_TRUE(child.ok());
    return User(child.take());
  }

  void start(std::function<void()> program) {
    (void)host::start_thread(*task_, std::move(program));
  }
  // Runs code as a thread of this task until nothing can run any more.
  void run(std::function<void()> program) {
    start(std::move(program));
    host::run();
  }

  Address allocate(Size size) {
    auto a = map().allocate(0, size, Placement::kAnywhere);
    EXPECT_TRUE(a.ok());
    return a.ok() ? a.take() : 0;
  }
  // Stores and loads as user code that takes page faults but needs no thread of its own; nothing
  // here may have to wait. False when the access fails.
  bool write(Address a, uint32_t value) {
    const auto page = touch(a, VM_PROT_READ | VM_PROT_WRITE);
    if (!page) return false;
    arch::copy_to_phys(*page, &value, sizeof value);
    return true;
  }
  std::optional<uint32_t> read(Address a) {
    const auto page = touch(a, VM_PROT_READ);
    if (!page) return std::nullopt;
    uint32_t value = 0;
    arch::copy_from_phys(&value, *page, sizeof value);
    return value;
  }
  bool write_bytes(Address a, const std::string& bytes) {
    bool ok = false;
    run([&] { ok = kern::copy_out_bytes(a, bytes.data(), bytes.size()).ok(); });
    return ok;
  }
  std::string read_bytes(Address a, Size size) {
    std::string bytes(size, '?');
    run([&] {
      if (!kern::copy_in_bytes(bytes.data(), a, size).ok()) bytes = "unreadable";
    });
    return bytes;
  }
  // Objects from the one of the entry at `a` down to the bottom of its chain.
  uint32_t chain_length(Address a) {
    GraphLock lock;
    Entry* e = map().find_entry_locked(a);
    uint32_t length = 0;
    for (Object* o = e ? e->object : nullptr; o; o = o->shadow()) ++length;
    return length;
  }

 private:
  // What the processor does: the mapping if it allows the access, else a fault.
  std::optional<arch::PhysAddr> touch(Address a, vm_prot_t wanted) {
    for (;;) {
      if (const auto* m = arch::PmapAccess::touch(map().pmap(), a, wanted)) {
        return arch::PhysAddr::from_page_number(m->page_number) + (a & kPageMask);
      }
      if (fault(map(), a, wanted) != KERN_SUCCESS) return std::nullopt;
    }
  }

  base::Ref<kern::Task> task_;
};

// Takes what users may have, or more; gives it back at the end of the scope.
class NoMemory {
 public:
  explicit NoMemory(Reserve reserve = Reserve::kUser) {
    while (Page* page = allocate_page(reserve)) pages_.push_back(page);
  }
  NoMemory(const NoMemory&) = delete;
  ~NoMemory() {
    for (Page* page : pages_) free_page(page);
  }

 private:
  std::vector<Page*> pages_;
};

// Checks that a test leaves no page, port or message behind.
class VmTest : public ::testing::Test {
 protected:
  VmTest() {
    host::boot();
    pages_ = free_page_count();
    ports_ = ipc::Port::live_count();
    messages_ = ipc::Message::live_count();
  }
  ~VmTest() override {
    host::run();
    EXPECT_EQ(free_page_count(), pages_);
    EXPECT_EQ(active_page_count() + inactive_page_count() + wired_page_count() + laundry_page_count(), 0u);
    EXPECT_EQ(ipc::Port::live_count(), ports_);
    EXPECT_EQ(ipc::Message::live_count(), messages_);
  }

 private:
  uint32_t pages_ = 0;
  uint32_t ports_ = 0;
  uint32_t messages_ = 0;
};

}  // namespace vm::test
