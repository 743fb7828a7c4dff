/* Included before generated stubs: those of hybrid_calls.c's functions get other names. */
#ifndef LIBS_MACH_SRC_HYBRID_NAMES_H_
#define LIBS_MACH_SRC_HYBRID_NAMES_H_

#define vm_map vm_map_rpc
#define vm_allocate vm_allocate_rpc
#define vm_deallocate vm_deallocate_rpc
#define task_create task_create_rpc
#define task_terminate task_terminate_rpc
#define task_suspend task_suspend_rpc
#define task_set_special_port task_set_special_port_rpc
#define mach_port_allocate mach_port_allocate_rpc
#define mach_port_deallocate mach_port_deallocate_rpc
#define mach_port_insert_right mach_port_insert_right_rpc
#define mach_port_allocate_name mach_port_allocate_name_rpc
#define thread_depress_abort thread_depress_abort_rpc

#endif
