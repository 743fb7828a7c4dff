// PC sampling: mach_sample_task, mach_sample_thread (book chapters 6 and 7). The calls that leave
// samples in the kernel to be fetched are not offered: KERN_FAILURE.
#include <mach/kern_return.h>

#include "kernel/kern/pc_sampler.h"
#include "kernel/rpc/mach4_server.h"

namespace rpc {

kern_return_t mach_sample_task(TaskRef any, SendRight reply_port, TaskRef task) {
  if (!any || !task) return KERN_INVALID_ARGUMENT;
  return kern::set_sampler(task->sampler, std::move(reply_port)).code();
}

kern_return_t mach_sample_thread(TaskRef any, SendRight reply_port, ThreadRef thread) {
  if (!any || !thread) return KERN_INVALID_ARGUMENT;
  return kern::set_sampler(thread->sampler, std::move(reply_port)).code();
}

kern_return_t task_enable_pc_sampling(TaskRef, int*, sampled_pc_flavor_t) { return KERN_FAILURE; }
kern_return_t task_disable_pc_sampling(TaskRef, int*) { return KERN_FAILURE; }
kern_return_t task_get_sampled_pcs(TaskRef, sampled_pc_seqno_t*, sampled_pc_t*,
                                   mach_msg_type_number_t*) {
  return KERN_FAILURE;
}
kern_return_t thread_enable_pc_sampling(ThreadRef, int*, sampled_pc_flavor_t) {
  return KERN_FAILURE;
}
kern_return_t thread_disable_pc_sampling(ThreadRef, int*) { return KERN_FAILURE; }
kern_return_t thread_get_sampled_pcs(ThreadRef, sampled_pc_seqno_t*, sampled_pc_t*,
                                     mach_msg_type_number_t*) {
  return KERN_FAILURE;
}

}  // namespace rpc
