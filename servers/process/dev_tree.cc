#include "servers/process/dev_tree.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "libs/server/tree.h"
#include "servers/process/random.h"

namespace process {
namespace {

using base::Error;
using base::Result;
using server::OpenObject;

// A device without state: what reading and writing do is all there is.
class SimpleDevice : public OpenObject {
 public:
  SimpleDevice(int flags, uint32_t device) : OpenObject(flags), device_(device) {}
  [[nodiscard]] int kind() const override { return IO_KIND_STREAM; }

  Result<io_stat_t> attributes() override {
    io_stat_t a{};
    a.st_mode = S_IFCHR | 0666;
    a.st_nlink = 1;
    a.st_rdev = device_;
    a.st_ino = device_;
    a.st_dev = 5;
    a.st_blksize = 4096;
    return a;
  }
  base::Status change(const server::AttributeChange&) override { return {}; }
  Result<size_t> write(int64_t, bool, std::span<const uint8_t> data, int64_t* end) override {
    *end = 0;
    return data.size();
  }

 private:
  uint32_t device_;
};

class NullDevice final : public SimpleDevice {
 public:
  using SimpleDevice::SimpleDevice;
  [[nodiscard]] int kind() const override { return IO_KIND_NULL; }
  Result<size_t> read(int64_t, std::span<uint8_t>) override { return size_t{0}; }
};

class ZeroDevice : public SimpleDevice {
 public:
  using SimpleDevice::SimpleDevice;
  [[nodiscard]] int kind() const override { return IO_KIND_ZERO; }
  Result<size_t> read(int64_t, std::span<uint8_t> data) override {
    std::ranges::fill(data, uint8_t{0});
    return data.size();
  }
};

class FullDevice final : public ZeroDevice {
 public:
  using ZeroDevice::ZeroDevice;
  [[nodiscard]] int kind() const override { return IO_KIND_STREAM; }
  Result<size_t> write(int64_t, bool, std::span<const uint8_t>, int64_t*) override {
    return Error(ENOSPC);
  }
};

class RandomDevice final : public SimpleDevice {
 public:
  using SimpleDevice::SimpleDevice;
  Result<size_t> read(int64_t, std::span<uint8_t> data) override {
    fill_random(data);
    return data.size();
  }
};

template <typename Device, uint32_t kNumber>
Result<base::Ref<OpenObject>> open_simple(int flags) {
  return base::Ref<OpenObject>(base::adopt_ref(new Device(flags, kNumber)));
}

}  // namespace

DevTree::DevTree() {
  fs_.set_root(base::adopt_ref(
      new PseudoDirectory(fs_, 1, nullptr, [this] { return entries_; })));
  constexpr uint32_t kNull = device_number(1, 3), kZero = device_number(1, 5),
                     kFull = device_number(1, 7), kRandom = device_number(1, 8),
                     kUrandom = device_number(1, 9);
  add_device("null", 0666, kNull, open_simple<NullDevice, kNull>);
  add_device("zero", 0666, kZero, open_simple<ZeroDevice, kZero>);
  add_device("full", 0666, kFull, open_simple<FullDevice, kFull>);
  add_device("random", 0666, kRandom, open_simple<RandomDevice, kRandom>);
  add_device("urandom", 0666, kUrandom, open_simple<RandomDevice, kUrandom>);
  add_device("tty", 0666, kTtyDevice, {});
  add_link("fd", "/proc/self/fd");
  add_link("stdin", "/proc/self/fd/0");
  add_link("stdout", "/proc/self/fd/1");
  add_link("stderr", "/proc/self/fd/2");
}

void DevTree::add_device(const std::string& name, uint32_t permissions, uint32_t device,
                         PseudoDevice::Open open) {
  // The node has the inode number that an open object of it shows: ttyname(3) compares them.
  entries_.push_back(
      {name, base::adopt_ref(new PseudoDevice(fs_, device, S_IFCHR | permissions, device, open))});
  devices_.push_back({device, std::move(open), nullptr});
}

void DevTree::add_disk(const std::string& name, uint32_t device) {
  // Numbers of block devices are numbers of character devices, too.
  constexpr uint64_t kFirstDisk = 0x20000;
  const auto no = [](int) -> Result<base::Ref<OpenObject>> { return Error(ENXIO); };
  entries_.push_back(
      {name, base::adopt_ref(new PseudoDevice(fs_, kFirstDisk + device, S_IFBLK | 0660, device, no))});
}

void DevTree::add_link(const std::string& name, const std::string& target) {
  entries_.push_back({name, base::adopt_ref(new PseudoLink(fs_, next_link_++, target))});
}

void DevTree::add_terminal(const std::string& name, Terminal& terminal) {
  add_device(name, 0620, terminal.device(),
             [&terminal](int flags) -> Result<base::Ref<OpenObject>> {
               return base::Ref<OpenObject>(terminal.open(flags));
             });
  devices_.back().terminal = &terminal;
}

Result<base::Ref<OpenObject>> DevTree::open(uint32_t device, int flags) {
  const auto found = std::ranges::find(devices_, device, &Device::number);
  if (found == devices_.end() || !found->open) return Error(ENXIO);
  return found->open(flags);
}

Terminal* DevTree::find_terminal(uint32_t device) {
  const auto found = std::ranges::find(devices_, device, &Device::number);
  return found == devices_.end() ? nullptr : found->terminal;
}

}  // namespace process
