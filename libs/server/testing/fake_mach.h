// A message system in one process: clients' stubs reach a server's loop without a kernel.
#pragma once

#include <mach/message.h>

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "libs/server/port_space.h"

namespace server::testing {

// A message that was sent without waiting for an answer: a late reply, or an io_ready.
struct Sent {
  std::vector<uint32_t> words;
  [[nodiscard]] const mach_msg_header_t& header() const {
    return *reinterpret_cast<const mach_msg_header_t*>(words.data());
  }
  // A reply's return code.
  [[nodiscard]] kern_return_t code() const { return static_cast<kern_return_t>(words.at(7)); }
};

// The one message system of a test; mach_msg and its helpers use it.
struct FakeMach {
  // Handles a request as MessageLoop::handle does.
  std::function<bool(mach_msg_header_t* request, mach_msg_header_t* reply)> server;
  std::vector<Sent> sent;
  int destroyed = 0;  // messages given to mach_msg_destroy

  static FakeMach& get();
};

// Port names are numbers; clients' rights are not modelled beyond being dead or not.
class FakePortSpace final : public PortSpace {
 public:
  base::Result<mach_port_t> allocate() override {
    live.insert(next_);
    return next_++;
  }
  void destroy(mach_port_t port) override { live.erase(port); }
  base::Status watch_senders(mach_port_t, uint32_t make_send_count) override {
    watched_count = make_send_count;
    return {};
  }
  Senders senders(mach_port_t port) override { return send_rights[port]; }
  void release(mach_port_t right) override { released.push_back(right); }
  bool is_task(mach_port_t right) override { return right == kTask; }
  bool is_dead(mach_port_t right) override { return dead.contains(right); }

  static constexpr mach_port_t kTask = 7;
  std::set<mach_port_t> live;
  std::set<mach_port_t> dead;
  std::vector<mach_port_t> released;
  std::map<mach_port_t, Senders> send_rights;
  uint32_t watched_count = 0;  // of the latest watch_senders

 private:
  mach_port_t next_ = 0x1000;
};

}  // namespace server::testing
