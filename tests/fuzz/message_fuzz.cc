// Messages of arbitrary bytes, to kernel objects and to another task. Every input runs twice, with the
// straight path of mach_msg and without it: what the sender sees must be the same (unless allocations
// fail), and nothing may be left behind.
#include <mach/message_bits.h>

#include <cstring>
#include <vector>

#include "kernel/device/device.h"
#include "kernel/device/master.h"
#include "kernel/device/open_device.h"
#include "kernel/ipc/mach_msg.h"
#include "kernel/ipc/mach_msg_call.h"
#include "kernel/kern/host.h"
#include "kernel/kern/user_ptr.h"
#include "kernel/traps/traps.h"
#include "tests/fuzz/actor.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/machine.h"
#include "tests/fuzz/message_writer.h"

namespace fuzz {
namespace {

constexpr uint32_t kMemory = 0x100000;
constexpr uint32_t kMemoryPages = 12;
constexpr uint32_t kFarNames = 0x80000;
constexpr uint32_t kBuffer = 0x40000;
constexpr uint32_t kBufferBytes = 4 * arch::kPageSize;

// Names of the sender, in this order from 1 on.
enum Name : mach_port_t {
  kOwnTask = 1, kOtherTask, kOwnThread, kOtherThread, kHostName, kHostControl, kProcessor,
  kSet, kSetName, kDeviceMaster, kNullDevice, kTimeDevice, kMemoryObject, kReply, kPlain,
  kMember, kPortSet, kDeadName, kSendOnce, kServer, kEcho, kOwnSend,
  kNameEnd,
};
constexpr uint32_t kNames = kNameEnd - 1;

constexpr mach_msg_id_t kHostReboot = 2635;

// What the sender has seen.
using Trace = std::vector<uint32_t>;

// The scene of one run: a sender, a task it may harm, and a server that answers.
class Scene {
 public:
  Scene(const uint8_t* data, size_t size) : input_(data, size) {
    make_memory(sender_);
    make_memory(other_);
    make_memory(server_);
    other_thread_ = other_.start([] { (void)ipc::mach_msg_trap({0, MACH_RCV_MSG, 0, 0, 0, 0, 0}); });
    make_names();
    start_server();
    host::run();
  }

  Trace run() {
    const uint32_t failures = input_.one_in(8) ? 2 + input_.pick(60) : 0;
    // A thread that got stuck is left behind; the next one goes on.
    for (int threads = 0; threads < 8 && !input_.empty() && sender_.task().active(); ++threads) {
      (void)sender_.start([this, failures] {
        fail_allocations(failures);
        while (!input_.empty()) step();
      });
      host::run();
      fail_allocations(0);
    }
    // The two paths need different memory: where it is short they may differ.
    return failures == 0 ? std::move(trace_) : Trace{};
  }

 private:
  static void make_memory(Actor& a) {
    const auto allocate = [&](uint32_t address, uint32_t size) {
      FUZZ_CHECK(a.map().allocate(address, size, vm::Placement::kFixed).ok());
    };
    allocate(kMemory, kMemoryPages * arch::kPageSize);
    allocate(kFarNames, arch::kPageSize);
    allocate(kBuffer, kBufferBytes);
    uint32_t names[64];
    for (uint32_t i = 0; i < 64; ++i) names[i] = 1 + i % kNames;
    FUZZ_CHECK(a.write(kFarNames, names, sizeof names));
    FUZZ_CHECK(a.write(kMemory, names, sizeof names));
  }

  void insert(ipc::AnyRight right, mach_port_t name) {
    FUZZ_CHECK(sender_.space().copyout_at(std::move(right), name).ok(), "name %u", name);
  }
  void make_port(mach_port_t name) {
    FUZZ_CHECK(sender_.space().allocate_right_at(MACH_PORT_RIGHT_RECEIVE, name).ok());
    insert(sender_.space().copyin(name, MACH_MSG_TYPE_MAKE_SEND).take(), name);
  }
  ipc::SendRight open(const char* name, dev_mode_t mode) {
    return device::OpenDevice::open(*device::find_device(name), mode).take();
  }

  void make_names() {
    insert(ipc::copy_send(sender_.task().self_port), kOwnTask);
    insert(ipc::copy_send(other_.task().self_port), kOtherTask);
    idler_ = sender_.start([] {});
    FUZZ_CHECK(idler_->suspend().ok());
    insert(ipc::copy_send(idler_->self_port), kOwnThread);
    insert(ipc::copy_send(other_thread_->self_port), kOtherThread);
    insert(kern::Host::name_port(), kHostName);
    insert(kern::Host::control_port(), kHostControl);
    insert(kern::Host::processor_port(), kProcessor);
    insert(kern::Host::processor_set_port(), kSet);
    insert(kern::Host::processor_set_name_port(), kSetName);
    insert(device::master_port(), kDeviceMaster);
    insert(open("null", D_READ | D_WRITE), kNullDevice);
    insert(open("time", D_READ), kTimeDevice);
    for (const mach_port_t name : {kMemoryObject, kReply, kPlain, kMember}) make_port(name);
    ipc::Space& space = sender_.space();
    FUZZ_CHECK(space.allocate_right_at(MACH_PORT_RIGHT_PORT_SET, kPortSet).ok());
    FUZZ_CHECK(space.move_member(kMember, kPortSet).ok());
    FUZZ_CHECK(space.allocate_right_at(MACH_PORT_RIGHT_DEAD_NAME, kDeadName).ok());
    insert(space.copyin(kPlain, MACH_MSG_TYPE_MAKE_SEND_ONCE).take(), kSendOnce);
    const mach_port_t served = server_.space().allocate_port().take();
    served_ = served;
    insert(server_.space().copyin(served, MACH_MSG_TYPE_MAKE_SEND).take(), kServer);
    const mach_port_t unserved = other_.space().allocate_port().take();
    insert(other_.space().copyin(unserved, MACH_MSG_TYPE_MAKE_SEND).take(), kEcho);
    FUZZ_CHECK(space.allocate_right_at(MACH_PORT_RIGHT_RECEIVE, kOwnSend).ok());
  }

