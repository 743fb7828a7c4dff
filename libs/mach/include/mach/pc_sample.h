/* PC samples (Mach 4 interface and the mach_sample_... calls of book chapters 6 and 7). */
#ifndef MACH_PC_SAMPLE_H_
#define MACH_PC_SAMPLE_H_

#include <mach/machine/vm_types.h>

typedef natural_t sampled_pc_flavor_t;
#define SAMPLED_PC_PERIODIC 0x1
#define SAMPLED_PC_VM_ZFILL_FAULTS 0x10
#define SAMPLED_PC_VM_REACTIVATION_FAULTS 0x20
#define SAMPLED_PC_VM_PAGEIN_FAULTS 0x40
#define SAMPLED_PC_VM_COW_FAULTS 0x80
#define SAMPLED_PC_VM_FAULTS_ANY 0x100
#define SAMPLED_PC_VM_FAULTS 0x1f0

typedef natural_t sampled_pc_seqno_t;

typedef struct sampled_pc {
  natural_t id; /* thread */
  vm_offset_t pc;
  sampled_pc_flavor_t sampletype;
} sampled_pc_t;
typedef sampled_pc_t *sampled_pc_array_t;
typedef natural_t sampled_pc_count_t;

#define MAX_PC_SAMPLES 512

#endif
