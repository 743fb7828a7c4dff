// The kernel's dispatch of the sample interface, with rights that only count.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "libs/mig/testdata/kernel_types.h"
#include "libs/mig/testdata/sample_kernel.h"

namespace rpc {
namespace {

struct Seen {
  int calls = 0;
  kern_return_t result = KERN_SUCCESS;
  Port* port = nullptr;
  std::vector<int> ints;
  std::string text;
  uint32_t size = 0, seqno = 0;
  bool take_reply = false;
  bool out_of_line = false;
  AnyRight kept;
  Port out_port;
} * seen;

kern_return_t enter() {
  ++seen->calls;
  return seen->result;
}

}  // namespace

kern_return_t do_vm_allocate(MapRef task, vm_address_t* address, vm_size_t size, boolean_t) {
  seen->port = task.port;
  seen->size = size;
  *address += 0x1000;
  return enter();
}
kern_return_t do_vm_read(MapRef, vm_address_t, vm_size_t size, MapCopyPtr* data,
                         mach_msg_type_number_t* count) {
  *data = MapCopyPtr(new MapCopy(size));
  *count = size;
  return enter();
}
kern_return_t do_vm_write(MapRef, vm_address_t, MapCopyPtr data, mach_msg_type_number_t count) {
  seen->size = data->size;
  EXPECT_EQ(data->size, count);
  return enter();
}
kern_return_t do_get_state(MapRef, int, int* state, mach_msg_type_number_t* count) {
  seen->size = *count;
  state[0] = 11;
  state[1] = 12;
  *count = 2;
  return enter();
}
kern_return_t do_set_state(MapRef, int, const int* state, mach_msg_type_number_t count) {
  seen->ints.assign(state, state + count);
  return enter();
}
kern_return_t do_map(MapRef, vm_address_t*, SendRight object, SendRight* name) {
  seen->port = object.port();
  *name = SendRight::adopt(&seen->out_port);
  ++seen->out_port.sends;
  return enter();
}
kern_return_t do_threads(MapRef, mig::RightArray<SendRight>* list) {
  if (!list->create(3)) return KERN_RESOURCE_SHORTAGE;
  for (uint32_t i = 0; i < 3; ++i) {
    ++seen->out_port.sends;
    list->set(i, SendRight::adopt(&seen->out_port));
  }
  return enter();
}
kern_return_t do_set_time(Port*, const sample_time_t& now, sample_time_t* both, char* version) {
  seen->size = static_cast<uint32_t>(now.microseconds);
  std::swap(both->seconds, both->microseconds);
  std::memcpy(version, "0123456789", 10);
  return enter();
}
kern_return_t do_lookup(Port*, AnyRight& reply, const char* path, short, AnyRight* node, char* rest,
                        int* flags) {
  seen->text = path;
  if (seen->take_reply) seen->kept = static_cast<AnyRight&&>(reply);
  ++seen->out_port.send_onces;
  *node = AnyRight(RightKind::kSendOnce, &seen->out_port);
  std::strcpy(rest, "abc");
  *flags = 5;
  return enter();
}
kern_return_t do_open_device(Port* master, int, const char* name, SendRight* device, char* label) {
  seen->port = master;
  seen->text = name;
  ++seen->out_port.sends;
  *device = SendRight::adopt(&seen->out_port);
  std::strcpy(label, "lbl");
  return enter();
}
kern_return_t do_list(Port*, const short* keys, mach_msg_type_number_t count, int, int* values,
                      mach_msg_type_number_t* value_count, MapCopyPtr* value_copy, short* extra,
                      mach_msg_type_number_t* extra_count, int* last) {
  if (seen->out_of_line) {
    *value_copy = MapCopyPtr(new MapCopy(4000));
    *value_count = 1000;
  } else {
    values[0] = 77;
    *value_count = 1;
  }
  std::copy_n(keys, count, extra);
  *extra_count = count;
  *last = 9;
  return enter();
}
kern_return_t do_supply(Port*, natural_t seqno, vm_offset_t, MapCopyPtr data,
                        mach_msg_type_number_t, int, AnyRight reply_to) {
  seen->seqno = seqno;
  seen->size = data ? data->size : 0;
  seen->port = reply_to.port();
  return enter();
}
kern_return_t do_registered(MapRef, mig::RightArray<SendRight> ports, const pair_t* pairs,
                            mach_msg_type_number_t pair_count, long long wide, long long* sum,
                            char* digest) {
  if (ports.size() > 0) seen->kept = ports.take(0);
  *sum = wide + (pair_count > 0 ? pairs[0].second : 0);
  std::memcpy(digest, "DGEST", 5);
  return enter();
}
kern_return_t do_read_request(Port*, int) { return enter(); }
kern_return_t do_write_block(Port*, const int* data, mach_msg_type_number_t count, MapCopyPtr copy,
                             int* written) {
  seen->out_of_line = data == nullptr;
  if (data != nullptr) seen->ints.assign(data, data + count);
  seen->size = copy ? copy->size : 0;
  *written = static_cast<int>(count);
  return enter();
}
kern_return_t do_ping(Port*) { return enter(); }

namespace {

uint32_t as_word(const void* pointer) { return mig::to_word(pointer); }

class KernelTest : public testing::Test {
 protected:
  KernelTest() { seen = &seen_; }
  ~KernelTest() override {
    seen_.kept = AnyRight();
    EXPECT_EQ(MapCopy::live, 0);
  }

