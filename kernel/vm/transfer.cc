#include "kernel/vm/transfer.h"

#include <algorithm>

#include "kernel/arch/user_copy.h"
#include "kernel/kern/task.h"
#include "kernel/vm/fault.h"
#include "kernel/vm/page_finder.h"

namespace vm {
namespace {

using Kind = PageOutcome::Kind;

enum class Direction { kToCaller, kFromCaller };

// A transfer under way. Pages that are there are copied with graph_lock held, so that they stay: a buffer that
// is not mapped stops the copy instead of faulting, and is faulted in without the lock.
class Transfer {
 public:
  Transfer(Map& map, Direction direction, Address address, Size size, Address buffer)
      : map_(map), to_caller_(direction == Direction::kToCaller), at_(address), end_(address + size), buffer_(buffer) {}

  kern_return_t run();

 private:
  // What ended a round of copying.
  struct Stop {
    PageOutcome outcome;  // of the page at `at_`
    bool buffer_fault = false;
  };
  Stop copy_present() REQUIRES(graph_lock);
  PageOutcome find(Size part) REQUIRES(graph_lock);
  void unmap_old_page() REQUIRES(graph_lock);
  [[nodiscard]] bool copy(Page& page, Size part) const;
  [[nodiscard]] Size part() const { return std::min(end_ - at_, kPageSize - (at_ & kPageMask)); }

  Map& map_;
  const bool to_caller_;
  Address at_;
  const Address end_;
  Address buffer_;
  Entry* entry_ = nullptr;
};

bool Transfer::copy(Page& page, Size part) const {
  const arch::PhysAddr where = page.phys + (at_ & kPageMask);
  return to_caller_ ? arch::copy_phys_to_user_now(buffer_, where, part)
                    : arch::copy_user_to_phys_now(where, buffer_, part);
}

PageOutcome Transfer::find(Size part) {
  const vm_prot_t wanted = to_caller_ ? VM_PROT_READ : VM_PROT_READ | VM_PROT_WRITE;
  if (!entry_ || at_ >= entry_->end) {
    entry_ = map_.find_entry_locked(at_);
    if (!entry_) return {.error = KERN_INVALID_ADDRESS};
    if (wanted & ~entry_->protection) return {.error = KERN_PROTECTION_FAILURE};
    if (!map_.prepare_entry_locked(*entry_, !to_caller_).ok()) return {.kind = Kind::kNoMemory};
    const bool write_wired = !to_caller_ && entry_->wired_count != 0;
    if (write_wired || entry_->object->is_physical()) return {.error = KERN_INVALID_ARGUMENT};
  }
  const auto contents = !to_caller_ && part == kPageSize ? Contents::kReplaced : Contents::kNeeded;
  return find_page(*entry_->object, entry_->offset_of(trunc_page(at_)), !to_caller_, Asking::kLater, contents);
}

// The page just made is the map's own copy of one that it may still have mapped.
void Transfer::unmap_old_page() {
  const Address page = trunc_page(at_);
  map_.pmap().remove(page, page + kPageSize);
}

// Goes on as long as nothing has to be waited for.
Transfer::Stop Transfer::copy_present() {
  entry_ = nullptr;
  while (at_ < end_) {
    const Size size = part();
    const PageOutcome outcome = find(size);
    if (outcome.kind != Kind::kPage) return {.outcome = outcome};
    if (!to_caller_ && !outcome.resident && !outcome.undefined) unmap_old_page();
    if (!copy(*outcome.page, size)) {
      if (outcome.undefined) arch::zero_page(outcome.page->phys);
      return {.outcome = outcome, .buffer_fault = true};
    }
    if (!to_caller_) outcome.page->dirty = true;
    at_ += size;
    buffer_ += size;
  }
  return {};
}

kern_return_t Transfer::run() {
  for (;;) {
    Stop stop;
    Offset offset = 0;
    {
      GraphLock lock;
      stop = copy_present();
      if (at_ == end_) return KERN_SUCCESS;
      if (!stop.buffer_fault) {
        if (stop.outcome.kind == Kind::kError) return stop.outcome.error;
        if (stop.outcome.object) stop.outcome.object->retain();
        if (entry_) offset = entry_->offset_of(trunc_page(at_));
      }
    }
    kern_return_t error;
    if (stop.buffer_fault) {
      const vm_prot_t wanted = to_caller_ ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ;
      error = fault(kern::current_task().map(), arch::last_user_fault_address(), wanted);
    } else {
      PendingWait wait(stop.outcome, offset);
      error = wait.settle(WaitMode::kInterruptible);
    }
    if (error != KERN_SUCCESS) return error;
  }
}

kern_return_t transfer(Map& map, Direction direction, Address address, Size size, Address buffer) {
  if (size > kMaxTransfer) return KERN_INVALID_ARGUMENT;
  if (address > kUserEnd - size || buffer > kUserEnd - size) return KERN_INVALID_ADDRESS;
  if (size == 0) return KERN_SUCCESS;
  return Transfer(map, direction, address, size, buffer).run();
}

}  // namespace

kern_return_t copy_to_caller(Map& map, Address address, Size size, Address buffer) {
  return transfer(map, Direction::kToCaller, address, size, buffer);
}

kern_return_t copy_from_caller(Map& map, Address address, Size size, Address buffer) {
  return transfer(map, Direction::kFromCaller, address, size, buffer);
}

}  // namespace vm
