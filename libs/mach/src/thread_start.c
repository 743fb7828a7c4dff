#include <mach.h>

/* What a new thread finds on its stack: as if entry had been called by nobody. */
struct first_frame {
  natural_t return_address;
  natural_t argument;
};

static kern_return_t set_start_state(mach_port_t thread, natural_t entry, natural_t stack) {
  struct i386_thread_state state;
  mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
  kern_return_t result = thread_get_state(thread, i386_THREAD_STATE, (thread_state_t)&state,
                                          &count);
  if (result != KERN_SUCCESS) return result;
  state.eip = entry;
  state.uesp = stack;
  return thread_set_state(thread, i386_THREAD_STATE, (thread_state_t)&state,
                          i386_THREAD_STATE_COUNT);
}

/* A suspended thread about to call entry. */
static kern_return_t create_thread(natural_t entry, natural_t stack, mach_port_t *thread) {
  kern_return_t result = thread_create(mach_task_self(), thread);
  if (result != KERN_SUCCESS) return result;
  result = set_start_state(*thread, entry, stack);
  if (result == KERN_SUCCESS) result = thread_resume(*thread);
  if (result != KERN_SUCCESS) {
    (void)thread_terminate(*thread);
    (void)mach_port_deallocate(mach_task_self(), *thread);
  }
  return result;
}

kern_return_t mach_thread_start(void (*entry)(void *argument), void *argument,
                                vm_size_t stack_size, mach_port_t *thread) {
  const vm_size_t size = round_page(stack_size);
  vm_address_t stack = 0;
  struct first_frame *frame;
  mach_port_t new_thread;
  kern_return_t result;

  if (size < PAGE_SIZE) return KERN_INVALID_ARGUMENT;
  result = vm_allocate(mach_task_self(), &stack, size, TRUE);
  if (result != KERN_SUCCESS) return result;

  /* The argument is 16-byte aligned, as at every call. */
  frame = (struct first_frame *)(stack + size - 16 - sizeof(natural_t));
  frame->return_address = 0;
  frame->argument = (natural_t)argument;
  result = create_thread((natural_t)entry, (natural_t)frame, &new_thread);
  if (result != KERN_SUCCESS) {
    (void)vm_deallocate(mach_task_self(), stack, size);
    return result;
  }
  if (thread != 0)
    *thread = new_thread;
  else
    (void)mach_port_deallocate(mach_task_self(), new_thread);
  return KERN_SUCCESS;
}
