#include "kernel/vm/exhaustion.h"

#include <algorithm>
#include <utility>

#include "kernel/kern/print.h"
#include "kernel/kern/time.h"
#include "kernel/vm/memory_pressure.h"
#include "kernel/vm/page_queue.h"
#include "kernel/vm/types.h"

namespace vm {
namespace {

// A terminated task that is still there then, because its threads cannot end, is not waited for any more.
constexpr uint64_t kTimeToEndUs = 60'000'000;

// A page of a program counts as many pages of a task without system call emulation: that is a server, and what others
// depend on.
constexpr uint32_t kProgramWeight = 4;

// The task terminated last, until its memory is free.
base::Ref<kern::Task>& victim() {
  static base::Ref<kern::Task> task;
  return task;
}

bool is_needed(kern::Task& task) {
  bool needed = task.is_bootstrap || !task.active() || &task == &kern::Task::kernel();
  task.for_each_thread([&](kern::Thread& t) { needed |= t.vm_privileged(); });
  return needed;
}

// Whether private memory has contents at an offset: in memory or on paging space.
bool is_used(Object* object, Offset offset) REQUIRES(graph_lock) {
  for (Object* o = object; o && o->internal() && !o->is_physical(); o = o->shadow()) {
    if (o->lookup(offset) || o->manager_has(offset)) return true;
  }
  return false;
}

uint32_t private_pages_in(Map& map, const RegionInfo& region) {
  GraphLock lock;
  const Entry* entry = map.find_entry_locked(region.address);
  if (!entry || !entry->object || !entry->object->internal()) return 0;
  uint32_t pages = 0;
  for (Address a = entry->start; a < entry->end; a += kPageSize) {
    if (is_used(entry->object, entry->offset_of(a))) ++pages;
  }
  return pages;
}

uint32_t private_pages(Map& map) {
  uint32_t pages = 0;
  Address next = 0;
  for (;;) {
    auto region = map.region(next);
    if (!region.ok()) return pages;
    pages += private_pages_in(map, *region);
    next = region->address + region->size;
    GraphLock release_what_it_refers_to;
    region->pager = nullptr;
  }
}

}  // namespace

base::Ref<kern::Task> Exhaustion::choose() {
  kern::Task* worst = nullptr;
  uint32_t most = 0;
  for (kern::Task& task : kern::all_tasks()) {
    if (is_needed(task)) continue;
    const uint32_t weight = private_pages(task.map()) * (task.emulation() ? kProgramWeight : 1);
    if (weight <= most) continue;
    worst = &task;
    most = weight;
  }
  return base::Ref<kern::Task>(worst);
}

void Exhaustion::terminate(base::Ref<kern::Task> task) {
  kern::print("memory and paging space are full: task %p, which uses most (%u KiB), is terminated\n", task.get(),
              private_pages(task->map()) * (kPageSize / 1024));
  (void)task->terminate();
  terminated_at_ = kern::uptime_us();
  victim() = std::move(task);
}

bool Exhaustion::task_is_ending() {
  return victim() && !victim()->ended() && kern::uptime_us() - terminated_at_ < kTimeToEndUs;
}

void Exhaustion::observe() {
  if (task_is_ending()) return;
  victim() = nullptr;
  const uint32_t pageable = active_page_count() + inactive_page_count() + laundry_page_count();
  // While nobody waits, refusals say little about what is to come.
  if (!threads_wait_for_pages()) refused_ = std::min(refused_, pageable / 2);
  if (refused_ == 0 || refused_ < pageable) return;
  base::Ref<kern::Task> task = choose();
  nobody_left_ = !task;
  if (!task) return;
  refused_ = 0;
  terminate(std::move(task));
}

void Exhaustion::over() {
  victim() = nullptr;
  refused_ = 0;
  nobody_left_ = false;
}

}  // namespace vm