  // Answers each request with its own bytes, as far as those are no rights and no memory.
  void start_server() {
    (void)server_.start([this] {
      mach_msg_option_t option = MACH_RCV_MSG;
      uint32_t size = 0;
      for (;;) {
        mach_msg_return_t r = host::trap([&] {
          return ipc::mach_msg_trap({kBuffer, option, size, kBufferBytes, served_, 0, 0});
        });
        mach_msg_header_t head;
        option = MACH_RCV_MSG;
        if (r != MACH_MSG_SUCCESS || !kern::copy_in_bytes(&head, kBuffer, sizeof head).ok()) {
          if (r == MACH_RCV_INTERRUPTED || r == MACH_RCV_INVALID_NAME) return;
          continue;
        }
        if (MACH_MSGH_BITS_REMOTE(head.msgh_bits) != MACH_MSG_TYPE_PORT_SEND_ONCE) continue;
        size = head.msgh_bits & MACH_MSGH_BITS_COMPLEX ? sizeof head : head.msgh_size;
        head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0);
        head.msgh_local_port = MACH_PORT_NULL;
        if (!kern::copy_out_bytes(kBuffer, &head, sizeof head).ok()) return;
        option = MACH_RCV_MSG | MACH_SEND_MSG;
      }
    });
  }

  void step() {
    switch (input_.pick(8)) {
      case 0: return receive();
      case 1: return change_memory();
      case 2: return trap();
      default: return send();
    }
  }

  // The header: mostly the shape of an RPC.
  void put_header(mach_msg_header_t& h, const MessageWriter& w) {
    const bool rpc = input_.byte() < 0xc0;
    h = {};
    h.msgh_remote_port = writer().name();
    h.msgh_local_port = rpc ? mach_port_t{kReply} : writer().name();
    const mach_msg_bits_t types =
        rpc ? MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE)
            : MACH_MSGH_BITS(writer().disposition(),
                             h.msgh_local_port == 0 ? 0 : writer().disposition());
    h.msgh_bits = types | (w.complex() ? MACH_MSGH_BITS_COMPLEX : 0);
    if (input_.byte() == 0xff) h.msgh_bits ^= input_.word();
    h.msgh_id = static_cast<mach_msg_id_t>(w.id());
    // The machine has no off switch.
    if (h.msgh_id == kHostReboot) h.msgh_id = 0;
  }

  MessageWriter& writer() { return *reinterpret_cast<MessageWriter*>(writer_storage_); }

  void send() {
    auto* w = new (writer_storage_) MessageWriter(input_, kAround);
    switch (input_.pick(4)) {
      case 0: w->items(); break;
      case 1: w->raw(); break;
      default: w->request();
    }
    w->spoil();
    mach_msg_header_t head;
    put_header(head, *w);
    const auto words = w->words();
    uint32_t send_size = sizeof head + words.size_bytes();
    if (input_.byte() == 0xff) send_size = input_.half();
    mach_msg_option_t option = MACH_SEND_MSG | MACH_RCV_MSG | MACH_SEND_TIMEOUT;
    const uint8_t options = input_.byte();
    if (options < 0xa0) option = MACH_SEND_MSG | MACH_RCV_MSG;  // what the straight path takes
    if (options >= 0xa0 && options < 0xc0) option |= MACH_RCV_TIMEOUT;
    if (options >= 0xf8) option = static_cast<mach_msg_option_t>(input_.half() & 0xff3);
    const uint32_t receive_size = input_.byte() == 0xff ? input_.byte() : kBufferBytes;
    const mach_port_t receive_name = input_.byte() < 0xe0 ? head.msgh_local_port : w->name();
    const mach_port_t notify = option & ~0x113 ? w->name() : 0;
    (void)kern::copy_out_bytes(kBuffer, &head, sizeof head);
    (void)kern::copy_out_bytes(kBuffer + sizeof head, words.data(), words.size_bytes());
    exchange(option, send_size, receive_size, receive_name, notify);
  }

