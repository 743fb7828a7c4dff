// Entry: what one name of a space denotes.
#pragma once

#include <mach/port.h>

#include <cstdint>

namespace ipc {

class Port;
class PortSet;
class ReceivePoint;
class MsgAcceptedRequest;
struct DeadNameRequest;

// Kinds of right an entry can hold, as a bit set in the order of MACH_PORT_RIGHT_...
enum RightBits : uint8_t {
  kSendBit = 1 << MACH_PORT_RIGHT_SEND,
  kReceiveBit = 1 << MACH_PORT_RIGHT_RECEIVE,
  kSendOnceBit = 1 << MACH_PORT_RIGHT_SEND_ONCE,
  kPortSetBit = 1 << MACH_PORT_RIGHT_PORT_SET,
  kDeadNameBit = 1 << MACH_PORT_RIGHT_DEAD_NAME,
  kPortBits = kSendBit | kReceiveBit | kSendOnceBit,
};

// Entries never move, so pointers to a used entry stay good until its name is given up.
struct Entry {
  // The name this entry answers to; 0 while free.
  mach_port_t name = MACH_PORT_NULL;
  // Table entries: the name the next kernel-chosen use gets (index << 8 | generation).
  mach_port_t next_name = MACH_PORT_NULL;
  // The port or set; null for dead names. Rights of the entry are counted in the port.
  ReceivePoint* object = nullptr;
  // Free list of the table, or chain of entries outside it.
  Entry* next = nullptr;
  // Chain of the (port -> entry) hash; entries with a send right are in it.
  Entry* reverse_next = nullptr;
  DeadNameRequest* dead_name_request = nullptr;
  // A message forced into the port's queue through this right is still there.
  MsgAcceptedRequest* accepted_request = nullptr;
  // User references of the send right or dead name.
  uint16_t urefs = 0;
  uint8_t rights = 0;
  // Table entries in use: a chosen name took the slot out of the middle of the free list, where it
  // still is.
  bool still_listed : 1 = false;
  bool in_table : 1 = false;
  // Table entries: a name outside the table has, or had, this slot's index.
  bool shadowed : 1 = false;

  [[nodiscard]] bool has(uint8_t bits) const { return (rights & bits) != 0; }
  // Only with a port right.
  [[nodiscard]] Port* port() const;
  // Only with kPortSetBit.
  [[nodiscard]] PortSet* set() const;
};
static_assert(sizeof(void*) != 4 || sizeof(Entry) == 32);

}  // namespace ipc
