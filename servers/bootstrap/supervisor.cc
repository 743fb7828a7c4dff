#include "servers/bootstrap/supervisor.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

#include <mach.h>
#include <mach/exception.h>
#include <mach/mach_host.h>
#include <mach/mig_errors.h>
#include <mach/notify.h>
#include <mach_error.h>
#include <servers/netname_defs.h>
#include <servers/posix_types.h>

#include "libs/mach/service_user.h"
#include "servers/bootstrap/messages.h"
#include "servers/bootstrap/processor_use.h"

namespace bootstrap {
namespace {

// A server that lives shorter than this is not started again more than kMaxQuickDeaths times.
constexpr long long kQuickDeathSeconds = 10;
constexpr int kMaxQuickDeaths = 5;

// The option of host_reboot that ends the machine.
constexpr int kHalt = 8;

// Names of the three receive rights in the name server's space.
constexpr mach_port_t kNamePortName = 0x00ffff01;
constexpr mach_port_t kServicePortName = 0x00ffff02;
constexpr mach_port_t kReturnPortName = 0x00ffff03;

constexpr const char* kFileServer = "file";

// In words: a kernel's or library's code, or an errno from a server of files.
const char* error_text(kern_return_t kr) {
  return IS_POSIX_ERROR(kr) ? std::strerror(POSIX_ERRNO(kr)) : mach_error_string(kr);
}

long long now_seconds() {
  time_value_t now{};
  host_get_time(mach_host_self(), &now);
  return now.seconds;
}

const char* exception_name(int exception) {
  switch (exception) {
    case EXC_BAD_ACCESS: return "bad access";
    case EXC_BAD_INSTRUCTION: return "bad instruction";
    case EXC_ARITHMETIC: return "arithmetic exception";
    case EXC_EMULATION: return "emulation exception";
    case EXC_SOFTWARE: return "software exception";
    case EXC_BREAKPOINT: return "breakpoint";
    default: return "unknown exception";
  }
}

void release(mach_port_t& port) {
  if (port != MACH_PORT_NULL) mach_port_deallocate(mach_task_self(), port);
  port = MACH_PORT_NULL;
}

// A receive right in `set` with one send right beside it.
kern_return_t make_port(mach_port_t set, mach_port_t* port) {
  kern_return_t kr = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, port);
  if (kr != KERN_SUCCESS) return kr;
  kr = mach_port_insert_right(mach_task_self(), *port, *port, MACH_MSG_TYPE_MAKE_SEND);
  if (kr == KERN_SUCCESS && set != MACH_PORT_NULL) {
    kr = mach_port_move_member(mach_task_self(), *port, set);
  }
  return kr;
}

}  // namespace

Supervisor::Supervisor(PrivilegedPorts ports, BootModules modules, OnFailure on_failure)
    : ports_(ports), modules_(std::move(modules)), on_failure_(on_failure) {}

kern_return_t Supervisor::initialize() {
  kern_return_t kr =
      mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &receive_set_);
  for (mach_port_t* port : {&bootstrap_port_, &exception_port_, &notify_port_}) {
    if (kr == KERN_SUCCESS) kr = make_port(receive_set_, port);
  }
  for (mach_port_t* port : {&name_port_, &service_port_, &return_port_}) {
    if (kr == KERN_SUCCESS) kr = make_port(MACH_PORT_NULL, port);
  }
  return kr;
}

void Supervisor::start_servers(std::vector<ServerEntry> entries) {
  if (entries.empty()) {
    std::printf("bootstrap: no servers to start\n");
    stop();
  }
  for (ServerEntry& entry : entries) {
    auto server = std::make_unique<Server>(Server{.entry = std::move(entry)});
    const std::lock_guard lock(mutex_);
    to_start_.push_back(server.get());
    servers_.push_back(std::move(server));
  }
  while (true) {
    std::unique_lock lock(mutex_);
    queue_filled_.wait(lock, [this] { return !to_start_.empty(); });
    Server* server = to_start_.front();
    to_start_.pop_front();
    lock.unlock();
    start_or_report(*server);
  }
}

