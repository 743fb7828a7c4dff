// Paging space comes and goes while tasks page. Started by the bootstrap server beside a default pager without any.
// Reports TAP on the console and ends the machine.
#include <mach.h>

#include "default_pager/test/backing.h"
#include "default_pager/test/report.h"
#include "default_pager/test/writer.h"

namespace default_pager::test {
namespace {

void backing(const Backing& places) {
  constexpr vm_size_t kMuch = 40 * kMebibyte;
  report(places.add("one", 0, 2 * kMuch) == KERN_SUCCESS, "paging space is added");
  report(places.add("one", 2 * kMuch, kMebibyte) == KERN_NAME_EXISTS, "a name is used once");
  report(places.add("far", 4000u * kMebibyte, kMebibyte) == KERN_INVALID_ARGUMENT, "it must be on the disk");
  Writer writer;
  kern_return_t code = writer.start(kMuch);
  report(code == KERN_SUCCESS && writer.is_done(), "a task uses it", code);
  report(places.used(0) > 8 * kMebibyte, "it holds pages");
  code = places.remove("one");
  report(code == KERN_RESOURCE_SHORTAGE, "what holds pages cannot be removed", code);
  code = places.add("two", 2 * kMuch, 2 * kMuch);
  report(code == KERN_SUCCESS, "more is added", code);
  code = places.remove("one");
  report(code == KERN_SUCCESS, "then it can", code);
  report(places.used(0) > 8 * kMebibyte && places.used(1) == 0, "the pages are elsewhere");
  report(writer.is_intact(), "and as they were");
  report(places.remove("one") == KERN_INVALID_ARGUMENT, "it is gone");
  writer.terminate();
}

}  // namespace
}  // namespace default_pager::test

int main() {
  using namespace default_pager::test;
  return run([](mach_port_t host, mach_port_t device_master) { backing(Backing(default_manager(host), device_master)); });
}
