// Memory that is never paged out: what the default pager lives in.
#pragma once

#include <mach/kern_return.h>
#include <mach/port.h>

#include <cstddef>
#include <memory_resource>

namespace default_pager {

// A resource whose memory is wired as it is allocated. Whole pages: to be used below a pool.
class WiredMemory final : public std::pmr::memory_resource {
 public:
  explicit WiredMemory(mach_port_t host_priv) : host_priv_(host_priv) {}

 private:
  void* do_allocate(size_t bytes, size_t alignment) override;
  void do_deallocate(void* start, size_t bytes, size_t alignment) override;
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  mach_port_t host_priv_;
};

// Wires everything this task has mapped now; of the calling thread's stack only the part in use
// and `stack_room` bytes below it.
kern_return_t wire_task(mach_port_t host_priv, size_t stack_room);

}  // namespace default_pager