void Supervisor::start_or_report(Server& server) {
  const kern_return_t kr = start(server);
  if (kr == KERN_SUCCESS) return;
  std::printf("bootstrap: %s: cannot start %s%s: %s\n", server.entry.name.c_str(),
              server.entry.from_module ? "module " : "", server.entry.program.c_str(),
              error_text(kr));
  if (server.entry.required) give_up(server);
}

void Supervisor::give_up(const Server& server) {
  std::printf("bootstrap: the system cannot go on without %s\n", server.entry.name.c_str());
  stop();
}

void Supervisor::stop() {
  if (on_failure_ == OnFailure::kPowerOff) host_reboot(ports_.host, kHalt);
}

kern_return_t Supervisor::load(const Server& server, LoadedFile* file) {
  if (server.entry.from_module) return modules_.load(server.entry.program, file);
  mach_port_t control = MACH_PORT_NULL;
  service_name_t name = {};
  std::strcpy(name, kFileServer);
  kern_return_t kr = service_look_up(service_port_, name, &control);
  if (kr != KERN_SUCCESS) return kr;
  kr = load_file(control, server.entry.program, file);
  release(control);
  return kr;
}

// The registered ports, bootstrap port and exception port; for the name server also its three
// receive rights.
kern_return_t Supervisor::give_ports(Server& server, std::vector<std::string>* arguments) {
  mach_port_t registered[3] = {name_port_, MACH_PORT_NULL, service_port_};
  static_assert(NAME_SERVER_SLOT == 0 && SERVICE_SLOT == 2);
  kern_return_t kr = mach_ports_register(server.task, registered, 3);
  if (kr == KERN_SUCCESS) kr = task_set_bootstrap_port(server.task, bootstrap_port_);
  if (kr == KERN_SUCCESS) kr = task_set_exception_port(server.task, exception_port_);
  if (kr != KERN_SUCCESS || server.entry.name != kNameServer) return kr;

  mach_port_t previous = MACH_PORT_NULL;
  const std::pair<mach_port_t, mach_port_t> moves[] = {{name_port_, kNamePortName},
                                                       {service_port_, kServicePortName},
                                                       {return_port_, kReturnPortName}};
  for (const auto& [port, name] : moves) {
    // So that the receive right comes back when the name server dies.
    kr = mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_PORT_DESTROYED, 0,
                                        notify_port_, MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous);
    if (kr == KERN_SUCCESS) {
      kr = mach_port_insert_right(server.task, name, port, MACH_MSG_TYPE_MOVE_RECEIVE);
    }
    if (kr != KERN_SUCCESS) return kr;
    ++lent_rights_;
    arguments->push_back(std::to_string(name));
  }
  return kr;
}

kern_return_t Supervisor::start(Server& server) {
  std::printf("bootstrap: starting %s\n", server.entry.name.c_str());
  LoadedFile file;
  kern_return_t kr = load(server, &file);
  for (int tries = 0; kr == MIG_SERVER_DIED && tries < kMaxQuickDeaths; ++tries) {
    kr = load(server, &file);  // the file server's successor answers
  }
  return kr == KERN_SUCCESS ? start_task(server, file) : kr;
}

kern_return_t Supervisor::start_task(Server& server, const LoadedFile& file) {
  const std::lock_guard lock(mutex_);
  kern_return_t kr = task_create(mach_task_self(), FALSE, &server.task);
  if (kr != KERN_SUCCESS) return kr;

  std::vector<std::string> arguments{server.entry.name};
  thread_t thread = MACH_PORT_NULL;
  mach_port_t previous = MACH_PORT_NULL;
  kr = use_server_priority(server.task);
  if (kr == KERN_SUCCESS) kr = give_ports(server, &arguments);
  arguments.insert(arguments.end(), server.entry.arguments.begin(), server.entry.arguments.end());
  if (kr == KERN_SUCCESS) kr = load_program(server.task, file.image(), arguments, &thread);
  if (kr == KERN_SUCCESS) {
    kr = mach_port_request_notification(mach_task_self(), server.task, MACH_NOTIFY_DEAD_NAME, 1,
                                        notify_port_, MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous);
  }
  if (kr == KERN_SUCCESS) {
    set_policy(thread, Policy::kFixed);
    kr = thread_resume(thread);
  }
  release(thread);
  if (kr != KERN_SUCCESS) {
    task_terminate(server.task);
    release(server.task);
    return kr;
  }
  server.started_at = now_seconds();
  ++server.starts;
  server.last_exception.clear();
  server.use = {};
  server.used_before = 0;
  server.watched = !server.entry.unnamed;
  server_watched_.notify_one();
  return KERN_SUCCESS;
}

