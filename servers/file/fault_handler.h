// FaultHandler: what happens when a mapped file has no data to give.
#pragma once

#include <mach/port.h>

#include "libs/base/result.h"
#include "servers/file/exc_server.h"

namespace file {

// The kernel tells that a page could not be had by an exception of the thread that wanted it. For
// threads in mapped_copy() this ends the copy with a failure; every other exception goes on to the
// task's exception port. Served by the pager thread, which takes no such exceptions itself.
class FaultHandler final : public ExcInterface {
 public:
  // `set`: what the pager thread receives from. ENFILE.
  base::Status start(mach_port_t set);
  // The calling thread's exceptions come here from now on.
  void watch_this_thread();

  kern_return_t exception_raise(mach_port_t exception_port, mach_port_t thread, mach_port_t task,
                                int exception, int code, int subcode) override;

 private:
  mach_port_t port_ = MACH_PORT_NULL;
};

}  // namespace file
