// The fs, fs_control and io protocols through generated stubs on both sides.
#include <fcntl.h>
#include <mach/mig_errors.h>
#include <mach/notify.h>
#include <poll.h>

#include <cerrno>
#include <cstring>
#include <deque>
#include <string>

#include "gtest/gtest.h"
#include "libs/mach/fs_control_user.h"
#include "libs/mach/fs_user.h"
#include "libs/mach/io_user.h"
#include "libs/server/fs_server.h"
#include "libs/server/testing/fake_mach.h"
#include "servers/file/fake_page_cache.h"
#include "servers/file/tmpfs.h"

namespace file {
namespace {

using server::testing::FakeMach;

constexpr mach_port_t kControl = 0x500;

// A channel of bytes with room for four.
class Channel final : public server::OpenObject {
 public:
  Channel() : OpenObject(O_RDWR) {}
  [[nodiscard]] int kind() const override { return IO_KIND_STREAM; }
  base::Result<io_stat_t> attributes() override { return io_stat_t{}; }
  base::Result<size_t> read(int64_t, std::span<uint8_t> data) override {
    if (bytes_.empty()) return base::Error(EAGAIN);
    size_t n = 0;
    for (; n < data.size() && !bytes_.empty(); ++n) {
      data[n] = bytes_.front();
      bytes_.pop_front();
    }
    ready();
    return n;
  }
  base::Result<size_t> write(int64_t, bool, std::span<const uint8_t> data, int64_t*) override {
    size_t n = 0;
    for (; n < data.size() && bytes_.size() < 4; ++n) bytes_.push_back(data[n]);
    if (n == 0) return base::Error(EAGAIN);
    ready();
    return n;
  }
  int poll(int events) override { return bytes_.empty() ? events & ~POLLIN : events; }
  void closed() override { was_closed = true; }

  bool was_closed = false;

 private:
  std::deque<uint8_t> bytes_;
};

class ServicesTest : public testing::Test {
 protected:
  ServicesTest()
      : cache_(lock_),
        fs_([] { return Time{}; }, cache_, lock_),
        server_(MACH_PORT_NULL, kControl, ports_, lock_, fs_,
                [](std::string_view, std::string_view, int)
                    -> base::Result<std::unique_ptr<server::FileSystem>> {
                  return base::Error(ENODEV);
                }) {
    FakeMach::get() = {};
    FakeMach::get().server = [this](mach_msg_header_t* request, mach_msg_header_t* reply) {
      return server_.loop().handle(request, reply);
    };
    const posix_creds_t creds = {};
    EXPECT_EQ(fs_get_root(kControl, creds, &root_), KERN_SUCCESS);
  }

  kern_return_t lookup(const std::string& path, int flags, mach_port_t* file) {
    int kind = 0;
    io_stat_t attributes = {};
    rest_size_ = sizeof(rest_);
    return fs_lookup(root_, const_cast<char*>(path.data()), path.size(), flags, 0644, file, &kind,
                     &attributes, &retry_, &mount_, rest_, &rest_size_);
  }
  kern_return_t mkdir(const std::string& path) {
    rest_size_ = sizeof(rest_);
    return fs_mknod(root_, const_cast<char*>(path.data()), path.size(), S_IFDIR | 0755, 0,
                    &retry_, &mount_, rest_, &rest_size_);
  }
  static kern_return_t write(mach_port_t io, const std::string& text, int flags = 0,
                             int cookie = 0) {
    int amount = 0;
    long long end = 0;
    return io_write(io, 0, flags, cookie, const_cast<char*>(text.data()), text.size(), &amount,
                    &end);
  }
  static kern_return_t read(mach_port_t io, int amount, std::string* text, int flags = 0,
                            int cookie = 0) {
    std::vector<char> room(POSIX_IO_INLINE);
    char* data = room.data();
    mach_msg_type_number_t size = room.size();
    const kern_return_t code = io_read(io, 0, amount, flags, cookie, &data, &size);
    if (code == KERN_SUCCESS) text->assign(data, size);
    if (code == KERN_SUCCESS && data != room.data()) {
      mig_deallocate(reinterpret_cast<vm_offset_t>(data), size);
    }
    return code;
  }
  // The kernel says that all send rights are gone.
  void no_senders(mach_port_t port, uint32_t type) {
    uint32_t message[8] = {MACH_MSGH_BITS(0, type), 32, 0, port, 0, MACH_NOTIFY_NO_SENDERS,
                           0x10012002, ports_.watched_count};
    uint32_t reply[16] = {};
    (void)server_.loop().handle(reinterpret_cast<mach_msg_header_t*>(message),
                                reinterpret_cast<mach_msg_header_t*>(reply));
  }