Server* Supervisor::find(task_t task) {
  const auto found =
      std::ranges::find_if(servers_, [task](const auto& s) { return s->task == task; });
  return found == servers_.end() ? nullptr : found->get();
}

kern_return_t Supervisor::on_exception(task_t task, int exception, int code, int subcode,
                                       unsigned eip) {
  const std::lock_guard lock(mutex_);
  Server* server = find(task);
  char text[128];
  std::snprintf(text, sizeof text, "%s (code %d, subcode 0x%x) at 0x%08x",
                exception_name(exception), code, static_cast<unsigned>(subcode), eip);
  if (server != nullptr) server->last_exception = text;
  task_terminate(task);
  return KERN_SUCCESS;
}

void Supervisor::on_task_death(mach_port_t task) {
  Server* restarted = nullptr;
  Server* lost = nullptr;
  {
    const std::lock_guard lock(mutex_);
    Server* server = find(task);
    // The notification brought one reference of the dead name, the server's entry holds another.
    mach_port_deallocate(mach_task_self(), task);
    if (server == nullptr) return;
    report_death(*server);
    release(server->task);
    server->watched = false;
    (should_restart(*server) ? restarted : lost) = server;
  }
  if (lost != nullptr && lost->entry.required) give_up(*lost);
  if (restarted != nullptr) restart(*restarted);
}

void Supervisor::on_right_returned(mach_port_t right) {
  Server* server = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto ours = {name_port_, service_port_, return_port_};
    if (std::ranges::find(ours, right) == ours.end()) {
      mach_port_destroy(mach_task_self(), right);
      return;
    }
    if (--lent_rights_ == 0) server = std::exchange(waits_for_rights_, nullptr);
  }
  if (server != nullptr) restart(*server);
}

// Now, or where and when that can be done.
void Supervisor::restart(Server& server) {
  {
    const std::lock_guard lock(mutex_);
    if (server.entry.name == kNameServer && lent_rights_ != 0) {
      waits_for_rights_ = &server;
      return;
    }
    if (!server.entry.from_module) {
      to_start_.push_back(&server);
      queue_filled_.notify_one();
      return;
    }
  }
  start_or_report(server);
}

void Supervisor::report_death(const Server& server) {
  if (server.last_exception.empty()) {
    std::printf("bootstrap: %s ended\n", server.entry.name.c_str());
  } else {
    std::printf("bootstrap: %s crashed: %s\n", server.entry.name.c_str(),
                server.last_exception.c_str());
  }
}

bool Supervisor::should_restart(Server& server) {
  if (!server.entry.restart) return false;
  const bool quick = now_seconds() - server.started_at < kQuickDeathSeconds;
  server.quick_deaths = quick ? server.quick_deaths + 1 : 0;
  if (server.quick_deaths <= kMaxQuickDeaths) return true;
  std::printf("bootstrap: %s dies again and again; giving it up\n", server.entry.name.c_str());
  return false;
}

void Supervisor::get_privileged_ports(mach_port_t* host, mach_port_t* device_master) const {
  *host = ports_.host;
  *device_master = ports_.device_master;
}

void Supervisor::run() {
  set_message_target(this);
  while (true) {
    const kern_return_t kr = serve_messages(receive_set_);
    std::printf("bootstrap: receiving messages failed: %s\n", mach_error_string(kr));
  }
}

}  // namespace bootstrap
