/* Calls on the default pager (book chapter 5; libmach.a only). */
#ifndef MACH_DEFAULT_PAGER_OBJECT_H_
#define MACH_DEFAULT_PAGER_OBJECT_H_

#include <mach/default_pager_types.h>
#include <mach/mach_types.h>
#include <mach/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Size and unused part of the backing store, in bytes. */
kern_return_t default_pager_info(mach_port_t pager, vm_size_t *total, vm_size_t *free);
/* A new memory object of object_size bytes, zero-filled: new send right. */
kern_return_t default_pager_object_create(mach_port_t pager, memory_object_t *memory_object,
                                          vm_size_t object_size);
/* Every object and its port; arrays with room for the counts, or allocated when too small. */
kern_return_t default_pager_objects(mach_port_t pager, default_pager_object_array_t *objects,
                                    mach_msg_type_number_t *object_count,
                                    mach_port_array_t *ports,
                                    mach_msg_type_number_t *port_count);
/* Offsets of one object's pages on backing store. */
kern_return_t default_pager_object_pages(mach_port_t pager, mach_port_t memory_object,
                                         default_pager_page_array_t *pages,
                                         mach_msg_type_number_t *page_count);
/* Begins or ends using a device as backing store. */
kern_return_t default_pager_paging_file(mach_port_t pager, mach_port_t device_master,
                                        const char *filename, boolean_t add);
/* Tells where paging files are to be opened. */
kern_return_t default_pager_register_fileserver(mach_port_t pager, mach_port_t fileserver);

#ifdef __cplusplus
}
#endif

#endif
