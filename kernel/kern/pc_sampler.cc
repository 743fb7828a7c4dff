#include "kernel/kern/pc_sampler.h"

#include <mach/kern_return.h>
#include <mach/message.h>

#include <cstring>
#include <new>

#include "kernel/ipc/send.h"
#include "kernel/kern/task.h"

namespace kern {
namespace {

struct SampleBody {
  mach_msg_type_t type;
  int values[SIZE_PROF_BUFFER + 1];  // the last one counts the others
};

constexpr mach_msg_type_t kSampleType = {.msgt_name = MACH_MSG_TYPE_INTEGER_32,
                                         .msgt_size = 32,
                                         .msgt_number = SIZE_PROF_BUFFER + 1,
                                         .msgt_inline = TRUE,
                                         .msgt_longform = FALSE,
                                         .msgt_deallocate = FALSE,
                                         .msgt_unused = 0};

// A reference: sending may drop the last other one.
void send_if_full(base::Ref<PcSampler> sampler) {
  if (sampler && sampler->full()) sampler->send();
}

}  // namespace

base::Result<base::Ref<PcSampler>> PcSampler::create(ipc::SendRight reply_port) {
  auto s = base::adopt_ref(new (std::nothrow) PcSampler(std::move(reply_port)));
  if (!s) return base::Error(KERN_RESOURCE_SHORTAGE);
  return s;
}

void PcSampler::add(uint32_t pc) {
  if (!full()) samples_[count_++] = static_cast<int>(pc);
}

void PcSampler::send() {
  ipc::MessagePtr message =
      ipc::Message::create(sizeof(mach_msg_header_t) + sizeof(SampleBody), PROF_MSG_ID);
  if (!message) return;  // the samples are kept, further ones are lost
  auto* body = reinterpret_cast<SampleBody*>(message->body());
  body->type = kSampleType;
  samples_[SIZE_PROF_BUFFER] = static_cast<int>(count_);
  std::memcpy(body->values, samples_, sizeof samples_);
  std::memset(samples_, 0, sizeof samples_);
  count_ = 0;
  message->set_destination(ipc::copy_send(port_));
  ipc::send_from_kernel(std::move(message));
}

void PcSampler::finish() {
  if (full()) send();
  if (!full()) send();
}

base::Result<base::Ref<PcSampler>> PcSampler::sibling() const {
  return create(ipc::copy_send(port_));
}

void sample_pc(Thread& thread, uint32_t pc) {
  for (PcSampler* s : {thread.sampler.get(), thread.task().sampler.get()}) {
    if (s == nullptr) continue;
    s->add(pc);
    if (s->full()) thread.ast |= ast::kSample;
  }
}

void send_pc_samples() {
  send_if_full(current_thread().sampler);
  send_if_full(current_task().sampler);
}

base::Status set_sampler(base::Ref<PcSampler>& where, ipc::SendRight reply_port) {
  if (reply_port.is_dead()) return base::Error(KERN_INVALID_ARGUMENT);
  base::Ref<PcSampler> fresh;
  if (reply_port) fresh = TRY(PcSampler::create(std::move(reply_port)));
  stop_sampler(where);
  where = std::move(fresh);
  return {};
}

void stop_sampler(base::Ref<PcSampler>& where) {
  const base::Ref<PcSampler> old = std::move(where);
  if (old) old->finish();
}

}  // namespace kern
