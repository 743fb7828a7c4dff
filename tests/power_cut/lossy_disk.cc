// lossy_disk IMAGE SOCKET SEED: serves IMAGE to one QEMU as a disk with a volatile write cache, over the
// network block device protocol. A written sector stays in memory until the disk is flushed; some, chosen
// at random, reach the image earlier. Killing this process (and QEMU) is a power cut at which a drive
// loses what it was not told to flush.
#include <endian.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr size_t kSector = 512;

class Disk {
 public:
  Disk(int fd, uint32_t seed) : fd_(fd), random_(seed) {
    struct stat s = {};
    if (fstat(fd, &s) == 0) size_ = static_cast<uint64_t>(s.st_size);
  }
  [[nodiscard]] uint64_t size() const { return size_; }

  bool read(uint64_t offset, std::vector<uint8_t>& data) {
    if (!valid(offset, data.size())) return false;
    if (pread(fd_, data.data(), data.size(), static_cast<off_t>(offset)) !=
        static_cast<ssize_t>(data.size())) {
      return false;
    }
    for (auto at = cached_.lower_bound(offset); at != cached_.end(); ++at) {
      if (at->first >= offset + data.size()) break;
      std::memcpy(data.data() + (at->first - offset), at->second.data(), kSector);
    }
    return true;
  }
  bool write(uint64_t offset, const std::vector<uint8_t>& data) {
    if (!valid(offset, data.size())) return false;
    for (size_t at = 0; at < data.size(); at += kSector) {
      cached_[offset + at] = {data.begin() + static_cast<long>(at),
                              data.begin() + static_cast<long>(at + kSector)};
    }
    // The drive writes some of what it has, in any order.
    for (auto at = cached_.begin(); at != cached_.end();) {
      at = random_() % 8 == 0 && store(*at) ? cached_.erase(at) : std::next(at);
    }
    return true;
  }
  bool flush() {
    for (const auto& sector : cached_) {
      if (!store(sector)) return false;
    }
    cached_.clear();
    return true;
  }

 private:
  [[nodiscard]] bool valid(uint64_t offset, size_t size) const {
    return offset % kSector == 0 && size % kSector == 0 && offset <= size_ && size <= size_ - offset;
  }
  bool store(const std::pair<const uint64_t, std::vector<uint8_t>>& sector) {
    return pwrite(fd_, sector.second.data(), kSector, static_cast<off_t>(sector.first)) ==
           static_cast<ssize_t>(kSector);
  }

  int fd_;
  uint64_t size_ = 0;
  std::mt19937 random_;
  std::map<uint64_t, std::vector<uint8_t>> cached_;
};

// The protocol's side: "fixed newstyle" negotiation, simple replies.
class Connection {
 public:
  Connection(int fd, Disk& disk) : fd_(fd), disk_(disk) {}

  void serve() {
    if (negotiate()) {
      while (request()) {
      }
    }
  }

 private:
  static constexpr uint64_t kOptionMagic = 0x49484156454f5054;  // "IHAVEOPT"
  static constexpr uint32_t kMaxLength = 32u << 20;

  bool receive(void* data, size_t size) {
    auto* at = static_cast<uint8_t*>(data);
    while (size > 0) {
      const ssize_t got = ::read(fd_, at, size);
      if (got <= 0) return false;
      at += got;
      size -= static_cast<size_t>(got);
    }
    return true;
  }
  bool send(const void* data, size_t size) {
    return ::write(fd_, data, size) == static_cast<ssize_t>(size);
  }
  template <typename T>
  bool get(T& value) {
    if (!receive(&value, sizeof(value))) return false;
    if constexpr (sizeof(T) == 8) value = be64toh(value);
    if constexpr (sizeof(T) == 4) value = be32toh(value);
    if constexpr (sizeof(T) == 2) value = be16toh(value);
    return true;
  }
  bool put64(uint64_t v) { return v = htobe64(v), send(&v, sizeof(v)); }
  bool put32(uint32_t v) { return v = htobe32(v), send(&v, sizeof(v)); }
  bool put16(uint16_t v) { return v = htobe16(v), send(&v, sizeof(v)); }

  bool reply_option(uint32_t option, uint32_t type, uint32_t length) {
    constexpr uint64_t kReplyMagic = 0x3e889045565a9;
    return put64(kReplyMagic) && put32(option) && put32(type) && put32(length);
  }
  bool negotiate() {
    constexpr uint64_t kMagic = 0x4e42444d41474943;  // "NBDMAGIC"
    constexpr uint16_t kFixedNewstyle = 1, kNoZeroes = 2;
    uint32_t client_flags = 0;
    if (!put64(kMagic) || !put64(kOptionMagic) || !put16(kFixedNewstyle | kNoZeroes) ||
        !get(client_flags)) {
      return false;
    }
    for (;;) {
      constexpr uint32_t kGo = 7, kAcknowledge = 1, kInfo = 3, kUnsupported = 0x80000001;
      constexpr uint16_t kHasFlags = 1, kCanFlush = 4;
      uint64_t magic = 0;
      uint32_t option = 0, length = 0;
      if (!get(magic) || !get(option) || !get(length) || magic != kOptionMagic) return false;
      if (length > kMaxLength) return false;
      std::vector<uint8_t> data(length);
      if (!receive(data.data(), data.size())) return false;
      if (option != kGo) {
        if (!reply_option(option, kUnsupported, 0)) return false;
        continue;
      }
      return reply_option(option, kInfo, 12) && put16(0) && put64(disk_.size()) &&
             put16(kHasFlags | kCanFlush) && reply_option(option, kAcknowledge, 0);
    }
  }
  bool request() {
    constexpr uint32_t kRequestMagic = 0x25609513, kReplyMagic = 0x67446698, kIoError = 5;
    constexpr uint16_t kRead = 0, kWrite = 1, kDisconnect = 2, kFlush = 3;
    uint32_t magic = 0, length = 0;
    uint16_t flags = 0, type = 0;
    uint64_t handle = 0, offset = 0;
    if (!get(magic) || !get(flags) || !get(type) || !get(handle) || !get(offset) || !get(length)) {
      return false;
    }
    if (magic != kRequestMagic || type == kDisconnect || length > kMaxLength) return false;
    std::vector<uint8_t> data(type == kFlush ? 0 : length);
    if (type == kWrite && !receive(data.data(), data.size())) return false;
    bool done = false;
    if (type == kRead) done = disk_.read(offset, data);
    if (type == kWrite) done = disk_.write(offset, data);
    if (type == kFlush) done = disk_.flush();
    if (!put32(kReplyMagic) || !put32(done ? 0 : kIoError) || !put64(handle)) return false;
    return type != kRead || !done || send(data.data(), data.size());
  }

  int fd_;
  Disk& disk_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const int image = open(argv[1], O_RDWR);
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address = {};
  if (std::strlen(argv[2]) >= sizeof(address.sun_path)) {
    std::fprintf(stderr, "lossy_disk: %s: too long for a socket\n", argv[2]);
    return 1;
  }
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, argv[2], sizeof(address.sun_path) - 1);
  unlink(argv[2]);
  if (image < 0 || listener < 0 ||
      bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(listener, 1) != 0) {
    std::perror("lossy_disk");
    return 1;
  }
  Disk disk(image, static_cast<uint32_t>(std::strtoul(argv[3], nullptr, 10)));
  const int client = accept(listener, nullptr, nullptr);
  if (client < 0) return 1;
  Connection(client, disk).serve();
  return disk.flush() ? 0 : 1;
}