  void receive() {
    auto* w = new (writer_storage_) MessageWriter(input_, kAround);
    const mach_msg_option_t option = MACH_RCV_MSG | MACH_RCV_TIMEOUT |
                                     (input_.one_in(4) ? MACH_RCV_LARGE : 0) |
                                     (input_.one_in(4) ? MACH_RCV_NOTIFY : 0);
    const uint32_t size = input_.one_in(4) ? input_.byte() : kBufferBytes;
    const mach_port_t name = w->name();
    exchange(option, 0, size, name, option & MACH_RCV_NOTIFY ? w->name() : 0);
  }

  void exchange(mach_msg_option_t option, uint32_t send_size, uint32_t receive_size,
                mach_port_t receive_name, mach_port_t notify) {
    (void)host::trap([&] {
      const mach_msg_return_t r =
          ipc::mach_msg_trap({kBuffer, option, send_size, receive_size, receive_name, 0, notify});
      // Before another thread, which has the same buffer, gets the processor.
      trace_.push_back(static_cast<uint32_t>(r));
      if (r == MACH_MSG_SUCCESS && (option & MACH_RCV_MSG)) note_received();
      return r;
    });
  }

  void note_received() {
    mach_msg_header_t head;
    if (!kern::copy_in_bytes(&head, kBuffer, sizeof head).ok()) return;
    FUZZ_CHECK(head.msgh_size >= sizeof head && head.msgh_size % 4 == 0, "%u", head.msgh_size);
    for (const uint32_t word : {head.msgh_bits, head.msgh_size, head.msgh_remote_port,
                                head.msgh_local_port, uint32_t{head.msgh_seqno},
                                static_cast<uint32_t>(head.msgh_id)}) {
      trace_.push_back(word);
    }
    if (tells_of_events(head.msgh_id)) return;
    for (uint32_t at = sizeof head; at + 4 <= std::min<uint32_t>(head.msgh_size, 512); at += 4) {
      uint32_t word = 0;
      if (!kern::copy_in_bytes(&word, kBuffer + at, sizeof word).ok()) return;
      trace_.push_back(word);
    }
  }

  // Answers that count what has happened in the machine so far.
  static bool tells_of_events(mach_msg_id_t id) {
    return id == 2130 || id == 2112 || id == 3105 || id == 2119;
  }

  void change_memory() {
    const uint32_t address = kMemory + input_.pick(kMemoryPages) * arch::kPageSize;
    const uint32_t value = input_.byte();
    trace_.push_back(static_cast<uint32_t>(kern::copy_out_bytes(address, &value, 4).code()));
  }

  void trap() {
    auto* w = new (writer_storage_) MessageWriter(input_, kAround);
    const mach_port_t name = w->name();
    const uint32_t address = kMemory + input_.byte() % 64 * 1024;
    const uint32_t size = input_.half();
    const uint32_t small = input_.pick(32);
    kern_return_t r = 0;
    switch (input_.pick(9)) {
      case 0: r = traps::vm_allocate(name, address, size, small & 1); break;
      case 1: r = traps::vm_deallocate(name, address, size); break;
      case 2: r = traps::task_create(name, small & 1, address); break;
      case 3: r = traps::mach_port_allocate(name, small & 3, address); break;
      case 4: r = traps::mach_port_deallocate(name, w->name()); break;
      case 5: r = traps::mach_port_insert_right(name, w->name(), w->name(), w->disposition()); break;
      case 6: r = traps::mach_port_allocate_name(name, small & 3, w->name()); break;
      case 7: r = traps::task_set_special_port(name, static_cast<int>(small & 7), w->name()); break;
      default:
        r = traps::vm_map(name, address, size, 0, small & 1, w->name(), small >> 3 << 12,
                          small & 2, 3, 7, 1);
    }
    host::return_to_user();
    trace_.push_back(static_cast<uint32_t>(r));
  }

  static constexpr Surroundings kAround = {kNames, kFarNames, kMemory, kMemoryPages};

  Input input_;
  Trace trace_;
  Actor sender_, other_, server_;
  base::Ref<kern::Thread> idler_, other_thread_;
  mach_port_t served_ = 0;
  alignas(MessageWriter) char writer_storage_[sizeof(MessageWriter)];
};

Trace run_with(const uint8_t* data, size_t size, bool straight_path) {
  const Run run;
  ipc::enable_fast_rpc(straight_path);
  Trace trace = Scene(data, size).run();
  ipc::enable_fast_rpc(true);
  return trace;
}

void print_both(const Trace& with, const Trace& without) {
  for (size_t i = 0; i < std::max(with.size(), without.size()); ++i) {
    std::fprintf(stderr, "%4zu %8x %8x\n", i, i < with.size() ? with[i] : 0,
                 i < without.size() ? without[i] : 0);
  }
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::Trace with = fuzz::run_with(data, size, true);
  const fuzz::Trace without = fuzz::run_with(data, size, false);
  for (size_t i = 0; i < std::min(with.size(), without.size()); ++i) {
    if (with[i] != without[i]) fuzz::print_both(with, without);
    FUZZ_CHECK(with[i] == without[i], "word %zu of the trace: %x, %x", i, with[i], without[i]);
  }
  FUZZ_CHECK(with.size() == without.size());
  return 0;
}
