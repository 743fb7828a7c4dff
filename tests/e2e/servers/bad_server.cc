// A server that misbehaves, for the tests of the bootstrap server. Its argument says how:
//   exit         ends at once
//   crash        reads through a null pointer
//   later        checks in, and ends after a while
//   silent       stays, but never checks in
//   loop         uses the processor for ever
//   kill NUMBER  checks in, and, when the process server is there, terminates the NUMBERth task of
//                the host (0 is the bootstrap server's, then in the order of servers.conf)
//   obey NUMBER  checks in, and terminates that task when a program asks for it (kill_request.h)
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <mach.h>
#include <mach/bootstrap.h>
#include <mach/mach_host.h>
#include <servers/netname_defs.h>

#include "libs/mach/service_user.h"
#include "libs/server/registered_port.h"
#include "tests/e2e/servers/kill_request.h"

namespace {

constexpr std::chrono::seconds kBeforeKilling{3};
constexpr std::chrono::seconds kBeforeEnding{12};
constexpr std::chrono::milliseconds kBetweenLooks{20};

[[noreturn]] void stay() {
  while (true) std::this_thread::sleep_for(std::chrono::hours(1));
}

[[noreturn]] void loop() {
  for (volatile unsigned turns = 0;; turns = turns + 1) {
  }
}

void check(kern_return_t kr, const char* what) {
  if (kr == KERN_SUCCESS) return;
  std::printf("bad: %s (0x%x)\n", what, kr);
  std::exit(EXIT_FAILURE);
}

void check_in(const char* as) {
  service_name_t name = {};
  std::strncpy(name, as, sizeof name - 1);
  mach_port_t port = MACH_PORT_NULL;
  check(service_check_in(server::registered_port(SERVICE_SLOT), name, SERVICE_PRIVATE, &port), "check-in");
}

// Waits until the name server has seen a server.
void wait_for(const std::string& server) {
  while (true) {
    vm_offset_t text = 0;
    mach_msg_type_number_t size = 0;
    check(service_list(server::registered_port(SERVICE_SLOT), &text, &size), "list of services");
    const std::string list(reinterpret_cast<const char*>(text), size);
    vm_deallocate(mach_task_self(), text, size);
    if (list.find("service " + server + " running\n") != std::string::npos) return;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

// The tasks of the host, in the order in which they were made.
class Tasks {
 public:
  Tasks() {
    mach_port_t host = MACH_PORT_NULL;
    mach_port_t device_master = MACH_PORT_NULL;
    check(bootstrap_ports(bootstrap_port, &host, &device_master), "privileged ports");
    mach_port_t set_name = MACH_PORT_NULL;
    check(processor_set_default(mach_host_self(), &set_name), "processor set");
    check(host_processor_set_priv(host, set_name, &set_), "processor set control");
    mach_port_deallocate(mach_task_self(), set_name);
    look();
  }
  void look() {
    for (const mach_port_t task : list_) mach_port_deallocate(mach_task_self(), task);
    task_array_t tasks = nullptr;
    mach_msg_type_number_t count = 0;
    check(processor_set_tasks(set_, &tasks, &count), "tasks");
    list_.assign(tasks, tasks + count);
    vm_deallocate(mach_task_self(), reinterpret_cast<vm_offset_t>(tasks), count * sizeof *tasks);
  }
  [[nodiscard]] const std::vector<mach_port_t>& list() const { return list_; }
  void kill(unsigned number) const {
    if (number >= list_.size()) check(KERN_INVALID_ARGUMENT, "task number");
    std::printf("bad: terminating task %u\n", number);
    check(task_terminate(list_[number]), "terminate");
  }

 private:
  mach_port_t set_ = MACH_PORT_NULL;
  std::vector<mach_port_t> list_;
};

[[noreturn]] void kill_task(unsigned number) {
  const Tasks tasks;
  wait_for("process");
  std::this_thread::sleep_for(kBeforeKilling);
  tasks.kill(number);
  stay();
}

// What a program wants, if the task is one that does.
std::optional<kill_request> request_of(mach_port_t task) {
  vm_offset_t data = 0;
  mach_msg_type_number_t size = 0;
  if (vm_read(task, KILL_REQUEST_ADDRESS, KILL_REQUEST_SIZE, &data, &size) != KERN_SUCCESS) {
    return std::nullopt;
  }
  kill_request request;
  std::memcpy(&request, reinterpret_cast<const void*>(data), sizeof request);
  vm_deallocate(mach_task_self(), data, size);
  if (std::memcmp(request.magic, KILL_REQUEST_MAGIC, sizeof request.magic) != 0) return std::nullopt;
  return request;
}

void answer(mach_port_t task, kill_request request) {
  alignas(KILL_REQUEST_SIZE) static char page[KILL_REQUEST_SIZE];
  request.state = KILL_DONE;
  std::memcpy(page, &request, sizeof request);
  check(vm_write(task, KILL_REQUEST_ADDRESS, reinterpret_cast<vm_offset_t>(page), sizeof page),
        "answer");
}

// Once: a server that was started again has another number.
[[noreturn]] void obey(unsigned number) {
  for (Tasks tasks;; tasks.look()) {
    for (const mach_port_t task : tasks.list()) {
      const auto request = request_of(task);
      if (!request || request->state != KILL_NOW) continue;
      tasks.kill(number);
      answer(task, *request);
      stay();
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "exit") return EXIT_FAILURE;
  if (what == "crash") return *static_cast<volatile int*>(nullptr);
  if (what == "silent") stay();
  if (what == "loop") loop();
  if (what == "later") {
    check_in(argv[0]);
    std::this_thread::sleep_for(kBeforeEnding);
    return EXIT_SUCCESS;
  }
  if (what == "kill" && argc > 2) {
    check_in(argv[0]);
    kill_task(static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)));
  }
  if (what == "obey" && argc > 2) {
    check_in(argv[0]);
    obey(static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)));
  }
  std::printf("bad: not understood\n");
  return EXIT_FAILURE;
}
