// What the kernel's dispatch of sample.defs needs, with rights that only count.
#pragma once

#include <mach/message.h>

#include "libs/mig/testdata/sample_types.h"

namespace rpc {

struct Port {
  int sends = 0;
  int send_onces = 0;
};

enum class RightKind { kSend, kSendOnce, kReceive };

inline RightKind kind_of_type(uint32_t name) {
  return name == 16 ? RightKind::kReceive : name == 18 ? RightKind::kSendOnce : RightKind::kSend;
}
inline uint32_t type_of_kind(RightKind kind) {
  return kind == RightKind::kReceive ? 16 : kind == RightKind::kSendOnce ? 18 : 17;
}

class AnyRight {
 public:
  AnyRight() = default;
  AnyRight(RightKind kind, Port* port) : kind_(kind), port_(port) {}
  AnyRight(AnyRight&& other) : kind_(other.kind_), port_(other.leak()) {}
  AnyRight& operator=(AnyRight&& other) {
    AnyRight old(kind_, port_);
    kind_ = other.kind_;
    port_ = other.leak();
    return *this;
  }
  ~AnyRight() {
    if (port_ == nullptr) return;
    if (kind_ == RightKind::kSendOnce) --port_->send_onces;
    if (kind_ == RightKind::kSend) --port_->sends;
  }
  RightKind kind() const { return kind_; }
  Port* word() const { return port_; }
  Port* port() const { return port_; }
  Port* leak() {
    Port* port = port_;
    port_ = nullptr;
    return port;
  }

 protected:
  RightKind kind_ = RightKind::kSend;
  Port* port_ = nullptr;
};

template <RightKind kKind>
class Right : public AnyRight {
 public:
  Right() : AnyRight(kKind, nullptr) {}
  static Right adopt(Port* port) {
    Right right;
    right.port_ = port;
    return right;
  }
};
using SendRight = Right<RightKind::kSend>;
using SendOnceRight = Right<RightKind::kSendOnce>;
using ReceiveRight = Right<RightKind::kReceive>;

struct MapCopy {
  static inline int live = 0;
  uint32_t size;
  explicit MapCopy(uint32_t bytes) : size(bytes) { ++live; }
  ~MapCopy() { --live; }
};

class MapCopyPtr {
 public:
  MapCopyPtr() = default;
  explicit MapCopyPtr(MapCopy* copy) : copy_(copy) {}
  MapCopyPtr(MapCopyPtr&& other) : copy_(other.release()) {}
  MapCopyPtr& operator=(MapCopyPtr&& other) {
    delete copy_;
    copy_ = other.release();
    return *this;
  }
  ~MapCopyPtr() { delete copy_; }
  explicit operator bool() const { return copy_ != nullptr; }
  MapCopy* operator->() const { return copy_; }
  MapCopy* release() {
    MapCopy* copy = copy_;
    copy_ = nullptr;
    return copy;
  }

 private:
  MapCopy* copy_ = nullptr;
};

struct MapRef {
  Port* port = nullptr;
};
inline MapRef convert_port_to_map(Port* port) { return {port}; }

}  // namespace rpc
