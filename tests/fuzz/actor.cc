#include "tests/fuzz/actor.h"

#include <algorithm>

#include "kernel/arch/host/pmap_access.h"
#include "kernel/kern/user_ptr.h"
#include "kernel/vm/fault.h"

namespace fuzz {

Actor::Actor() : Actor(host::create_task()) {}
Actor::Actor(base::Ref<kern::Task> task) : task_(std::move(task)) {}

Actor::~Actor() {
  (void)task_->terminate();
  host::run();
}

base::Ref<kern::Thread> Actor::start(std::function<void()> code) {
  return host::start_thread(*task_, std::move(code));
}

void Actor::work() {
  for (;;) {
    while (Job* job = std::exchange(next_job_, nullptr)) {
      job->code();
      job->done = true;
    }
    (void)idle_.wait(kern::Interruptible::kYes);
    host::return_to_user();
  }
}

bool Actor::run(std::function<void()> code) {
  if (!task_->active()) return false;
  Job& job = jobs_.emplace_back(std::move(code));
  next_job_ = &job;
  if (!idle_.wake_one()) (void)start([this] { work(); });
  host::run();
  next_job_ = nullptr;
  if (!job.done) return false;
  jobs_.pop_back();
  return true;
}

namespace {

// The physical address behind a user address: the mapping if it allows the access, else a fault.
std::optional<arch::PhysAddr> touch(vm::Map& map, uint32_t address, vm_prot_t wanted) {
  for (;;) {
    if (const auto* m = arch::PmapAccess::touch(map.pmap(), address, wanted)) {
      return arch::PhysAddr::from_page_number(m->page_number) + (address & vm::kPageMask);
    }
    if (vm::fault(map, vm::trunc_page(address), wanted) != KERN_SUCCESS) return std::nullopt;
  }
}

template <typename F>
bool for_each_part(vm::Map& map, uint32_t address, uint32_t size, vm_prot_t wanted, F access) {
  if (!kern::in_user_space(address, size)) return false;
  for (uint32_t done = 0; done < size;) {
    const uint32_t at = address + done;
    const uint32_t part = std::min(size - done, arch::kPageSize - (at & vm::kPageMask));
    const auto page = touch(map, at, wanted);
    if (!page) return false;
    access(*page, done, part);
    done += part;
  }
  return true;
}

}  // namespace

bool Actor::write(uint32_t address, const void* data, uint32_t size) {
  return for_each_part(map(), address, size, VM_PROT_READ | VM_PROT_WRITE,
                       [&](arch::PhysAddr page, uint32_t done, uint32_t part) {
                         arch::copy_to_phys(page, static_cast<const char*>(data) + done, part);
                       });
}

bool Actor::read(uint32_t address, void* data, uint32_t size) {
  return for_each_part(map(), address, size, VM_PROT_READ,
                       [&](arch::PhysAddr page, uint32_t done, uint32_t part) {
                         arch::copy_from_phys(static_cast<char*>(data) + done, page, part);
                       });
}

}  // namespace fuzz
