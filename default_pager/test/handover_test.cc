// Another default pager takes over while tasks page, and leaves the memory of the old one's tasks alone. Started by the
// bootstrap server beside a default pager; this task is the other one. Reports TAP on the console and ends the
// machine.
#include <mach.h>

#include <new>
#include <thread>

#include "default_pager/server.h"
#include "default_pager/test/backing.h"
#include "default_pager/test/report.h"
#include "default_pager/test/writer.h"

namespace default_pager::test {
namespace {

constexpr vm_size_t kSize = 24 * kMebibyte;
constexpr vm_size_t kMore = 40 * kMebibyte;  // than the machine has
constexpr vm_size_t kSpace = 100 * kMebibyte;
constexpr vm_size_t kMuch = 4 * kMebibyte;

void serve(mach_port_t host, mach_port_t device_master) {
  alignas(Server) static char room[sizeof(Server)];
  auto& server = *new (room) Server(host, device_master);
  if (server.start() == KERN_SUCCESS) (void)server.run();
}

// The manager that is the default after `old`.
mach_port_t next_manager(mach_port_t host, mach_port_t old) {
  for (;;) {
    const mach_port_t now = default_manager(host);
    if (now != old) return now;
    (void)swtch_pri(0);
  }
}

bool finishes(const Writer& writer) { return writer.is_done() && writer.is_intact(); }

void handover(mach_port_t host, mach_port_t device_master) {
  const mach_port_t first = default_manager(host);
  const Backing old_places(first, device_master);
  report(old_places.add("old", 0, kSpace) == KERN_SUCCESS, "the first pager has paging space");
  Writer done;
  report(done.start(kMore) == KERN_SUCCESS && done.is_done(), "a task has written more than fits");
  Writer busy;
  report(busy.start(kSize) == KERN_SUCCESS, "another one is at it");
  Writer late;  // now: this task will have much wired memory, of which a new task gets copies
  report(late.prepare(kSize) == KERN_SUCCESS, "a third one waits");
  std::thread(serve, host, device_master).detach();
  const mach_port_t second = next_manager(host, first);
  const Backing new_places(second, device_master);
  report(new_places.add("new", kSpace, kSpace) == KERN_SUCCESS, "the second pager has taken over");
  report(late.go() == KERN_SUCCESS, "the third task begins");
  report(late.is_done() && busy.is_done(), "all have written");
  report(old_places.used(0) > kMuch, "the first pager keeps pages");
  report(new_places.used(0) > kMuch, "so does the second");
  report(finishes(done) && finishes(busy) && finishes(late), "all is as it was written");
  done.terminate();
  busy.terminate();
  report(finishes(late), "the first pager's tasks end");
  late.terminate();
  report(default_manager(host) == second, "the second pager remains");
}

}  // namespace
}  // namespace default_pager::test

int main() {
  using namespace default_pager::test;
  return run([](mach_port_t host, mach_port_t device_master) { handover(host, device_master); });
}
