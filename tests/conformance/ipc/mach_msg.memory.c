/* Out-of-line memory, and type descriptors. */
#include "tests/conformance/support/messages.h"

static vm_address_t new_memory(vm_size_t size) {
  vm_address_t address = 0;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &address, size, TRUE));
  return address;
}

static void fill(vm_address_t at, unsigned bytes) {
  unsigned i;
  for (i = 0; i < bytes; i++) ((unsigned char *)at)[i] = (unsigned char)(i * 7 + (i >> 8));
}

static unsigned differences(vm_address_t at, unsigned bytes) {
  unsigned wrong = 0;
  unsigned i;
  for (i = 0; i < bytes; i++)
    wrong += ((unsigned char *)at)[i] != (unsigned char)(i * 7 + (i >> 8));
  return wrong;
}

static int is_allocated(vm_address_t address) {
  vm_size_t size = 0;
  vm_prot_t protection, maximum;
  vm_inherit_t inheritance;
  boolean_t shared;
  mach_port_t object;
  vm_offset_t offset;
  vm_address_t at = address;
  if (vm_region(mach_task_self(), &at, &size, &protection, &maximum, &inheritance, &shared, &object,
                &offset) != KERN_SUCCESS)
    return 0;
  return at <= address && address < at + size;
}

/* Sends memory to this task itself; where it arrives. */
static vm_address_t send_memory(vm_address_t from, unsigned bytes, boolean_t deallocate) {
  struct message m;
  struct item item;
  const mach_port_t to = make_port();
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_memory(&m, (void *)from, bytes, deallocate);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  item = item_of(&m, 0);
  EXPECT_EQUAL(item.name, MACH_MSG_TYPE_BYTE);
  EXPECT_EQUAL(item.bits, 8);
  EXPECT_EQUAL(item.number, bytes);
  EXPECT(!item.in_line && item.deallocate);
  return *item.data;
}

CONFORMS(mach_msg, "out-of-line memory of any size arrives as new memory") {
  static const unsigned sizes[] = {1, 3, 100, 2048, 2049, 4096, 4097, 12288, 300000, 1 << 20};
  unsigned i;
  for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
    const vm_address_t from = new_memory(sizes[i]);
    vm_address_t there;
    fill(from, sizes[i]);
    there = send_memory(from, sizes[i], FALSE);
    EXPECT(there != 0 && there != from);
    EXPECT_EQUAL(differences(there, sizes[i]), 0);
    /* Neither side sees what the other writes now. */
    *(unsigned char *)from = 99;
    EXPECT_EQUAL(differences(there, sizes[i]), 0);
    *(unsigned char *)there = 77;
    EXPECT_EQUAL(*(unsigned char *)from, 99);
    EXPECT_SUCCESS(vm_deallocate(mach_task_self(), there, sizes[i]));
    EXPECT(!is_allocated(there));
    (void)vm_deallocate(mach_task_self(), from, sizes[i]);
  }
}

CONFORMS(mach_msg, "the message holds what the memory held when it was sent") {
  struct message m;
  const mach_port_t to = make_port();
  const unsigned size = 5 * 4096;
  const vm_address_t from = new_memory(size);
  fill(from, size);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_memory(&m, (void *)from, size, FALSE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  *(unsigned char *)(from + 4096) ^= 1;
  REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), from + 8192, 4096));
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(differences(word_of(&m, 0), size), 0);
}

CONFORMS(mach_msg,
         "unaligned memory of funny size; vm_deallocate of what arrived frees all pages") {
  static const struct {
    unsigned offset, size;
  } pieces[] = {{1, 5}, {100, 3000}, {4000, 200}, {4095, 2}, {17, 9000}, {1, 40000}, {2, 2049}};
  unsigned i;
  for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
    const vm_address_t from = new_memory(65536);
    vm_address_t there;
    fill(from + pieces[i].offset, pieces[i].size);
    there = send_memory(from + pieces[i].offset, pieces[i].size, FALSE);
    EXPECT_EQUAL(differences(there, pieces[i].size), 0);
    EXPECT_SUCCESS(vm_deallocate(mach_task_self(), there, pieces[i].size));
    EXPECT(!is_allocated(there));
    EXPECT(!is_allocated(there + pieces[i].size - 1));
    (void)vm_deallocate(mach_task_self(), from, 65536);
  }
}

