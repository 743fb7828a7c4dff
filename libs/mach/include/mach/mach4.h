/* PC samples (mach_sample_...: book chapters 6 and 7). */
#ifndef MACH_MACH4_H_
#define MACH_MACH4_H_

#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach/profilparam.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Begins sampling; tick: microseconds between periodic samples. */
kern_return_t task_enable_pc_sampling(mach_port_t task, int *tick, sampled_pc_flavor_t flavor);
/* Ends sampling; sample_count: samples taken. */
kern_return_t task_disable_pc_sampling(mach_port_t task, int *sample_count);
/* Samples after *seqno, which is advanced; sampled_pcs has room for MAX_PC_SAMPLES. */
kern_return_t task_get_sampled_pcs(mach_port_t task, sampled_pc_seqno_t *seqno,
                                   sampled_pc_array_t sampled_pcs,
                                   mach_msg_type_number_t *sampled_pcs_count);
kern_return_t thread_enable_pc_sampling(mach_port_t thread, int *tick,
                                        sampled_pc_flavor_t flavor);
kern_return_t thread_disable_pc_sampling(mach_port_t thread, int *sample_count);
kern_return_t thread_get_sampled_pcs(mach_port_t thread, sampled_pc_seqno_t *seqno,
                                     sampled_pc_array_t sampled_pcs,
                                     mach_msg_type_number_t *sampled_pcs_count);

/*
 * Sends buffers of samples (PROF_MSG_ID, SIZE_PROF_BUFFER + 1 words, the last one the count) to
 * reply_port, a receive right of the caller; MACH_PORT_NULL ends it. `task` is not used.
 */
kern_return_t mach_sample_task(mach_port_t task, mach_port_t reply_port, mach_port_t sample_task);
kern_return_t mach_sample_thread(mach_port_t task, mach_port_t reply_port,
                                 mach_port_t sample_thread);

#ifdef __cplusplus
}
#endif

#endif
