#include "kernel/vm/pager_messages.h"

#include "kernel/ipc/send.h"
#include "kernel/vm/outbox.h"

namespace vm {
namespace {

enum MessageId : mach_msg_id_t {
  kInit = 2200,
  kTerminate = 2201,
  kCopy = 2202,
  kDataRequest = 2203,
  kDataUnlock = 2204,
  kDataWrite = 2205,
  kLockCompleted = 2206,
  kSupplyCompleted = 2207,
  kDataReturn = 2208,
  kChangeCompleted = 2209,
  kCreate = 2250,
  kDataInitialize = 2251,
};

constexpr auto kInt = MessageBuilder::kIntSize;
constexpr auto kPort = MessageBuilder::kPortSize;
constexpr auto kData = MessageBuilder::kDataSize;

ipc::SendRight control_of(Pager& pager) { return ipc::make_send(*pager.control_port()); }

base::Status post(MessageBuilder& message, Pager& pager) {
  post_later(message.finish(ipc::copy_send(pager.memory_object())));
  return {};
}

base::Status post_access_request(MessageId id, Pager& pager, Offset offset, Size size,
                                 vm_prot_t access) {
  MessageBuilder m(id, kPort + 3 * kInt);
  if (!m) return base::Error(KERN_RESOURCE_SHORTAGE);
  m.port(control_of(pager)).integer(offset - pager.base()).integer(size);
  m.integer(static_cast<uint32_t>(access));
  return post(m, pager);
}

MessageId return_id(const Pager& pager, ReturnKind kind) {
  if (pager.internal && kind == ReturnKind::kFirst) return kDataInitialize;
  return pager.dialect == PagerDialect::kOld ? kDataWrite : kDataReturn;
}

mach_msg_size_t return_size(mach_msg_id_t id) {
  return kPort + kInt + kData + (id == kDataReturn ? 2 * kInt : 0);
}

}  // namespace

base::Status post_init(Pager& pager) {
  MessageBuilder m(kInit, 2 * kPort + kInt);
  if (!m) return base::Error(KERN_RESOURCE_SHORTAGE);
  m.port(control_of(pager)).port(ipc::make_send(*pager.name_port())).integer(kPageSize);
  return post(m, pager);
}

base::Status post_data_request(Pager& pager, Offset offset, Size size, vm_prot_t access) {
  return post_access_request(kDataRequest, pager, offset, size, access);
}

kern::Thread* hand_data_request(Pager& pager, Offset offset, Size size, vm_prot_t access) {
  const ipc::SendRight control = control_of(pager);
  const uint32_t body[] = {mach::msg_type_port(MACH_MSG_TYPE_PORT_SEND),
                           0,
                           mach::kMsgTypeInt32,
                           offset - pager.base(),
                           mach::kMsgTypeInt32,
                           size,
                           mach::kMsgTypeInt32,
                           static_cast<uint32_t>(access)};
  const ipc::RightWord right{1, &control};
  return ipc::straight_notice(pager.memory_object(), {kDataRequest, body, {&right, 1}});
}

base::Status post_data_unlock(Pager& pager, Offset offset, Size size, vm_prot_t access) {
  return post_access_request(kDataUnlock, pager, offset, size, access);
}

base::Status post_create(Pager& pager, const ipc::SendRight& manager, Size size) {
  MessageBuilder m(kCreate, 3 * kPort + 2 * kInt);
  if (!m) return base::Error(KERN_RESOURCE_SHORTAGE);
  m.port(pager.take_new_object()).integer(size);
  m.port(control_of(pager)).port(ipc::make_send(*pager.name_port())).integer(kPageSize);
  post_later(m.finish(ipc::copy_send(manager)));
  return {};
}

base::Status post_copy(Pager& pager, Offset offset, Size size, ipc::ReceiveRight new_object) {
  MessageBuilder m(kCopy, 2 * kPort + 2 * kInt);
  if (!m) return base::Error(KERN_RESOURCE_SHORTAGE);
  m.port(control_of(pager)).integer(offset - pager.base()).integer(size);
  m.port(std::move(new_object));
  return post(m, pager);
}

void post_terminate(Pager& pager) {
  Pager::Ports ports = pager.take_ports();
  MessageBuilder m(kTerminate, 2 * kPort);
  if (!m) return;  // the manager sees its control port die instead
  m.port(std::move(ports.control)).port(std::move(ports.name));
  post_later(m.finish(std::move(ports.memory_object)));
}

void post_lock_completed(Pager& pager, ipc::AnyRight reply, Offset offset, Size size) {
  if (!reply) return;
  MessageBuilder m(kLockCompleted, kPort + 2 * kInt);
  if (!m) return;
  m.port(control_of(pager)).integer(offset - pager.base()).integer(size);
  post_later(m.finish(std::move(reply)));
}

void post_supply_completed(Pager& pager, ipc::AnyRight reply, Offset offset, Size size,
                           kern_return_t result, Offset error_offset) {
  if (!reply) return;
  MessageBuilder m(kSupplyCompleted, kPort + 4 * kInt);
  if (!m) return;
  m.port(control_of(pager)).integer(offset - pager.base()).integer(size);
  m.integer(static_cast<uint32_t>(result)).integer(error_offset - pager.base());
  post_later(m.finish(std::move(reply)));
}

void post_change_completed(Pager& pager, ipc::AnyRight reply) {
  if (!reply) return;
  MessageBuilder m(kChangeCompleted, 2 * kInt);
  if (!m) return;
  m.boolean(pager.may_cache).integer(static_cast<uint32_t>(pager.strategy));
  post_later(m.finish(std::move(reply)));
}

ReturnMessage::ReturnMessage(Pager& pager, ReturnKind kind)
    : id_(return_id(pager, kind)), builder_(id_, return_size(id_)) {}

void ReturnMessage::post(Pager& pager, Offset offset, MapCopyPtr data, bool dirty,
                         KernelCopy kernel_copy) {
  builder_.port(control_of(pager)).integer(offset - pager.base()).data(std::move(data));
  if (id_ == kDataReturn) {
    builder_.boolean(dirty).boolean(kernel_copy == KernelCopy::kKept);
  }
  post_later(builder_.finish(ipc::copy_send(pager.memory_object())));
}

}  // namespace vm