CONFORMS(mach_msg, "a region of no bytes may have any address and arrives as address zero") {
  struct message m;
  mach_msg_type_long_t no_bits;
  const unsigned wild = 0xdeadbeef;
  const mach_port_t to = make_port();
  mach_msg_type_t none = short_type(MACH_MSG_TYPE_CHAR, 8, 0, FALSE);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_memory(&m, (void *)wild, 0, FALSE);
  add_memory(&m, (void *)wild, 0, TRUE);
  add_words(&m, &none, 1);
  add_words(&m, &wild, 1);
  no_bits = long_type(MACH_MSG_TYPE_BYTE, 0, 500, FALSE, FALSE);
  add_words(&m, &no_bits, 3);
  add_words(&m, &wild, 1);
  add_far_ports(&m, (mach_port_t *)wild, 0, MACH_MSG_TYPE_COPY_SEND, FALSE);
  add_far_ports(&m, (mach_port_t *)wild, 0, MACH_MSG_TYPE_MOVE_RECEIVE, TRUE);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  m.body[3] = 1;
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(word_of(&m, 0), 0);
  EXPECT_EQUAL(word_of(&m, 1), 0);
  EXPECT_EQUAL(word_of(&m, 2), 0);
  EXPECT_EQUAL(word_of(&m, 3), 0);
  EXPECT_EQUAL(word_of(&m, 4), 0);
  EXPECT_EQUAL(word_of(&m, 5), 0);
}

CONFORMS(mach_msg, "deallocate takes every page the region touches from the sender") {
  static const struct {
    unsigned offset, size, pages;
  } pieces[] = {{0, 100, 1}, {0, 8192, 2}, {4090, 20, 2}, {10, 3 * 4096, 4}, {0, 3000, 1}};
  unsigned i;
  for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
    const vm_address_t from = new_memory(65536);
    const vm_address_t end = from + pieces[i].pages * 4096;
    vm_address_t there;
    fill(from + pieces[i].offset, pieces[i].size);
    there = send_memory(from + pieces[i].offset, pieces[i].size, TRUE);
    EXPECT_EQUAL(differences(there, pieces[i].size), 0);
    if (there + pieces[i].size <= from || there >= end) {
      EXPECT(!is_allocated(from));
      EXPECT(!is_allocated(end - 1));
    }
    EXPECT(is_allocated(end));
  }
}

CONFORMS(mach_msg, "received memory is protected and inherited like new memory") {
  const vm_address_t from = new_memory(20000);
  vm_address_t at;
  vm_size_t size = 0;
  vm_prot_t protection, maximum;
  vm_inherit_t inheritance;
  boolean_t shared;
  mach_port_t object;
  vm_offset_t offset;
  fill(from, 20000);
  REQUIRE_SUCCESS(vm_inherit(mach_task_self(), from, 20000, VM_INHERIT_NONE));
  REQUIRE_SUCCESS(vm_protect(mach_task_self(), from, 20000, TRUE, VM_PROT_READ));
  at = send_memory(from, 20000, FALSE);
  EXPECT_EQUAL(differences(at, 20000), 0);
  REQUIRE_SUCCESS(vm_region(mach_task_self(), &at, &size, &protection, &maximum, &inheritance,
                            &shared, &object, &offset));
  EXPECT_EQUAL(protection, VM_PROT_READ | VM_PROT_WRITE);
  EXPECT_EQUAL(maximum, VM_PROT_ALL);
  EXPECT_EQUAL(inheritance, VM_INHERIT_COPY);
  *(char *)at = 1;
}

CONFORMS(mach_msg, "many regions and inline data in one message") {
  struct message m;
  const mach_port_t to = make_port();
  const vm_address_t from = new_memory(4 * 8192);
  unsigned i;
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  for (i = 0; i < 4; i++) {
    fill(from + i * 8192, 5000 + i);
    add_memory(&m, (void *)(from + i * 8192), 5000 + i, FALSE);
    add_integer(&m, (int)i);
  }
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, to), MACH_MSG_SUCCESS);
  for (i = 0; i < 4; i++) {
    EXPECT_EQUAL(differences(word_of(&m, 2 * i), 5000 + i), 0);
    EXPECT_EQUAL(word_of(&m, 2 * i + 1), i);
  }
}

