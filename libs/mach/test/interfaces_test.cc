// Every function and trap of the book can be called: it is declared and the library has it.
#include <device/device.h>
#include <device/device_reply.h>
#include <device/device_request.h>
#include <mach.h>
#include <mach/default_pager_object.h>
#include <mach/exc.h>
#include <mach/i386/mach_i386.h>
#include <mach/mach4.h>
#include <mach/mach_host.h>
#include <mach/mach_norma.h>
#include <mach/memory_object_server.h>
#include <mach/memory_object_user.h>
#include <mach/notify_server.h>

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace {

struct Interface {
  const char* name;
  const void* address;
};

// The parentheses keep macros of the same name away.
#define INTERFACE(name) {#name, reinterpret_cast<const void*>((name))}

const Interface kInterfaces[] = {
    INTERFACE(mach_msg),
    INTERFACE(mach_reply_port),
    INTERFACE(mach_thread_self),
    {"mach_task_self", reinterpret_cast<const void*>((mach_task_self))},
    INTERFACE(mach_host_self),
    INTERFACE(swtch),
    INTERFACE(swtch_pri),
    INTERFACE(thread_switch),
    INTERFACE(evc_wait),
    INTERFACE(mach_msg_receive),
    INTERFACE(mach_msg_send),
    INTERFACE(mach_port_allocate),
    INTERFACE(mach_port_allocate_name),
    INTERFACE(mach_port_deallocate),
    INTERFACE(mach_port_destroy),
    INTERFACE(mach_port_extract_right),
    INTERFACE(mach_port_get_receive_status),
    INTERFACE(mach_port_get_refs),
    INTERFACE(mach_port_get_set_status),
    INTERFACE(mach_port_insert_right),
    INTERFACE(mach_port_mod_refs),
    INTERFACE(mach_port_move_member),
    INTERFACE(mach_port_names),
    INTERFACE(mach_port_rename),
    INTERFACE(mach_port_request_notification),
    INTERFACE(mach_port_set_mscount),
    INTERFACE(mach_port_set_qlimit),
    INTERFACE(mach_port_set_seqno),
    INTERFACE(mach_port_type),
    INTERFACE(mach_ports_lookup),
    INTERFACE(mach_ports_register),
    INTERFACE(vm_allocate),
    INTERFACE(vm_copy),
    INTERFACE(vm_deallocate),
    INTERFACE(vm_inherit),
    INTERFACE(vm_machine_attribute),
    INTERFACE(vm_map),
    INTERFACE(vm_protect),
    INTERFACE(vm_read),
    INTERFACE(vm_region),
    INTERFACE(vm_statistics),
    INTERFACE(vm_wire),
    INTERFACE(vm_write),
    INTERFACE(default_pager_info),
    INTERFACE(default_pager_object_create),
    INTERFACE(memory_object_change_attributes),
    INTERFACE(memory_object_data_error),
    INTERFACE(memory_object_data_provided),
    INTERFACE(memory_object_data_supply),
    INTERFACE(memory_object_data_unavailable),
    INTERFACE(memory_object_destroy),
    INTERFACE(memory_object_get_attributes),
    INTERFACE(memory_object_lock_request),
    INTERFACE(memory_object_ready),
    INTERFACE(memory_object_set_attributes),
    INTERFACE(vm_set_default_memory_manager),
    INTERFACE(exception_raise),
    INTERFACE(mach_sample_thread),
    INTERFACE(thread_abort),
    INTERFACE(thread_create),
    INTERFACE(thread_depress_abort),
    INTERFACE(thread_get_special_port),
    INTERFACE(thread_get_state),
    INTERFACE(thread_info),
    INTERFACE(thread_max_priority),
    INTERFACE(thread_policy),
    INTERFACE(thread_priority),
    INTERFACE(thread_resume),
    INTERFACE(thread_set_special_port),
    INTERFACE(thread_set_state),
    INTERFACE(thread_suspend),
    INTERFACE(thread_terminate),
    INTERFACE(thread_wire),
    INTERFACE(mach_sample_task),
    INTERFACE(task_create),
    INTERFACE(task_get_emulation_vector),
    INTERFACE(task_get_special_port),
    INTERFACE(task_info),
    INTERFACE(task_priority),
    INTERFACE(task_resume),
    INTERFACE(task_set_emulation),
    INTERFACE(task_set_emulation_vector),
    INTERFACE(task_set_special_port),
    INTERFACE(task_suspend),
    INTERFACE(task_terminate),
    INTERFACE(task_threads),
    INTERFACE(host_adjust_time),
    INTERFACE(host_get_boot_info),
    INTERFACE(host_get_time),
    INTERFACE(host_info),
    INTERFACE(host_kernel_version),
    INTERFACE(host_reboot),
    INTERFACE(host_set_time),
    INTERFACE(host_processor_set_priv),
    INTERFACE(host_processor_sets),
    INTERFACE(host_processors),
    INTERFACE(processor_assign),
    INTERFACE(processor_control),
    INTERFACE(processor_exit),
    INTERFACE(processor_get_assignment),
    INTERFACE(processor_info),
    INTERFACE(processor_set_create),
    INTERFACE(processor_set_default),
    INTERFACE(processor_set_destroy),
    INTERFACE(processor_set_info),
    INTERFACE(processor_set_max_priority),
    INTERFACE(processor_set_policy_disable),
    INTERFACE(processor_set_policy_enable),
    INTERFACE(processor_set_tasks),
    INTERFACE(processor_set_threads),
    INTERFACE(processor_start),
    INTERFACE(task_assign),
    INTERFACE(task_assign_default),
    INTERFACE(task_get_assignment),
    INTERFACE(thread_assign),
    INTERFACE(thread_assign_default),
    INTERFACE(thread_get_assignment),
    INTERFACE(device_close),
    INTERFACE(device_get_status),
    INTERFACE(device_map),
    INTERFACE(device_open),
    INTERFACE(device_open_request),
    INTERFACE(device_read),
    INTERFACE(device_read_request),
    INTERFACE(device_read_inband),
    INTERFACE(device_read_request_inband),
    INTERFACE(device_set_filter),
    INTERFACE(device_set_status),
    INTERFACE(device_write),
    INTERFACE(device_write_request),
    INTERFACE(device_write_inband),
    INTERFACE(device_write_request_inband),
    INTERFACE(device_reply_server),
    INTERFACE(exc_server),
    INTERFACE(memory_object_default_server),
    INTERFACE(memory_object_server),
    INTERFACE(notify_server),
    INTERFACE(seqnos_memory_object_default_server),
    INTERFACE(seqnos_memory_object_server),
    INTERFACE(seqnos_notify_server),
    INTERFACE(norma_get_special_port),
    INTERFACE(norma_port_location_hint),
    INTERFACE(norma_set_special_port),
    INTERFACE(norma_task_create),
    INTERFACE(task_set_child_node),
    INTERFACE(i386_get_ldt),
    INTERFACE(i386_io_port_add),
    INTERFACE(i386_io_port_list),
    INTERFACE(i386_io_port_remove),
    INTERFACE(i386_set_ldt),
};

TEST(Interfaces, AllAreThereAndDifferent) {
  std::set<const void*> addresses;
  for (const Interface& interface : kInterfaces) {
    EXPECT_NE(interface.address, nullptr) << interface.name;
    EXPECT_TRUE(addresses.insert(interface.address).second) << interface.name;
  }
  EXPECT_EQ(addresses.size(), 150u);
}

}  // namespace
