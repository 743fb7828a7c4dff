// Space: dead-name requests.
#include <new>

#include "kernel/ipc/space.h"

namespace ipc {

base::Status Space::add_dead_name_request(Entry& e, SendOnceRight notify) {
  auto armed = NotifyRequest::create(notify);
  if (!armed.ok()) {
    drop_silently(std::move(notify));
    return armed.error();
  }
  NotifyRequest request = armed.take();
  auto* r = new (std::nothrow) DeadNameRequest(*this, e, std::move(request));
  if (r == nullptr) {
    drop_silently(request.cancel());
    return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  e.dead_name_request = r;
  e.port()->dead_name_requests().push_back(r);
  return {};
}

SendOnceRight Space::remove_dead_name_request(Entry& e) {
  DeadNameRequest* r = std::exchange(e.dead_name_request, nullptr);
  if (r == nullptr) return {};
  r->link.unlink();
  SendOnceRight previous = r->request.cancel();
  delete r;
  return previous;
}

base::Result<SendOnceRight> Space::notify_dead_name_now(Entry& e, SendOnceRight notify) {
  if (e.urefs == MACH_PORT_UREFS_MAX) return base::Error(KERN_UREFS_OVERFLOW);
  NotifyRequest request = TRY(NotifyRequest::create(notify));
  ++e.urefs;
  request.send_port_name(MACH_NOTIFY_DEAD_NAME, e.name);
  return SendOnceRight();
}

base::Result<SendOnceRight> Space::request_dead_name(mach_port_t name, mach_port_mscount_t sync,
                                                     SendOnceRight notify) {
  if (!active_) return base::Error(KERN_INVALID_TASK);
  Entry* e = lookup(name);
  if (e == nullptr) return base::Error(KERN_INVALID_NAME);
  if (e->has(kDeadNameBit)) {
    if (sync == 0 || !notify) return base::Error(KERN_INVALID_ARGUMENT);
    return notify_dead_name_now(*e, std::move(notify));
  }
  if (!e->has(kPortBits)) return base::Error(KERN_INVALID_RIGHT);
  if (!notify) return remove_dead_name_request(*e);
  if (DeadNameRequest* r = e->dead_name_request) {
    // Its message serves the new right as well.
    return r->request.replace(std::move(notify));
  }
  TRY(add_dead_name_request(*e, std::move(notify)));
  return SendOnceRight();
}

}  // namespace ipc