  server::Mutex lock_;
  FakePageCache cache_;
  TmpFs fs_;
  server::testing::FakePortSpace ports_;
  server::FsServer server_;
  mach_port_t root_ = MACH_PORT_NULL;
  int retry_ = 0;
  int mount_ = 0;
  char rest_[POSIX_PATH_MAX];
  mach_msg_type_number_t rest_size_ = 0;
};

TEST_F(ServicesTest, FilesSmallAndLarge) {
  mach_port_t file = MACH_PORT_NULL;
  ASSERT_EQ(lookup("/f", O_RDWR | O_CREAT, &file), KERN_SUCCESS);
  const std::string text(100'000, 'q');
  EXPECT_EQ(write(file, text), KERN_SUCCESS);
  std::string got;
  EXPECT_EQ(read(file, 200'000, &got), KERN_SUCCESS);
  EXPECT_EQ(got, text);
  EXPECT_EQ(read(file, 10, &got), KERN_SUCCESS);
  EXPECT_EQ(got, "qqqqqqqqqq");
  EXPECT_EQ(lookup("/g", O_RDONLY, &file), POSIX_ERROR(ENOENT));
  EXPECT_EQ(read(0x999, 10, &got), POSIX_ERROR(EBADF));
}

TEST_F(ServicesTest, ReaddirGivesLinuxRecords) {
  ASSERT_EQ(mkdir("/dir"), KERN_SUCCESS);
  std::vector<char> room(POSIX_IO_INLINE);
  char* data = room.data();
  mach_msg_type_number_t size = room.size();
  ASSERT_EQ(io_readdir(root_, 0, 2048, &data, &size), KERN_SUCCESS);
  std::string names;
  for (unsigned at = 0; at < size;) {
    uint16_t length = 0;
    std::memcpy(&length, data + at + 16, 2);
    names += data + at + 19;
    names += ' ';
    at += length;
  }
  EXPECT_EQ(names, ". .. dir ");
  size = room.size();
  EXPECT_EQ(io_readdir(root_, 0, 8, &data, &size), POSIX_ERROR(EINVAL));
}

TEST_F(ServicesTest, OnlyTheControlPortIsPrivileged) {
  const posix_creds_t creds = {};
  mach_port_t port = MACH_PORT_NULL;
  EXPECT_EQ(fs_get_root(root_, creds, &port), POSIX_ERROR(EPERM));
  EXPECT_EQ(fs_sync_all(root_, FALSE), POSIX_ERROR(EPERM));
  EXPECT_EQ(fs_sync_all(kControl, FALSE), KERN_SUCCESS);
}

TEST_F(ServicesTest, MountPointsOfOthersAreRetried) {
  ASSERT_EQ(mkdir("/proc"), KERN_SUCCESS);
  char path[] = "/proc";
  ASSERT_EQ(fs_set_mount(kControl, path, 5, 3), KERN_SUCCESS);
  mach_port_t file = 1;
  ASSERT_EQ(lookup("/proc/self/stat", O_RDONLY, &file), KERN_SUCCESS);
  EXPECT_EQ(file, MACH_PORT_NULL);
  EXPECT_EQ(retry_, FS_RETRY_MOUNT);
  EXPECT_EQ(mount_, 3);
  EXPECT_EQ(std::string(rest_, rest_size_), "self/stat");
}

TEST_F(ServicesTest, RightsInRequestsAreGivenBack) {
  mach_port_t file = MACH_PORT_NULL;
  ASSERT_EQ(lookup("/f", O_RDWR | O_CREAT, &file), KERN_SUCCESS);
  char name[] = "g";
  EXPECT_EQ(fs_link(root_, name, 1, file), KERN_SUCCESS);
  EXPECT_EQ(ports_.released, std::vector<mach_port_t>{file});
  EXPECT_EQ(fs_link(root_, name, 1, file), POSIX_ERROR(EEXIST));
  EXPECT_EQ(FakeMach::get().destroyed, 1);  // the request with its right, by the dispatcher
  EXPECT_EQ(fs_link(root_, name, 1, 0x999), POSIX_ERROR(EXDEV));
}

TEST_F(ServicesTest, HandlesCloseWhenTheirClientsAreGone) {
  const auto channel = base::adopt_ref(new Channel);
  const mach_port_t port = server_.io().handles().open(channel).take();
  no_senders(port, MACH_MSG_TYPE_PORT_SEND);  // forged
  EXPECT_FALSE(channel->was_closed);
  no_senders(port, MACH_MSG_TYPE_PORT_SEND_ONCE);
  EXPECT_TRUE(channel->was_closed);
  EXPECT_EQ(server_.io().handles().find(port), nullptr);
  const auto again = base::adopt_ref(new Channel);
  EXPECT_EQ(server_.io().handles().open(again).take(), port);
  EXPECT_EQ(ports_.watched_count, 2u);
}

TEST_F(ServicesTest, ClosedFilesAreNoticedTogether) {
  server::HandleTable& handles = server_.io().handles();
  for (size_t i = 0; i < 10 * server::HandleTable::kMaxUnwatched; ++i) {
    mach_port_t file = MACH_PORT_NULL;
    ASSERT_EQ(lookup("/f", O_RDWR | O_CREAT, &file), KERN_SUCCESS);
    ports_.send_rights[file].made++;  // and gone again
    EXPECT_LE(handles.size(), server::HandleTable::kMaxUnwatched + 1);
  }
  EXPECT_EQ(ports_.watched_count, 0u);
}

TEST_F(ServicesTest, FilesThatStayOpenAreWatchedInTheEnd) {
  server::HandleTable& handles = server_.io().handles();
  mach_port_t file = MACH_PORT_NULL;
  ASSERT_EQ(lookup("/f", O_RDWR | O_CREAT, &file), KERN_SUCCESS);
  handles.settle();  // the reply with the right is still on its way
  EXPECT_EQ(ports_.watched_count, 0u);
  EXPECT_NE(handles.find(file), nullptr);
  ports_.send_rights[file] = {1, true};
  handles.settle();
  EXPECT_EQ(ports_.watched_count, 1u);
  EXPECT_NE(handles.find(file), nullptr);
  ports_.send_rights[file] = {1, false};
  no_senders(file, MACH_MSG_TYPE_PORT_SEND_ONCE);
  EXPECT_EQ(handles.find(file), nullptr);
}

TEST_F(ServicesTest, FilesWithoutNamesAreClosedAtOnce) {
  server::HandleTable& handles = server_.io().handles();
  mach_port_t open = MACH_PORT_NULL;
  mach_port_t closed = MACH_PORT_NULL;
  mach_port_t other = MACH_PORT_NULL;
  ASSERT_EQ(lookup("/f", O_RDWR | O_CREAT, &open), KERN_SUCCESS);
  ASSERT_EQ(lookup("/f", O_RDWR, &closed), KERN_SUCCESS);
  ASSERT_EQ(lookup("/g", O_RDWR | O_CREAT, &other), KERN_SUCCESS);
  ports_.send_rights[open] = {1, true};
  ports_.send_rights[closed] = {1, false};
  ports_.send_rights[other] = {1, false};
  char path[] = "/f";
  rest_size_ = sizeof(rest_);
  ASSERT_EQ(fs_unlink(root_, path, 2, 0, &retry_, &mount_, rest_, &rest_size_), KERN_SUCCESS);
  EXPECT_NE(handles.find(open), nullptr);
  EXPECT_EQ(ports_.watched_count, 1u);
  EXPECT_EQ(handles.find(closed), nullptr);
  EXPECT_NE(handles.find(other), nullptr);  // nobody asked
}

TEST_F(ServicesTest, ReadersWaitForWriters) {
  const auto channel = base::adopt_ref(new Channel);
  const mach_port_t port = server_.io().handles().open(channel).take();
  std::string text;
  EXPECT_EQ(read(port, 10, &text, IO_NONBLOCK), POSIX_ERROR(EAGAIN));
  EXPECT_EQ(read(port, 10, &text, 0, 5), MIG_SERVER_DIED);  // no answer yet
  EXPECT_TRUE(FakeMach::get().sent.empty());
  EXPECT_EQ(write(port, "ab"), KERN_SUCCESS);
  ASSERT_EQ(FakeMach::get().sent.size(), 1u);
  EXPECT_EQ(FakeMach::get().sent[0].header().msgh_id, 700100);
  EXPECT_EQ(FakeMach::get().sent[0].code(), KERN_SUCCESS);
  EXPECT_EQ(std::memcmp(&FakeMach::get().sent[0].words[11], "ab", 2), 0);
}

// Each of many gets its answer in order of arrival, again and again.
TEST_F(ServicesTest, ManyReadersWaitInOrder) {
  const auto channel = base::adopt_ref(new Channel);
  const mach_port_t port = server_.io().handles().open(channel).take();
  std::string text;
  for (int round = 0; round < 3; ++round) {
    FakeMach::get().sent.clear();
    for (int i = 0; i < 40; ++i) EXPECT_EQ(read(port, 1 + i % 2, &text, 0, i), MIG_SERVER_DIED);
    for (int i = 0; i < 40; ++i) {
      EXPECT_EQ(write(port, std::string(1, static_cast<char>('a' + i % 20))), KERN_SUCCESS);
      ASSERT_EQ(FakeMach::get().sent.size(), static_cast<size_t>(i + 1));
      EXPECT_EQ(static_cast<char>(FakeMach::get().sent[i].words[11]), 'a' + i % 20);
    }
    EXPECT_EQ(read(port, 1, &text, IO_NONBLOCK), POSIX_ERROR(EAGAIN));
  }
}

TEST_F(ServicesTest, ALongWriteWaitsUntilAllIsTaken) {
  const auto channel = base::adopt_ref(new Channel);
  const mach_port_t port = server_.io().handles().open(channel).take();
  EXPECT_EQ(write(port, "0123456789"), MIG_SERVER_DIED);
  std::string all;
  std::string text;
  while (all.size() < 10 && read(port, 3, &text, IO_NONBLOCK) == KERN_SUCCESS) all += text;
  EXPECT_EQ(all, "0123456789");
  ASSERT_EQ(FakeMach::get().sent.size(), 1u);
  EXPECT_EQ(FakeMach::get().sent[0].words[9], 10u);
}

TEST_F(ServicesTest, WaitingCallsAreInterruptedAndForgotten) {
  const auto channel = base::adopt_ref(new Channel);
  const mach_port_t port = server_.io().handles().open(channel).take();
  std::string text;
  EXPECT_EQ(read(port, 10, &text, 0, 5), MIG_SERVER_DIED);
  EXPECT_EQ(io_interrupt(port, 6), KERN_SUCCESS);
  EXPECT_TRUE(FakeMach::get().sent.empty());
  EXPECT_EQ(io_interrupt(port, 5), KERN_SUCCESS);
  ASSERT_EQ(FakeMach::get().sent.size(), 1u);
  EXPECT_EQ(FakeMach::get().sent[0].code(), POSIX_ERROR(EINTR));
  // A client that died takes nothing.
  EXPECT_EQ(read(port, 10, &text, 0, 7), MIG_SERVER_DIED);
  ports_.dead.insert(0x7700);
  EXPECT_EQ(write(port, "x"), KERN_SUCCESS);
  EXPECT_EQ(FakeMach::get().sent.size(), 1u);
  EXPECT_EQ(read(port, 10, &text, IO_NONBLOCK), KERN_SUCCESS);
  EXPECT_EQ(text, "x");
}

TEST_F(ServicesTest, SelectAnswersOnce) {
  const auto channel = base::adopt_ref(new Channel);
  const mach_port_t port = server_.io().handles().open(channel).take();
  int ready = -1;
  EXPECT_EQ(io_poll(port, POLLIN, &ready), KERN_SUCCESS);
  EXPECT_EQ(ready, 0);
  EXPECT_EQ(io_select(port, 0x600, POLLIN, 9), KERN_SUCCESS);
  EXPECT_TRUE(FakeMach::get().sent.empty());
  EXPECT_EQ(write(port, "x"), KERN_SUCCESS);
  ASSERT_EQ(FakeMach::get().sent.size(), 1u);
  EXPECT_EQ(FakeMach::get().sent[0].words[7], static_cast<uint32_t>(POLLIN));
  EXPECT_EQ(FakeMach::get().sent[0].words[9], 9u);
  EXPECT_EQ(write(port, "y"), KERN_SUCCESS);
  EXPECT_EQ(FakeMach::get().sent.size(), 1u);
}

TEST_F(ServicesTest, RecordLocksWaitAndAreReleased) {
  mach_port_t file = MACH_PORT_NULL;
  ASSERT_EQ(lookup("/f", O_RDWR | O_CREAT, &file), KERN_SUCCESS);
  ports_.send_rights[file] = {1, true};
  const auto lock = [&](int command, int owner, int type, long long start, long long length) {
    int holder = 0;
    return io_lock(file, command, owner, 0, &type, &start, &length, &holder);
  };
  EXPECT_EQ(lock(F_SETLK, 1, F_WRLCK, 0, 100), KERN_SUCCESS);
  EXPECT_EQ(lock(F_SETLK, 2, F_RDLCK, 50, 10), POSIX_ERROR(EAGAIN));
  EXPECT_EQ(lock(F_SETLK, 2, F_RDLCK, 100, 10), KERN_SUCCESS);
  EXPECT_EQ(lock(F_SETLKW, 2, F_WRLCK, 0, 0), MIG_SERVER_DIED);
  EXPECT_EQ(lock(F_SETLK, 1, F_UNLCK, 10, 20), KERN_SUCCESS);
  EXPECT_TRUE(FakeMach::get().sent.empty());
  EXPECT_EQ(lock(F_SETLK, 1, F_UNLCK, 0, 0), KERN_SUCCESS);
  ASSERT_EQ(FakeMach::get().sent.size(), 1u);
  EXPECT_EQ(FakeMach::get().sent[0].code(), KERN_SUCCESS);
  EXPECT_EQ(lock(F_SETLK, 1, F_RDLCK, 5000, 1), POSIX_ERROR(EAGAIN));
  no_senders(file, MACH_MSG_TYPE_PORT_SEND_ONCE);
  ASSERT_EQ(lookup("/f", O_RDWR, &file), KERN_SUCCESS);
  EXPECT_EQ(lock(F_SETLK, 1, F_RDLCK, 5000, 1), KERN_SUCCESS);
}

TEST_F(ServicesTest, StrangeRequestsAreRefused) {
  uint32_t message[6] = {MACH_MSGH_BITS(18, 17), 24, 0x7700, root_, 0, 12345};
  uint32_t reply[16] = {};
  EXPECT_TRUE(server_.loop().handle(reinterpret_cast<mach_msg_header_t*>(message),
                                    reinterpret_cast<mach_msg_header_t*>(reply)));
  EXPECT_EQ(reply[7], static_cast<uint32_t>(MIG_BAD_ID));
  EXPECT_EQ(io_setattr(root_, 0x4000, 0, 0, 0, 0, {}, {}), POSIX_ERROR(EINVAL));
  mach_port_t file = MACH_PORT_NULL;
  EXPECT_EQ(lookup("", O_RDONLY, &file), POSIX_ERROR(ENOENT));
  EXPECT_EQ(lookup(std::string(300, 'x'), O_RDONLY, &file), POSIX_ERROR(ENAMETOOLONG));
}

}  // namespace
}  // namespace file
