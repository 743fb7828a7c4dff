// Move-only port rights held by the kernel. A dropped right releases itself.
#pragma once

#include <cstdint>
#include <utility>

namespace ipc {

class Port;

// How a right that died (or never was) looks as a word in a message: null and all ones, the
// values of MACH_PORT_NULL and MACH_PORT_DEAD.
inline Port* dead_port() { return reinterpret_cast<Port*>(~uintptr_t{0}); }
inline bool is_port(const Port* p) { return p != nullptr && p != dead_port(); }

enum class RightKind : uint8_t { kSend, kSendOnce, kReceive };

// Releases a counted right: see Right::~Right.
void release_right(RightKind kind, Port* port);

// One right for a port, or null, or dead (the sender gave a dead name). Letting go of
//  - the last send right generates a requested no-senders notification,
//  - a send-once right generates a send-once notification,
//  - a receive right generates a port-destroyed notification or kills the port
// (book chapter 3).
template <RightKind kKind>
class [[nodiscard]] Right {
 public:
  constexpr Right() = default;
  Right(Right&& o) noexcept : port_(std::exchange(o.port_, nullptr)) {}
  Right& operator=(Right&& o) noexcept {
    Port* old = std::exchange(port_, std::exchange(o.port_, nullptr));
    if (is_port(old)) release_right(kKind, old);
    return *this;
  }
  Right(const Right&) = delete;
  Right& operator=(const Right&) = delete;
  ~Right() { reset(); }

  // Takes over a right that is already counted (or a null or dead word).
  static Right adopt(Port* counted) {
    Right r;
    r.port_ = counted;
    return r;
  }
  // Gives the counted right away as a word, leaving null.
  [[nodiscard]] Port* leak() { return std::exchange(port_, nullptr); }

  void reset() {
    if (Port* p = leak(); is_port(p)) release_right(kKind, p);
  }

  // True when this is a right for a port (which may have died since).
  explicit operator bool() const { return is_port(port_); }
  [[nodiscard]] bool is_dead() const { return port_ == dead_port(); }
  // The port; null when there is none.
  [[nodiscard]] Port* port() const { return is_port(port_) ? port_ : nullptr; }
  // The word as it is: port, null or dead.
  [[nodiscard]] Port* word() const { return port_; }

 private:
  Port* port_ = nullptr;
};

using SendRight = Right<RightKind::kSend>;
using SendOnceRight = Right<RightKind::kSendOnce>;
using ReceiveRight = Right<RightKind::kReceive>;

// A right of whatever kind, as a message item carries it.
class [[nodiscard]] AnyRight {
 public:
  AnyRight() = default;
  AnyRight(RightKind kind, Port* counted) : kind_(kind), port_(counted) {}
  AnyRight(SendRight r) : AnyRight(RightKind::kSend, r.leak()) {}          // NOLINT: implicit
  AnyRight(SendOnceRight r) : AnyRight(RightKind::kSendOnce, r.leak()) {}  // NOLINT: implicit
  AnyRight(ReceiveRight r) : AnyRight(RightKind::kReceive, r.leak()) {}    // NOLINT: implicit
  AnyRight(AnyRight&& o) noexcept : kind_(o.kind_), port_(o.leak()) {}
  AnyRight& operator=(AnyRight&& o) noexcept {
    AnyRight old(kind_, port_);
    kind_ = o.kind_;
    port_ = o.leak();
    return *this;
  }
  ~AnyRight() {
    if (Port* p = leak(); is_port(p)) release_right(kind_, p);
  }

  [[nodiscard]] RightKind kind() const { return kind_; }
  [[nodiscard]] Port* word() const { return port_; }
  [[nodiscard]] Port* port() const { return is_port(port_) ? port_ : nullptr; }
  explicit operator bool() const { return is_port(port_); }
  [[nodiscard]] Port* leak() { return std::exchange(port_, nullptr); }

  // The right if it is of that kind, else null (and this keeps what it has).
  SendRight take_send() { return SendRight::adopt(kind_ == RightKind::kSend ? leak() : nullptr); }
  SendOnceRight take_send_once() {
    return SendOnceRight::adopt(kind_ == RightKind::kSendOnce ? leak() : nullptr);
  }
  ReceiveRight take_receive() {
    return ReceiveRight::adopt(kind_ == RightKind::kReceive ? leak() : nullptr);
  }

 private:
  RightKind kind_ = RightKind::kSend;
  Port* port_ = nullptr;
};

// A new send right made from the receive right: raises the make-send count.
SendRight make_send(Port& port);
// Another send right; null, dead and dead ports give null, dead and dead.
SendRight copy_send(const SendRight& right);
// A new send-once right.
SendOnceRight make_send_once(Port& port);
// Lets go of a send-once right without the send-once notification.
void drop_silently(SendOnceRight right);

}  // namespace ipc
