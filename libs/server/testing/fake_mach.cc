#include "libs/server/testing/fake_mach.h"

#include <mach/mig_errors.h>
#include <mach/notify.h>
#include <sys/mman.h>

#include <cstring>

namespace server::testing {
namespace {

constexpr mach_msg_size_t kBuffer = 16 * 1024;
constexpr mach_port_t kReplyPort = 0x7700;

// The dispositions of rights as the receiver sees them.
uint32_t arrived(uint32_t name) {
  if (name == MACH_MSG_TYPE_COPY_SEND || name == MACH_MSG_TYPE_MAKE_SEND) {
    return MACH_MSG_TYPE_PORT_SEND;
  }
  return name == MACH_MSG_TYPE_MAKE_SEND_ONCE ? MACH_MSG_TYPE_PORT_SEND_ONCE : name;
}

// Does to the body what the kernel does: dispositions become rights, out-of-line memory moves.
void carry_body(std::vector<uint32_t>& words) {
  for (size_t at = sizeof(mach_msg_header_t) / 4; at < words.size();) {
    uint32_t& type = words[at];
    const bool is_long = (type >> 29 & 1) != 0;
    const bool is_inline = (type >> 28 & 1) != 0;
    uint32_t& name_word = is_long ? words[at + 1] : type;
    const uint32_t name = name_word & 0xff;
    const uint32_t bits = is_long ? words[at + 1] >> 16 : type >> 8 & 0xff;
    const uint32_t number = is_long ? words[at + 2] : type >> 16 & 0xfff;
    name_word = (name_word & ~0xffu) | arrived(name);
    at += is_long ? 3 : 1;
    at += is_inline ? (uint64_t{bits} * number / 8 + 3) / 4 : 1;
  }
}

std::vector<uint32_t> carry(const mach_msg_header_t* message, mach_msg_size_t size) {
  std::vector<uint32_t> words(size / 4);
  std::memcpy(words.data(), message, size);
  auto* header = reinterpret_cast<mach_msg_header_t*>(words.data());
  header->msgh_size = size;
  carry_body(words);
  const uint32_t remote = MACH_MSGH_BITS_REMOTE(header->msgh_bits);
  const uint32_t local = MACH_MSGH_BITS_LOCAL(header->msgh_bits);
  header->msgh_bits = (header->msgh_bits & MACH_MSGH_BITS_COMPLEX) |
                      MACH_MSGH_BITS(arrived(local), arrived(remote));
  std::swap(header->msgh_remote_port, header->msgh_local_port);
  return words;
}

bool is_request(mach_msg_id_t id) { return id % 1000 < 100; }

}  // namespace

FakeMach& FakeMach::get() {
  static FakeMach instance;
  return instance;
}

}  // namespace server::testing

using server::testing::FakeMach;

extern "C" {

mach_msg_return_t mach_msg(mach_msg_header_t* message, mach_msg_option_t option,
                           mach_msg_size_t send_size, mach_msg_size_t, mach_port_t,
                           mach_msg_timeout_t, mach_port_t) {
  using namespace server::testing;
  FakeMach& mach = FakeMach::get();
  std::vector<uint32_t> request = carry(message, send_size);
  auto* header = reinterpret_cast<mach_msg_header_t*>(request.data());
  std::vector<uint32_t> buffer(kBuffer / 4);
  auto* reply = reinterpret_cast<mach_msg_header_t*>(buffer.data());
  if ((option & MACH_RCV_MSG) == 0) {
    const bool to_server = is_request(header->msgh_id) && header->msgh_id / 100 != 7001;
    if (to_server) {
      (void)mach.server(header, reply);
    } else {
      mach.sent.push_back({std::move(request)});
    }
    return MACH_MSG_SUCCESS;
  }
  if (mach.server(header, reply)) {
    const std::vector<uint32_t> answer = carry(reply, reply->msgh_size);
    std::memcpy(message, answer.data(), answer.size() * 4);
  } else {
    // The call waits; its caller learns that there is no answer yet.
    const mach_msg_header_t notification = {
        MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE), sizeof(notification), 0, kReplyPort, 0,
        MACH_NOTIFY_SEND_ONCE};
    std::memcpy(message, &notification, sizeof(notification));
  }
  return MACH_MSG_SUCCESS;
}

void mach_msg_destroy(mach_msg_header_t*) { ++FakeMach::get().destroyed; }
mach_port_t mig_get_reply_port(void) { return server::testing::kReplyPort; }
void mig_put_reply_port(mach_port_t) {}
void mig_dealloc_reply_port(mach_port_t) {}
void mig_allocate(vm_offset_t* address, vm_size_t size) {
  void* const memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *address = memory == MAP_FAILED ? 0 : reinterpret_cast<vm_offset_t>(memory);
}
void mig_deallocate(vm_offset_t address, vm_size_t size) {
  munmap(reinterpret_cast<void*>(address), size);
}

}  // extern "C"
