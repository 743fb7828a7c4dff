#include <mach.h>
#include <mach/mig_support.h>

mach_port_t mach_task_self_ = MACH_PORT_NULL;
mach_port_t bootstrap_port = MACH_PORT_NULL;
mach_port_t name_server_port = MACH_PORT_NULL;
mach_port_t environment_port = MACH_PORT_NULL;
vm_size_t vm_page_size = PAGE_SIZE;

/* Takes the registered ports over: each of the rights ends in a variable or is released. */
static void look_up_registered_ports(void) {
  mach_port_t *const variables[] = {&name_server_port, &environment_port};
  mach_port_array_t ports = 0;
  mach_msg_type_number_t count = 0;
  mach_msg_type_number_t i;

  if (mach_ports_lookup(mach_task_self_, &ports, &count) != KERN_SUCCESS) return;
  for (i = 0; i < count; i++) {
    if (i < sizeof(variables) / sizeof(variables[0]))
      *variables[i] = ports[i];
    else if (MACH_PORT_VALID(ports[i]))
      (void)mach_port_deallocate(mach_task_self_, ports[i]);
  }
  if (count != 0)
    (void)vm_deallocate(mach_task_self_, (vm_address_t)ports, count * sizeof(mach_port_t));
}

int mach_init(void) {
  mach_task_self_ = (mach_task_self)();
  bootstrap_port = MACH_PORT_NULL;
  name_server_port = MACH_PORT_NULL;
  environment_port = MACH_PORT_NULL;
  mig_init(0);
  (void)task_get_bootstrap_port(mach_task_self_, &bootstrap_port);
  look_up_registered_ports();
  return 0;
}
