#include <mach/vm_attributes.h>

#include "tests/conformance/vm/memory.h"

static kern_return_t attribute(vm_address_t at, vm_machine_attribute_t which, int *value) {
  return vm_machine_attribute(mach_task_self(), at, PAGE, which, value);
}

CONFORMS(vm_machine_attribute, "memory is cached, and says so") {
  const vm_address_t at = lone_pages(1);
  vm_machine_attribute_val_t value = MATTR_VAL_GET;
  EXPECT_SUCCESS(attribute(at, MATTR_CACHE, &value));
  EXPECT_EQUAL(value, MATTR_VAL_ON);
  value = MATTR_VAL_ON;
  EXPECT_SUCCESS(attribute(at, MATTR_CACHE, &value));
  EXPECT_EQUAL(value, MATTR_VAL_ON); /* the old one */
}

CONFORMS(vm_machine_attribute, KERN_SUCCESS, "flushes leave the contents as they are") {
  static const int flushes[] = {MATTR_VAL_CACHE_FLUSH, MATTR_VAL_DCACHE_FLUSH,
                                MATTR_VAL_ICACHE_FLUSH};
  const vm_address_t at = lone_pages(1);
  unsigned i;
  WORD_AT(at) = 9;
  for (i = 0; i < 3; i++) {
    vm_machine_attribute_val_t value = flushes[i];
    EXPECT_SUCCESS(attribute(at + 100, MATTR_CACHE, &value));
    EXPECT_EQUAL(WORD_AT(at), 9);
  }
}

CONFORMS(vm_machine_attribute, KERN_INVALID_ARGUMENT,
         "what this machine cannot do, no attribute, no value, no user address") {
  static const unsigned attributes[] = {MATTR_MIGRATE, MATTR_REPLICATE, 0, 3, 8, 0xFFFFFFFF};
  const vm_address_t at = lone_pages(1);
  vm_machine_attribute_val_t value;
  unsigned i;
  for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
    value = MATTR_VAL_GET;
    EXPECT_EQUAL(attribute(at, attributes[i], &value), KERN_INVALID_ARGUMENT);
  }
  value = MATTR_VAL_OFF;
  EXPECT_EQUAL(attribute(at, MATTR_CACHE, &value), KERN_INVALID_ARGUMENT);
  value = 3;
  EXPECT_EQUAL(attribute(at, MATTR_CACHE, &value), KERN_INVALID_ARGUMENT);
  value = MATTR_VAL_GET;
  EXPECT_EQUAL(attribute(USER_END, MATTR_CACHE, &value), KERN_INVALID_ARGUMENT);
  EXPECT_EQUAL(vm_machine_attribute(mach_task_self(), at, 0xFFFFFFFF, MATTR_CACHE, &value),
               KERN_INVALID_ARGUMENT);
}
