// A server that uses what server_libc offers and says so on the console.
#include <mach/server_libc.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <mach.h>
#include <mach/mach_host.h>
#include <mach/policy.h>
#include <mach/thread_info.h>

namespace {

std::mutex mutex;
std::condition_variable turn_changed;
int turn = 0;

// The threads take turns, so that each step needs a wait and a wake.
void take_turns(int me, int threads, int rounds) {
  for (int i = 0; i < rounds; ++i) {
    std::unique_lock lock(mutex);
    turn_changed.wait(lock, [&] { return turn % threads == me; });
    ++turn;
    turn_changed.notify_all();
  }
}

bool threads_work() {
  constexpr int kThreads = 4;
  constexpr int kRounds = 25;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(take_turns, i, kThreads, kRounds);
  for (std::thread& thread : threads) thread.join();
  std::thread([] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  return turn == kThreads * kRounds;
}

// Port names and bytes of memory the task has.
struct Holdings {
  mach_msg_type_number_t names = 0;
  vm_size_t memory = 0;
  bool operator==(const Holdings&) const = default;
};

Holdings holdings() {
  Holdings result;
  mach_port_array_t names = nullptr;
  mach_port_type_array_t types = nullptr;
  mach_msg_type_number_t type_count = 0;
  mach_port_names(mach_task_self(), &names, &result.names, &types, &type_count);
  vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(names),
                result.names * sizeof(mach_port_t));
  vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(types),
                type_count * sizeof(mach_port_type_t));
  task_basic_info info;
  mach_msg_type_number_t words = TASK_BASIC_INFO_COUNT;
  task_info(mach_task_self(), TASK_BASIC_INFO, reinterpret_cast<task_info_t>(&info), &words);
  result.memory = info.virtual_size;
  return result;
}

void run_threads(int count) {
  for (int i = 0; i < count; ++i) {
    std::thread([] { std::this_thread::yield(); }).join();
    std::thread([] { std::this_thread::yield(); }).detach();
    // Each of the threads has called the kernel, so it had a reply port, and has waited.
    std::thread([] { (void)holdings(); take_turns(0, 1, 1); }).join();
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

bool threads_leave_nothing() {
  run_threads(3);
  const Holdings before = holdings();
  run_threads(50);
  return holdings() == before;
}

bool timeout_works() {
  std::unique_lock lock(mutex);
  const auto start = std::chrono::steady_clock::now();
  const auto status = turn_changed.wait_for(lock, std::chrono::milliseconds(50));
  return status == std::cv_status::timeout &&
         std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(40);
}

bool memory_works() {
  std::map<int, std::string> numbers;
  for (int i = 0; i < 1000; ++i) numbers[i] = std::to_string(i) + std::string(i % 100, 'x');
  std::vector<char> large(4 << 20, 'a');
  large.resize(8 << 20, 'b');
  return numbers[999].starts_with("999x") && large.back() == 'b' && large[5] == 'a';
}

bool exceptions_work() {
  try {
    (void)std::vector<int>().at(3);
  } catch (const std::exception&) {
    return true;
  }
  return false;
}

struct Policy {
  integer_t policy;
  integer_t quantum;
  bool operator==(const Policy&) const = default;
};

Policy own_policy() {
  thread_sched_info info = {};
  mach_msg_type_number_t count = THREAD_SCHED_INFO_COUNT;
  const mach_port_t self = mach_thread_self();
  (void)thread_info(self, THREAD_SCHED_INFO, reinterpret_cast<thread_info_t>(&info), &count);
  (void)mach_port_deallocate(mach_task_self(), self);
  return {info.policy, info.policy == POLICY_FIXEDPRI ? info.data : 0};
}

bool new_threads_have(const Policy& policy) {
  Policy of_thread = {};
  Policy of_its_thread = {};
  std::thread([&] {
    of_thread = own_policy();
    std::thread([&] { of_its_thread = own_policy(); }).join();
  }).join();
  return own_policy() == policy && of_thread == policy && of_its_thread == policy;
}

bool policies_are_inherited() {
  const mach_port_t self = mach_thread_self();
  bool good = new_threads_have({POLICY_TIMESHARE, 0});
  good = thread_policy(self, POLICY_FIXEDPRI, 70) == KERN_SUCCESS && new_threads_have({POLICY_FIXEDPRI, 70}) && good;
  good = thread_policy(self, POLICY_TIMESHARE, 0) == KERN_SUCCESS && new_threads_have({POLICY_TIMESHARE, 0}) && good;
  (void)mach_port_deallocate(mach_task_self(), self);
  return good;
}

int report(int number, const char* what, bool good) {
  std::printf("%s %d - %s\n", good ? "ok" : "not ok", number, what);
  return good ? 0 : 1;
}

mach_port_t port_argument(const char* text) { return std::strtoul(text, nullptr, 10); }

}  // namespace

// Started by the kernel: FLAGS HOST_PORT DEVICE_PORT.
int main(int argc, char** argv) {
  if (argc < 4) return 1;
  server_libc_open_console(port_argument(argv[3]));
  std::printf("1..6\n");
  int failed = report(1, "memory and containers", memory_works());
  failed += report(2, "exceptions", exceptions_work());
  failed += report(3, "threads, mutexes, condition variables", threads_work());
  failed += report(4, "timeouts", timeout_works());
  failed += report(5, "threads leave nothing behind", threads_leave_nothing());
  failed += report(6, "threads are scheduled like those that make them", policies_are_inherited());
  std::printf("# %d failed\n", failed);
  return host_reboot(port_argument(argv[2]), HOST_REBOOT_HALT);
}