CONFORMS(mach_msg, "hundreds of megabytes travel without being copied") {
  const unsigned size = 600u << 20;
  const vm_address_t from = new_memory(size);
  vm_address_t there;
  *(unsigned *)(from + size - 4096) = 4711;
  there = send_memory(from, size, TRUE);
  EXPECT_EQUAL(*(unsigned *)(there + size - 4096), 4711);
  EXPECT_EQUAL(*(unsigned *)(there + size / 2), 0);
}

CONFORMS(mach_msg, MACH_SEND_INVALID_MEMORY, "memory that cannot be read") {
  static const unsigned sizes[] = {4, 3000, 8192, 40000};
  unsigned i;
  for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
    struct message m;
    const mach_port_t to = make_port();
    const vm_address_t hole = new_memory(131072);
    /* Nothing there; readable only at first; protected. */
    (void)vm_deallocate(mach_task_self(), hole + 65536, 65536);
    start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
    add_memory(&m, (void *)(hole + 65536), sizes[i], FALSE);
    EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_MEMORY);
    start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
    add_memory(&m, (void *)(hole + 65536 - 2), sizes[i], FALSE);
    EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_MEMORY);
    REQUIRE_SUCCESS(vm_protect(mach_task_self(), hole, 65536, FALSE, VM_PROT_NONE));
    start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
    add_memory(&m, (void *)hole, sizes[i], FALSE);
    EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_MEMORY);
    start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
    add_memory(&m, (void *)0xbffff000u, sizes[i] + 8192, FALSE);
    EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_MEMORY);
    EXPECT(is_empty(to));
  }
}

CONFORMS(mach_msg, MACH_SEND_INVALID_MEMORY, "an out-of-line array of rights that cannot be read") {
  struct message m;
  const mach_port_t to = make_port();
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_far_ports(&m, (mach_port_t *)16, 3, MACH_MSG_TYPE_COPY_SEND, FALSE);
  EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_MEMORY);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_far_ports(&m, (mach_port_t *)16, 0x40000000, MACH_MSG_TYPE_COPY_SEND, FALSE);
  EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_MEMORY);
  EXPECT(is_empty(to));
}

CONFORMS(mach_msg, MACH_SEND_INVALID_MEMORY, "sizes that go beyond the address space") {
  struct message m;
  mach_msg_type_long_t huge = long_type(MACH_MSG_TYPE_BYTE, 0xffff, 0xffffffffu, FALSE, FALSE);
  const mach_port_t to = make_port();
  const vm_address_t from = new_memory(4096);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_words(&m, &huge, 3);
  add_words(&m, &from, 1);
  m.head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_MEMORY);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_memory(&m, (void *)from, 0xfffffff0u, FALSE);
  EXPECT_EQUAL(send_message(&m), MACH_SEND_INVALID_MEMORY);
}

/* A complex message with this descriptor, and room for an address or data after it. */
static mach_msg_return_t send_descriptor(const void *descriptor, unsigned words, unsigned room) {
  struct message m;
  unsigned zero[8] = {0};
  const mach_port_t to = make_port();
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_words(&m, descriptor, words);
  add_words(&m, zero, room);
  m.head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  return send_message(&m);
}