  /// Runs a request with this body; checks that in-place routines give the same reply in place.
  kern_return_t run(uint32_t id, const std::vector<uint32_t>& body, uint32_t bits = 0) {
    request_ = {bits | 0x1211,
                static_cast<uint32_t>(24 + body.size() * 4),
                as_word(&target_),
                as_word(&reply_port_),
                31,
                id};
    request_.insert(request_.end(), body.begin(), body.end());
    request_.shrink_to_fit();
    const mig::KernelRoutine* routine = kSampleSubsystem.find(id);
    EXPECT_NE(routine, nullptr);
    reply_.assign(std::max(8u, routine->reply_size / 4), 0xa5a5a5a5u);
    reply_[0] = 0;
    return routine->handler(reinterpret_cast<char*>(request_.data()),
                            reinterpret_cast<char*>(reply_.data()));
  }
  bool request_complex() const { return request_[0] >> 31; }
  bool reply_complex() const { return reply_[0] >> 31; }

  Port target_, reply_port_, other_;
  Seen seen_;
  std::vector<uint32_t> request_, reply_;
};

constexpr uint32_t kComplex = 0x80000000u;
constexpr uint32_t kInt = 0x10012002u;

TEST_F(KernelTest, Table) {
  EXPECT_EQ(kSampleSubsystem.find(2001), nullptr);
  EXPECT_EQ(kSampleSubsystem.find(1999), nullptr);
  EXPECT_EQ(kSampleSubsystem.find(2017), nullptr);
  EXPECT_TRUE(kSampleSubsystem.find(2012)->simple);
  EXPECT_EQ(kSampleSubsystem.find(2000)->reply_size, 40u);
  EXPECT_TRUE(kSampleSubsystem.find(2000)->in_place);
  EXPECT_FALSE(kSampleSubsystem.find(2005)->in_place);  // hands out a pointer into the request
  EXPECT_FALSE(kSampleSubsystem.find(2008)->in_place);  // clears its array in the reply first
}

TEST_F(KernelTest, Integers) {
  EXPECT_EQ(run(2000, {kInt, 0x4000, kInt, 12, 0x10012000, 1}), KERN_SUCCESS);
  EXPECT_EQ(seen_.port, &target_);
  EXPECT_EQ(seen_.size, 12u);
  EXPECT_EQ(reply_[1], 40u);
  EXPECT_EQ(reply_[6], kInt);
  EXPECT_EQ(reply_[7], 0u);
  EXPECT_EQ(reply_[8], kInt);
  EXPECT_EQ(reply_[9], 0x5000u);
  EXPECT_FALSE(reply_complex());
}

TEST_F(KernelTest, InPlace) {
  std::vector<uint32_t> message = {
      0x1211,     48, as_word(&target_), as_word(&reply_port_), 0, 2000, kInt, 0x4000, kInt, 12,
      0x10012000, 1};
  char* const bytes = reinterpret_cast<char*>(message.data());
  EXPECT_EQ(kSampleSubsystem.find(2000)->handler(bytes, bytes), KERN_SUCCESS);
  EXPECT_EQ(message[1], 40u);
  EXPECT_EQ(message[9], 0x5000u);
}

TEST_F(KernelTest, BadRequestsAreLeftAlone) {
  MapCopy* const copy = new MapCopy(5);
  const std::vector<uint32_t> good = {kInt, 1, 0x20000000, 0x00080009, 5, as_word(copy)};
  for (size_t i : {0u, 2u, 3u}) {
    std::vector<uint32_t> bad = good;
    bad[i] ^= 1;
    EXPECT_EQ(run(2003, bad, kComplex), MIG_BAD_ARGUMENTS);
    EXPECT_TRUE(request_complex());
  }
  EXPECT_EQ(run(2003, good), MIG_BAD_ARGUMENTS);  // not complex
  std::vector<uint32_t> longer = good;
  longer.push_back(0);
  EXPECT_EQ(run(2003, longer, kComplex), MIG_BAD_ARGUMENTS);
  EXPECT_EQ(seen_.calls, 0);
  EXPECT_EQ(MapCopy::live, 1);
  EXPECT_EQ(run(2003, good, kComplex), KERN_SUCCESS);
  EXPECT_FALSE(request_complex());
  EXPECT_EQ(seen_.size, 5u);
  EXPECT_EQ(MapCopy::live, 0);
}

TEST_F(KernelTest, MemoryIsReleasedWhenARoutineFails) {
  seen_.result = KERN_FAILURE;
  EXPECT_EQ(run(2003, {kInt, 1, 0x20000000, 0x00080009, 5, as_word(new MapCopy(5))}, kComplex),
            KERN_FAILURE);
  EXPECT_FALSE(request_complex());
  EXPECT_EQ(MapCopy::live, 0);
  EXPECT_EQ(run(2002, {kInt, 1, kInt, 2}), KERN_FAILURE);
  EXPECT_EQ(MapCopy::live, 0);
}

TEST_F(KernelTest, OutOfLineResult) {
  EXPECT_EQ(run(2002, {kInt, 1, kInt, 300}), KERN_SUCCESS);
  EXPECT_TRUE(reply_complex());
  EXPECT_EQ(reply_[1], 48u);
  EXPECT_EQ(reply_[8], 0x20000000u);
  EXPECT_EQ(reply_[10], 300u);
  delete mig::from_word<MapCopy>(reply_[11]);
}

TEST_F(KernelTest, CountInOut) {
  EXPECT_EQ(run(2004, {kInt, 1, kInt, 5}), KERN_SUCCESS);
  EXPECT_EQ(seen_.size, 5u);
  EXPECT_EQ(reply_[1], 44u);
  EXPECT_EQ(reply_[8], 0x10022002u);
  EXPECT_EQ(reply_[9], 11u);
  EXPECT_EQ(run(2004, {kInt, 1, kInt, 500}), KERN_SUCCESS);
  EXPECT_EQ(seen_.size, 64u);
}

TEST_F(KernelTest, RightsGoWhereTheyBelong) {
  other_.sends = 1;
  EXPECT_EQ(run(2006, {kInt, 1, 0x10012011, as_word(&other_)}, kComplex), KERN_SUCCESS);
  EXPECT_EQ(seen_.port, &other_);
  EXPECT_EQ(other_.sends, 0);
  EXPECT_EQ(reply_[10], 0x10012011u);  // a right, not MAKE_SEND
  EXPECT_EQ(reply_[11], as_word(&seen_.out_port));
  EXPECT_EQ(seen_.out_port.sends, 1);
  EXPECT_EQ(run(2006, {kInt, 1, 0x10012012, as_word(&other_)}, kComplex), MIG_BAD_ARGUMENTS);
}

TEST_F(KernelTest, ArraysOfRights) {
  other_.sends = 2;
  EXPECT_EQ(
      run(2013,
          {0x10022011, as_word(&other_), as_word(&other_), 0x10022002, 1, 40, 0x1001400b, 2, 0},
          kComplex),
      KERN_SUCCESS);
  EXPECT_EQ(other_.sends, 1);  // one was taken
  EXPECT_EQ(seen_.kept.port(), &other_);
  EXPECT_EQ(reply_[9], 42u);
  EXPECT_EQ(reply_[13] >> 8, 0u);  // padding of the digest
  EXPECT_EQ(run(2007, {}), KERN_SUCCESS);
  EXPECT_EQ(reply_[10], 3u);
  auto list = mig::RightArray<SendRight>::adopt(reply_[11], 3);
  EXPECT_EQ(seen_.out_port.sends, 3);
  list.shrink(1);
  EXPECT_EQ(seen_.out_port.sends, 1);
  seen_.result = KERN_FAILURE;
  EXPECT_EQ(run(2007, {}), KERN_FAILURE);
  EXPECT_EQ(seen_.out_port.sends, 1);
}

TEST_F(KernelTest, ReplyPortGivenBackOrKept) {
  const std::vector<uint32_t> body = {0x1005080c, 0x68746170, 0, 0x10011001, 4};
  EXPECT_EQ(run(2009, body), KERN_SUCCESS);
  EXPECT_EQ(seen_.text, "path");
  EXPECT_EQ(request_[3], as_word(&reply_port_));
  EXPECT_EQ(request_[0], 0x1211u);
  EXPECT_EQ(reply_[8], 0x10012012u);
  EXPECT_EQ(reply_[10], 0x1004080cu);
  seen_.take_reply = true;
  seen_.result = MIG_NO_REPLY;
  EXPECT_EQ(run(2009, body), MIG_NO_REPLY);
  EXPECT_EQ(request_[3], 0u);
  EXPECT_EQ(request_[0], 0x0011u);
  EXPECT_EQ(seen_.kept.port(), &reply_port_);
  EXPECT_EQ(seen_.kept.kind(), RightKind::kSendOnce);
  EXPECT_EQ(seen_.out_port.send_onces, 1);  // what the failed call had put in the result is gone
}

TEST_F(KernelTest, UnboundedArrays) {
  EXPECT_EQ(run(2015, {0x30000000, 0x00200002, 2, 7, 8}), KERN_SUCCESS);
  EXPECT_EQ(seen_.ints, (std::vector<int>{7, 8}));
  EXPECT_EQ(run(2015, {0x20000000, 0x00200002, 1000, as_word(new MapCopy(4000))}, kComplex),
            KERN_SUCCESS);
  EXPECT_TRUE(seen_.out_of_line);
  EXPECT_EQ(seen_.size, 4000u);
  EXPECT_EQ(reply_[9], 1000u);
  seen_.out_of_line = false;
  const std::vector<uint32_t> body = {0x10011001, 0x0000002a, kInt, 4, kInt, 100};
  EXPECT_EQ(run(2011, body), KERN_SUCCESS);
  EXPECT_FALSE(reply_complex());
  EXPECT_EQ(reply_[8], 0x30000000u);
  EXPECT_EQ(reply_[11], 77u);
  EXPECT_EQ(reply_[12], 0x10011001u);
  EXPECT_EQ(reply_[13], 0x2au);
  seen_.out_of_line = true;
  EXPECT_EQ(run(2011, body), KERN_SUCCESS);
  EXPECT_TRUE(reply_complex());
  EXPECT_EQ(reply_[8], 0x20000000u);
  EXPECT_EQ(reply_[10], 1000u);
  delete mig::from_word<MapCopy>(reply_[11]);
}

TEST_F(KernelTest, SimpleRoutines) {
  other_.send_onces = 1;
  EXPECT_EQ(run(2012,
                {kInt, 1, 0x60000000, 0x00080009, 5, as_word(new MapCopy(5)), kInt, 1, 0x10012012,
                 as_word(&other_)},
                kComplex),
            KERN_SUCCESS);
  EXPECT_EQ(seen_.seqno, 31u);
  EXPECT_EQ(seen_.port, &other_);
  EXPECT_EQ(other_.send_onces, 0);
}

TEST_F(KernelTest, Strings) {
  std::vector<uint32_t> body = {kInt, 1, 0x1001800c, 0x00306468, 0, 0, 0};
  EXPECT_EQ(run(2010, body), KERN_SUCCESS);
  EXPECT_EQ(seen_.text, "hd0");
  EXPECT_EQ(seen_.port, &target_);
  EXPECT_EQ(reply_[10], 0x1006080cu);
  EXPECT_EQ(reply_[11], 0x006c626cu);
  body[3] = body[4] = body[5] = body[6] = 0x41414141;
  EXPECT_EQ(run(2010, body), MIG_BAD_ARGUMENTS);
}

}  // namespace
}  // namespace rpc
