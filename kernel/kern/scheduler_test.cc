// Threads, waits and the scheduler, on the unit-test machine.
#include "kernel/kern/scheduler.h"

#include <mach/kern_return.h>

#include <string>

#include "gtest/gtest.h"
#include "kernel/arch/host/machine.h"
#include "kernel/kern/task.h"
#include "kernel/kern/wait.h"

namespace kern {
namespace {

class SchedulerTest : public testing::Test {
 protected:
  SchedulerTest() {
    host::boot();
    task_ = host::create_task();
  }
  ~SchedulerTest() override {
    (void)task_->terminate();
    host::run();
  }

  // A thread that appends `name` to the log when it first runs and then runs `more`.
  base::Ref<Thread> start(char name, std::function<void()> more = [] {}) {
    return host::start_thread(*task_, [this, name, more] {
      log_ += name;
      more();
    });
  }

  base::Ref<Task> task_;
  std::string log_;
};

TEST_F(SchedulerTest, BetterPrioritiesRunFirst) {
  const auto a = start('a');
  const auto b = start('b');
  const auto c = start('c');
  Scheduler::set_base_priority(*a, 20);
  Scheduler::set_base_priority(*b, 10);
  Scheduler::set_base_priority(*c, 15);
  host::run();
  EXPECT_EQ(log_, "bca");
}

TEST_F(SchedulerTest, YieldAlternatesEquals) {
  const auto a = start('a', [this] { yield(); log_ += 'A'; });
  const auto b = start('b', [this] { yield(); log_ += 'B'; });
  host::run();
  EXPECT_EQ(log_, "abAB");
}

TEST_F(SchedulerTest, QueueWakesInOrder) {
  WaitQueue queue;
  const auto wait = [&] { EXPECT_EQ(queue.wait(Interruptible::kNo), WaitResult::kWokenUp); };
  const auto a = start('a', [&] { wait(); log_ += '1'; });
  const auto b = start('b', [&] { wait(); log_ += '2'; });
  host::run();
  EXPECT_EQ(log_, "ab");
  EXPECT_TRUE(queue.wake_one());
  host::run();
  EXPECT_EQ(log_, "ab1");
  queue.wake_all();
  host::run();
  EXPECT_EQ(log_, "ab12");
  EXPECT_FALSE(queue.wake_one());
}

TEST_F(SchedulerTest, WaitTimesOut) {
  WaitQueue queue;
  const auto a = start('a', [&] {
    EXPECT_EQ(queue.wait(Interruptible::kYes, Deadline::after_ms(50)), WaitResult::kTimedOut);
    log_ += 't';
  });
  host::run();
  host::advance_ms(20);
  EXPECT_EQ(log_, "a");
  host::advance_ms(60);
  EXPECT_EQ(log_, "at");
  EXPECT_TRUE(queue.empty());
}

TEST_F(SchedulerTest, AWakeBetweenAnnouncementAndBlockIsNotLost) {
  const auto a = start('a', [&] {
    prepare_wait(Interruptible::kNo);
    wake(current_thread());
    EXPECT_EQ(block(), WaitResult::kWokenUp);
    log_ += 'w';
  });
  host::run();
  EXPECT_EQ(log_, "aw");
}

TEST_F(SchedulerTest, AbortInterruptsAWait) {
  WaitQueue queue;
  const auto a = start('a', [&] {
    EXPECT_EQ(queue.wait(Interruptible::kYes), WaitResult::kInterrupted);
    log_ += 'i';
  });
  host::run();
  const auto b = start('b', [&] { a->abort(); });
  host::run();
  EXPECT_EQ(log_, "abi");
  EXPECT_TRUE(queue.empty());
}

TEST_F(SchedulerTest, TerminationInterruptsAWait) {
  WaitQueue queue;
  const auto a = start('a', [&] {
    EXPECT_EQ(queue.wait(Interruptible::kYes), WaitResult::kInterrupted);
    EXPECT_EQ(queue.wait(Interruptible::kYes), WaitResult::kInterrupted);
  });
  host::run();
  const auto b = start('b', [&] { a->terminate(); });
  host::run();
  EXPECT_FALSE(a->active());
  EXPECT_EQ(a->sched.run_state, RunState::kDead);
}

TEST_F(SchedulerTest, HandoffRunsTheOtherAtOnce) {
  Thread* client = nullptr;
  Thread* server = nullptr;
  const auto s = start('s', [&] {
    server = &current_thread();
    prepare_wait(Interruptible::kYes);
    block();
    log_ += '2';
    wake(*client);
  });
  host::run();
  const auto c = start('c', [&] {
    client = &current_thread();
    prepare_wait(Interruptible::kYes);
    log_ += '1';
    EXPECT_EQ(handoff(*server), WaitResult::kWokenUp);
    log_ += '3';
  });
  const auto bystander = start('b');
  host::run();
  // The server runs before the bystander, which was first in the queue.
  EXPECT_EQ(log_.substr(0, 4), "sc12");
  EXPECT_NE(log_.find('3'), std::string::npos);
}

TEST_F(SchedulerTest, SuspensionStopsAtTheUserBoundary) {
  const auto a = start('a', [&] {
    yield();
    log_ += 'k';
    host::return_to_user();
    log_ += 'u';
  });
  const auto b = start('b', [&] { EXPECT_TRUE(a->suspend().ok()); });
  host::run();
  EXPECT_EQ(log_, "abk");
  EXPECT_EQ(a->sched.run_state, RunState::kStopped);
  EXPECT_TRUE(a->resume().ok());
  EXPECT_EQ(a->resume().code(), KERN_FAILURE);
  host::run();
  EXPECT_EQ(log_, "abku");
}

TEST_F(SchedulerTest, TaskSuspensionCountsApart) {
  const auto a = start('a', [&] {
    yield();
    host::return_to_user();
    log_ += 'u';
  });
  const auto b = start('b', [&] {
    EXPECT_TRUE(a->suspend().ok());
    EXPECT_TRUE(task_->suspend().ok());
  });
  host::run();
  EXPECT_TRUE(a->resume().ok());
  host::run();
  EXPECT_EQ(log_, "ab");
  EXPECT_TRUE(task_->resume().ok());
  host::run();
  EXPECT_EQ(log_, "abu");
}

TEST_F(SchedulerTest, DepressionEndsWithItsTime) {
  WaitQueue queue;
  const auto a = start('a', [&] { queue.wait(Interruptible::kYes); });
  host::run();
  const int before = a->sched.priority;
  Scheduler::depress(*a, Deadline::after_ms(30));
  EXPECT_EQ(a->sched.priority, kPriorityDepressed);
  host::advance_ms(60);
  EXPECT_EQ(a->sched.priority, before);
  EXPECT_FALSE(Scheduler::undepress(*a));
  queue.wake_all();
  host::run();
}

// Ticks of the clock until the current thread is to give up the processor; at most 1000.
uint32_t ticks_until_preemption() {
  uint32_t ticks = 0;
  for (current_thread().ast &= ~ast::kPreempt; (current_thread().ast & ast::kPreempt) == 0 && ticks < 1000; ++ticks) {
    Scheduler::tick(true);
  }
  return ticks;
}

TEST_F(SchedulerTest, AQuantumBeginsWithThePolicy) {
  const auto a = start('a', [&] {
    Scheduler::set_policy(current_thread(), SchedPolicy::kFixedPriority, 3);
    EXPECT_EQ(ticks_until_preemption(), 3u);
    EXPECT_EQ(ticks_until_preemption(), 3u);
    // A longer one does not begin before the old one has ended.
    Scheduler::set_policy(current_thread(), SchedPolicy::kFixedPriority, 5);
    EXPECT_EQ(ticks_until_preemption(), 3u);
    EXPECT_EQ(ticks_until_preemption(), 5u);
  });
  const auto b = start('b');
  host::run();
}

TEST_F(SchedulerTest, OnlyTimesharersGetWorseByUse) {
  const auto a = start('a', [&] {
    Thread& self = current_thread();
    Scheduler::set_policy(self, SchedPolicy::kFixedPriority, kQuantumTicks);
    for (int i = 0; i < 200; ++i) Scheduler::tick(true);
    EXPECT_EQ(self.sched.priority, self.sched.base_priority);
    self.ast &= ~ast::kPreempt;
    Scheduler::set_policy(self, SchedPolicy::kTimeshare, kQuantumTicks);
    EXPECT_GT(self.sched.priority, self.sched.base_priority);
    EXPECT_NE(self.ast & ast::kPreempt, 0u);
  });
  const auto b = start('b');
  host::run();
}

TEST_F(SchedulerTest, TheLastThreadOfATerminatedTaskFreesIt) {
  const auto other = host::create_task();
  WaitQueue queue;
  const auto a = host::start_thread(*other, [&] { queue.wait(Interruptible::kYes); });
  host::run();
  EXPECT_TRUE(other->space().active());
  EXPECT_TRUE(other->terminate().ok());
  host::run();
  EXPECT_FALSE(other->space().active());
  EXPECT_EQ(other->thread_count, 0u);
  EXPECT_EQ(other->terminate().code(), KERN_FAILURE);
}

}  // namespace
}  // namespace kern