CONFORMS(mach_msg, MACH_SEND_INVALID_TYPE, "descriptors with bits that must not be set") {
  mach_msg_type_t t = short_type(MACH_MSG_TYPE_BYTE, 8, 4, TRUE);
  mach_msg_type_long_t l;
  t.msgt_unused = 1;
  EXPECT_EQUAL(send_descriptor(&t, 1, 1), MACH_SEND_INVALID_TYPE);
  t = short_type(MACH_MSG_TYPE_BYTE, 8, 4, TRUE);
  t.msgt_deallocate = TRUE;
  EXPECT_EQUAL(send_descriptor(&t, 1, 1), MACH_SEND_INVALID_TYPE);
  l = long_type(MACH_MSG_TYPE_BYTE, 8, 4, TRUE, FALSE);
  l.msgtl_header.msgt_name = MACH_MSG_TYPE_BYTE;
  EXPECT_EQUAL(send_descriptor(&l, 3, 1), MACH_SEND_INVALID_TYPE);
  l = long_type(MACH_MSG_TYPE_BYTE, 8, 4, TRUE, FALSE);
  l.msgtl_header.msgt_size = 8;
  EXPECT_EQUAL(send_descriptor(&l, 3, 1), MACH_SEND_INVALID_TYPE);
  l = long_type(MACH_MSG_TYPE_BYTE, 8, 4, TRUE, FALSE);
  l.msgtl_header.msgt_number = 4;
  EXPECT_EQUAL(send_descriptor(&l, 3, 1), MACH_SEND_INVALID_TYPE);
}

CONFORMS(mach_msg, MACH_SEND_INVALID_TYPE, "rights that are not 32 bits wide") {
  mach_msg_type_t t = short_type(MACH_MSG_TYPE_COPY_SEND, 16, 2, TRUE);
  mach_msg_type_long_t l = long_type(MACH_MSG_TYPE_MOVE_RECEIVE, 64, 1, FALSE, FALSE);
  EXPECT_EQUAL(send_descriptor(&t, 1, 1), MACH_SEND_INVALID_TYPE);
  EXPECT_EQUAL(send_descriptor(&l, 3, 1), MACH_SEND_INVALID_TYPE);
}

CONFORMS(mach_msg, MACH_SEND_MSG_TOO_SMALL, "the last item runs over the end of the message") {
  mach_msg_type_t t = short_type(MACH_MSG_TYPE_INTEGER_32, 32, 3, TRUE);
  mach_msg_type_long_t l = long_type(MACH_MSG_TYPE_BYTE, 8, 0xffffffffu, TRUE, FALSE);
  EXPECT_EQUAL(send_descriptor(&t, 1, 2), MACH_SEND_MSG_TOO_SMALL);
  EXPECT_EQUAL(send_descriptor(&t, 1, 3), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(send_descriptor(&l, 3, 3), MACH_SEND_MSG_TOO_SMALL);
  EXPECT_EQUAL(send_descriptor(&l, 1, 0), MACH_SEND_MSG_TOO_SMALL);
  l = long_type(MACH_MSG_TYPE_BYTE, 8, 10, FALSE, FALSE);
  EXPECT_EQUAL(send_descriptor(&l, 3, 0), MACH_SEND_MSG_TOO_SMALL);
  l = long_type(MACH_MSG_TYPE_BIT, 1, 33, TRUE, FALSE);
  EXPECT_EQUAL(send_descriptor(&l, 3, 1), MACH_SEND_MSG_TOO_SMALL);
  EXPECT_EQUAL(send_descriptor(&l, 3, 2), MACH_MSG_SUCCESS);
}

CONFORMS(mach_msg, MACH_SEND_MSG_TOO_SMALL, "an item too many destroys what came before it") {
  struct message m;
  const mach_port_t to = make_port();
  const mach_port_t watched = make_receive();
  const mach_port_t moved = make_port();
  const vm_address_t from = new_memory(8192);
  mach_msg_type_t t = short_type(MACH_MSG_TYPE_INTEGER_32, 32, 3, TRUE);
  start_message(&m, to, MACH_MSG_TYPE_COPY_SEND, 0);
  add_port(&m, watched, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  add_port(&m, moved, MACH_MSG_TYPE_MOVE_RECEIVE);
  add_memory(&m, (void *)from, 8192, TRUE);
  add_words(&m, &t, 1);
  EXPECT_EQUAL(send_message(&m), MACH_SEND_MSG_TOO_SMALL);
  (void)expect_notification(watched, MACH_NOTIFY_SEND_ONCE);
  EXPECT_EQUAL(type_of(moved), MACH_PORT_TYPE_DEAD_NAME);
  EXPECT(!is_allocated(from));
}
