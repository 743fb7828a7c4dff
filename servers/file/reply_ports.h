// ReplyPorts: ports for answers of which each comes once.
#pragma once

#include <mach/port.h>

#include <cstddef>
#include <vector>

namespace file {

// Making and destroying a port costs more than asking a device for something, so a few ports are used again: those
// whose answer has been received. Where it has not, it may still come and would be taken for the next one's: such a
// port goes, and the answer with it. Not synchronised.
class ReplyPorts {
 public:
  // How many wait to be used again at most: as many as reads and writes are under way at once.
  static constexpr size_t kKept = 10;

  ReplyPorts() = default;
  ReplyPorts(const ReplyPorts&) = delete;
  ReplyPorts& operator=(const ReplyPorts&) = delete;
  ~ReplyPorts();

  // A receive right for which there are no other rights and no messages. To be given to answered() or abandoned().
  // MACH_PORT_NULL: there is none to be had.
  mach_port_t take();
  // The one message that the send-once right made for the port could bring has been received.
  void answered(mach_port_t port);
  // Nobody has asked for anything, or nobody wants the answer any more.
  void abandoned(mach_port_t port);

 private:
  std::vector<mach_port_t> free_;
};

}  // namespace file
