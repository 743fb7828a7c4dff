#include <mach.h>
#include <mach/mig_support.h>

void mig_reply_setup(const mach_msg_header_t *request, mach_msg_header_t *reply) {
  static const mach_msg_type_t ret_code_type = {MACH_MSG_TYPE_INTEGER_32, 32, 1, TRUE, 0, 0, 0};
  mig_reply_header_t *result = (mig_reply_header_t *)(void *)reply;

  reply->msgh_bits = MACH_MSGH_BITS(MACH_MSGH_BITS_REMOTE(request->msgh_bits), 0);
  reply->msgh_size = sizeof(*result);
  reply->msgh_remote_port = request->msgh_remote_port;
  reply->msgh_local_port = MACH_PORT_NULL;
  reply->msgh_seqno = 0;
  reply->msgh_id = request->msgh_id + 100;
  result->RetCodeType = ret_code_type;
  result->RetCode = MIG_BAD_ID;
}

void mig_allocate(vm_offset_t *address, vm_size_t size) {
  if (vm_allocate(mach_task_self(), address, size, TRUE) != KERN_SUCCESS) *address = 0;
}

void mig_deallocate(vm_offset_t address, vm_size_t size) {
  (void)vm_deallocate(mach_task_self(), address, size);
}
