/* Machine-dependent attributes of memory (book chapter 4, vm_machine_attribute). */
#ifndef MACH_VM_ATTRIBUTES_H_
#define MACH_VM_ATTRIBUTES_H_

typedef unsigned int vm_machine_attribute_t;
#define MATTR_CACHE 1u
#define MATTR_MIGRATE 2u
#define MATTR_REPLICATE 4u

typedef int vm_machine_attribute_val_t;
#define MATTR_VAL_OFF 0
#define MATTR_VAL_ON 1
#define MATTR_VAL_GET 2
#define MATTR_VAL_CACHE_FLUSH 6
#define MATTR_VAL_DCACHE_FLUSH 7
#define MATTR_VAL_ICACHE_FLUSH 8

#endif
