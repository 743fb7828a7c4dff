// PC sampling of a thread or a task (book chapters 6 and 7, mach_sample_thread, mach_sample_task).
#pragma once

#include <mach/profil-param.h>

#include <cstdint>

#include "kernel/ipc/right.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace kern {

class Thread;

// Collects program counters and sends each full buffer to a port, as message 666666. One of each
// sampled thread and task.
class PcSampler : public base::RefCounted<PcSampler> {
 public:
  static base::Result<base::Ref<PcSampler>> create(ipc::SendRight reply_port);

  // Clock interrupt. A sample is lost while a full buffer waits to be sent.
  void add(uint32_t pc);
  [[nodiscard]] bool full() const { return count_ == SIZE_PROF_BUFFER; }
  // Sends what has been collected; from thread context.
  void send();
  // Sends the last buffer, which is not full.
  void finish();
  // Another one that sends to the same port.
  [[nodiscard]] base::Result<base::Ref<PcSampler>> sibling() const;

 private:
  explicit PcSampler(ipc::SendRight port) : port_(std::move(port)) {}
  ipc::SendRight port_;
  uint32_t count_ = 0;
  int samples_[SIZE_PROF_BUFFER + 1] = {};
};

// Clock interrupt in user mode: records for the thread and its task if they are sampled.
void sample_pc(Thread& thread, uint32_t pc);
// Sends full buffers of the current thread and its task.
void send_pc_samples();

// Ends sampling, if there is any: the last buffer is sent.
void stop_sampler(base::Ref<PcSampler>& where);

// mach_sample_thread / mach_sample_task: starts, or with a null port stops, sampling.
// KERN_INVALID_ARGUMENT: the port is dead.
base::Status set_sampler(base::Ref<PcSampler>& where, ipc::SendRight reply_port);

}  // namespace kern
