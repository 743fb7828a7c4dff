#include "kernel/ipc/right.h"

#include "kernel/ipc/port.h"

namespace ipc {

void release_right(RightKind kind, Port* port) {
  switch (kind) {
    case RightKind::kSend:
      return port->drop_send_right();
    case RightKind::kSendOnce:
      return port->send_once_right_destroyed();
    case RightKind::kReceive:
      return port->receive_right_released();
  }
}

SendRight make_send(Port& port) {
  if (!port.active()) return SendRight::adopt(dead_port());
  port.count_make_send();
  port.add_send_right();
  return SendRight::adopt(&port);
}

SendRight copy_send(const SendRight& right) {
  Port* port = right.port();
  if (port == nullptr) return SendRight::adopt(right.word());
  if (!port->active()) return SendRight::adopt(dead_port());
  port->add_send_right();
  return SendRight::adopt(port);
}

SendOnceRight make_send_once(Port& port) {
  if (!port.active()) return SendOnceRight::adopt(dead_port());
  port.add_send_once_right();
  return SendOnceRight::adopt(&port);
}

void drop_silently(SendOnceRight right) {
  if (Port* port = right.leak(); is_port(port)) port->drop_send_once_right();
}

}  // namespace ipc
