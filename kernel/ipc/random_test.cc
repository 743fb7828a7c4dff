// Random programs: whatever tasks do to one another, nothing crashes and nothing is left behind.
#include <random>
#include <vector>

#include "kernel/ipc/mach_msg_call.h"
#include "kernel/ipc/test_support.h"

namespace {
// While set, one kernel allocation in so many fails.
uint32_t fail_one_in = 0;
std::minstd_rand failures;

bool fails() { return fail_one_in != 0 && failures() % fail_one_in == 0; }
}  // namespace

void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return fails() ? nullptr : ::operator new(size);
}
void* operator new[](size_t size, const std::nothrow_t&) noexcept {
  return fails() ? nullptr : ::operator new[](size);
}

namespace ipc::test {
namespace {

class RandomTask {
 public:
  explicit RandomTask(uint32_t seed) : random_(seed) {}

  User& user() { return user_; }
  void add_peer(RandomTask& peer) { peers_.push_back(&peer); }

  // A hundred random steps of a thread of this task.
  void run(uint32_t failure_rate) {
    user_.start([this, failure_rate] {
      fail_one_in = failure_rate;
      for (int i = 0; i < 100; ++i) step();
      fail_one_in = 0;
    });
    host::run();
  }
  // The same with a second thread, which may block for ever.
  void start_blocking_thread() {
    user_.start([this] {
      for (int i = 0; i < 20; ++i) exchange(MACH_MSG_OPTION_NONE, user_.buffer() + 8192);
    });
  }

  mach_port_t any_name() {
    std::vector<mach_port_t> names;
    space().names().for_each([&](Entry& e) { names.push_back(e.name); });
    if (names.empty() || pick(20) == 0) return pick(2) ? pick(5000) : MACH_PORT_DEAD - pick(2);
    return names[pick(names.size())];
  }

 private:
  Space& space() { return user_.space(); }
  uint32_t pick(uint32_t n) { return std::uniform_int_distribution<uint32_t>(0, n - 1)(random_); }
  mach_msg_type_name_t any_disposition() { return MACH_MSG_TYPE_MOVE_RECEIVE + pick(6); }

  void step() {
    switch (pick(12)) {
      case 0:
        (void)space().allocate_right(pick(5));
        return;
      case 1:
        (void)space().allocate_right_at(1 + pick(4), pick(4000));
        return;
      case 2:
        if (pick(4) == 0) (void)space().destroy(any_name());
        return;
      case 3:
        (void)space().deallocate(any_name());
        return;
      case 4:
        (void)space().modify_refs(any_name(), pick(6), static_cast<int>(pick(5)) - 2);
        return;
      case 5:
        (void)space().rename(any_name(), pick(4000));
        return;
      case 6:
        (void)space().move_member(any_name(), pick(5) == 0 ? MACH_PORT_NULL : any_name());
        return;
      case 7:
        return request();
      case 8:
        return insert_into_peer();
      case 9:
        if (auto p = space().receive_port(any_name()); p.ok()) p.take()->set_queue_limit(pick(4));
        return;
      default:
        return exchange(MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT, user_.buffer());
    }
  }

  void request() {
    SendOnceRight notify = pick(4) == 0 ? SendOnceRight() : space().make_notify_right(any_name());
    if (pick(2) == 0) {
      (void)space().request_dead_name(any_name(), pick(2), std::move(notify));
      return;
    }
    auto port = space().receive_port(any_name());
    auto made = NotifyRequest::create(notify);
    if (!port.ok() || !made.ok()) return;
    if (pick(2) == 0) {
      const NotifyRequest old = port.value()->swap_no_senders(made.take());
    } else {
      const NotifyRequest old = port.value()->swap_port_destroyed(made.take());
    }
  }

  void insert_into_peer() {
    RandomTask& peer = *peers_[pick(peers_.size())];
    auto right = space().copyin(any_name(), any_disposition());
    if (!right.ok()) return;
    if (pick(2) == 0) {
      (void)peer.space().copyout(right.take());
    } else {
      (void)peer.space().copyout_at(right.take(), 1 + pick(4000));
    }
  }

