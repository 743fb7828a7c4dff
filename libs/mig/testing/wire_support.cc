#include "libs/mig/testing/wire_support.h"

#include <cstdlib>

namespace mig::test {

Transport* transport = nullptr;

namespace {

constexpr uint32_t kReplyBuffer = 8192;
constexpr mach_port_t kReplyPort = 0x7700;

uint32_t arrived(uint32_t name) {
  if (name == 19 || name == 20) return 17;
  return name == 21 ? 18 : name;
}

bool is_port(uint32_t name) { return name >= 16 && name <= 21; }

/// What happens to a message on its way: dispositions become rights, the header turns round.
void carry(Packet& packet) {
  std::vector<WireItem> items;
  if (!read_items(packet, items)) ++transport->bad_messages;
  bool complex = false;
  for (const WireItem& item : items) {
    complex = complex || !item.is_inline || is_port(item.name);
    if (!is_port(item.name)) continue;
    uint32_t& word = packet.word(item.offset + (item.is_long ? 4 : 0));
    word = (word & ~0xffu) | arrived(item.name);
  }
  mach_msg_header_t* header = packet.header();
  if (complex != ((header->msgh_bits >> 31) != 0)) ++transport->bad_messages;
  if (header->msgh_size != packet.size()) ++transport->bad_messages;
  const uint32_t remote = header->msgh_bits & 0xff;
  const uint32_t local = header->msgh_bits >> 8 & 0xff;
  header->msgh_bits = (header->msgh_bits & 0x80000000u) | arrived(local) | arrived(remote) << 8;
  std::swap(header->msgh_remote_port, header->msgh_local_port);
  header->msgh_seqno = 4711;
}

bool valid(const WireItem& item, uint32_t first_word) {
  if (first_word >> 31 != 0) return false;
  if (item.is_inline && item.dealloc) return false;
  if (is_port(item.name) && item.bits != 32) return false;
  return !item.is_long || (first_word & 0x0fffffffu) == 0;
}

}  // namespace

bool read_items(Packet& packet, std::vector<WireItem>& items) {
  uint32_t at = sizeof(mach_msg_header_t);
  while (at < packet.size()) {
    const uint32_t word = packet.word(at);
    WireItem item = {};
    item.offset = at;
    item.is_inline = word >> 28 & 1;
    item.is_long = word >> 29 & 1;
    item.dealloc = word >> 30 & 1;
    item.data = at + (item.is_long ? 12 : 4);
    if (item.data > packet.size()) return false;
    item.name = item.is_long ? packet.word(at + 4) & 0xffff : word & 0xff;
    item.bits = item.is_long ? packet.word(at + 4) >> 16 : word >> 8 & 0xff;
    item.number = item.is_long ? packet.word(at + 8) : word >> 16 & 0xfff;
    if (!valid(item, word)) return false;
    const uint64_t bytes = (uint64_t{item.bits} * item.number + 7) / 8;
    const uint64_t end = item.data + (item.is_inline ? (bytes + 3) / 4 * 4 : 4);
    if (end > packet.size()) return false;
    at = static_cast<uint32_t>(end);
    items.push_back(item);
  }
  return true;
}

Packet Transport::deliver(Packet message) {
  carry(message);
  if (spoil_request) spoil_request(message);
  received = message;
  // Stale bytes in the reply buffer would show up as differences between the servers.
  std::vector<uint32_t> buffer(kReplyBuffer / 4, 0xa5a5a5a5u);
  auto* out = reinterpret_cast<mach_msg_header_t*>(buffer.data());
  if (!server(message.header(), out)) {
    code = static_cast<kern_return_t>(buffer[7]);
    return Packet(buffer.data(), out->msgh_size);
  }
  code = static_cast<kern_return_t>(buffer[7]);
  if (code == MIG_NO_REPLY) return {};
  Packet answer(buffer.data(), out->msgh_size);
  carry(answer);
  return answer;
}

}  // namespace mig::test

using mig::test::Packet;
using mig::test::transport;

extern "C" {

mach_msg_return_t mach_msg(mach_msg_header_t* message, mach_msg_option_t option,
                           mach_msg_size_t send_size, mach_msg_size_t receive_size, mach_port_t,
                           mach_msg_timeout_t, mach_port_t) {
  if (transport->send_result != MACH_MSG_SUCCESS) return transport->send_result;
  Packet packet(message, send_size);
  if ((option & MACH_RCV_MSG) == 0) {
    transport->late = packet;
    // Replies go nowhere; requests reach the server.
    if (message->msgh_id % 1000 < 100) {
      transport->request = packet;
      transport->deliver(packet);
    }
    return MACH_MSG_SUCCESS;
  }
  transport->request = packet;
  Packet answer = transport->deliver(packet);
  if (transport->server_dies || answer.size() == 0) {
    const mach_msg_header_t notification = {18u << 8, 24, 0, message->msgh_local_port, 0, 71};
    answer.assign(&notification, sizeof notification);
  } else if (transport->spoil_reply) {
    transport->spoil_reply(answer);
  }
  transport->reply = answer;
  if (answer.size() > receive_size) return MACH_RCV_TOO_LARGE;
  // What was in the buffer behind the reply must not matter.
  std::memset(message, 0x5a, receive_size);
  std::memcpy(message, answer.header(), answer.size());
  return MACH_MSG_SUCCESS;
}

mach_port_t mig_get_reply_port(void) {
  ++transport->reply_ports;
  return mig::test::kReplyPort;
}

void mig_dealloc_reply_port(mach_port_t) {
  --transport->reply_ports;
  ++transport->deallocated_ports;
}

void mig_put_reply_port(mach_port_t) { --transport->reply_ports; }

void mig_allocate(vm_offset_t* address, vm_size_t size) {
  *address = reinterpret_cast<vm_offset_t>(std::malloc(size));
}

void mig_deallocate(vm_offset_t address, vm_size_t) { transport->deallocated.push_back(address); }

void mach_msg_destroy(mach_msg_header_t*) { ++transport->destroyed; }

}  // extern "C"