  // Appends a random item to the message; rarely a malformed one.
  void add_item(std::vector<uint32_t>& words) {
    const uint32_t number = pick(4);
    const mach_msg_type_name_t right = any_disposition();
    switch (pick(6)) {
      case 0:
        words.push_back(mach::msg_type_inline(MACH_MSG_TYPE_INTEGER_32, 32, number));
        for (uint32_t i = 0; i < number; ++i) words.push_back(i);
        return;
      case 1:
      case 2:
        words.push_back(mach::msg_type_inline(right, 32, number));
        for (uint32_t i = 0; i < number; ++i) words.push_back(any_name());
        return;
      case 3: {
        uint32_t names[4];
        for (uint32_t& n : names) n = any_name();
        words.push_back(mach::msg_type_out_of_line(right, 32, number, any_memory()));
        words.push_back(memory_with(names, sizeof names));
        return;
      }
      case 4: {
        const uint32_t data[2] = {1, 2};
        words.push_back(mach::msg_type_out_of_line(2, 32, number % 3, any_memory()));
        words.push_back(memory_with(data, sizeof data));
        return;
      }
      default:
        if (pick(4) == 0) words.push_back(random_());
        return;
    }
  }

  // Random items; how many words they take.
  uint32_t fill_body(uint32_t (&body)[60]) {
    std::vector<uint32_t> words;
    for (uint32_t items = pick(4); items > 0; --items) add_item(words);
    std::copy(words.begin(), words.end(), body);
    return static_cast<uint32_t>(words.size());
  }

  mach::MsgMemory any_memory() {
    return pick(2) ? mach::MsgMemory::keep : mach::MsgMemory::deallocate;
  }
  uint32_t memory_with(const void* data, uint32_t size) {
    auto a = user_.map().allocate(0, size, vm::Placement::kAnywhere);
    if (!a.ok() || pick(20) == 0) return random_();
    (void)kern::copy_out_bytes(a.value(), data, size);
    return a.value();
  }

  // mach_msg with random arguments.
  void exchange(mach_msg_option_t timeouts, uint32_t buffer) {
    struct {
      mach_msg_header_t header = {};
      uint32_t body[60] = {};
    } m;
    // A thread that is terminated in the trap does not unwind: it must own no memory there.
    const uint32_t words = fill_body(m.body);
    const bool rpc = pick(3) == 0;
    const mach_port_t reply = pick(3) == 0 ? MACH_PORT_NULL : any_name();
    const mach_msg_type_name_t reply_type =
        rpc ? MACH_MSG_TYPE_MAKE_SEND_ONCE : reply == 0 ? 0 : any_disposition();
    m.header.msgh_bits = MACH_MSGH_BITS(any_disposition(), reply_type);
    if (pick(8) != 0) m.header.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
    m.header.msgh_remote_port = any_name();
    m.header.msgh_local_port = reply;
    constexpr mach_msg_option_t kModifiers[] = {MACH_SEND_NOTIFY, MACH_SEND_CANCEL,
                                                MACH_RCV_NOTIFY, MACH_RCV_LARGE};
    mach_msg_option_t option = timeouts | static_cast<int>(1 + pick(3));
    for (mach_msg_option_t modifier : kModifiers) {
      if (pick(5) == 0) option |= modifier;
    }
    const auto send_size = static_cast<uint32_t>(sizeof m.header + 4 * words);
    const uint32_t rcv_size = pick(6) == 0 ? pick(64) : 256;
    const mach_port_t rcv_name = rpc ? reply : any_name();
    const mach_port_t notify = any_name();
    (void)kern::copy_out_bytes(buffer, &m, sizeof m);
    (void)host::trap([&] {
      return mach_msg_trap({buffer, option, send_size, rcv_size, rcv_name, 0, notify});
    });
  }

  std::mt19937 random_;
  User user_;
  std::vector<RandomTask*> peers_;
};

class RandomProgramTest : public IpcTest, public ::testing::WithParamInterface<uint32_t> {};

INSTANTIATE_TEST_SUITE_P(Seeds, RandomProgramTest, ::testing::Range(0u, 24u));

void run_programs(uint32_t seed, uint32_t failure_rate) {
  enable_fast_rpc(seed % 2 == 0);
  {
    RandomTask tasks[3] = {RandomTask(seed), RandomTask(seed + 1000), RandomTask(seed + 2000)};
    for (RandomTask& a : tasks) {
      for (RandomTask& b : tasks) a.add_peer(b);
      for (RandomTask& b : tasks) (void)b.user().send_right_from(a.user(), a.user().receive_right());
    }
    for (int round = 0; round < 4; ++round) {
      for (RandomTask& t : tasks) {
        t.run(failure_rate);
        t.start_blocking_thread();
      }
    }
    host::run();
  }
  enable_fast_rpc(true);
}

TEST_P(RandomProgramTest, LeavesNothingBehind) { run_programs(GetParam(), 0); }

TEST_P(RandomProgramTest, LeavesNothingBehindWhenMemoryIsShort) {
  failures.seed(GetParam() + 1);
  run_programs(GetParam(), 12);
}

}  // namespace
}  // namespace ipc::test
