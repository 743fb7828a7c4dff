#include "tests/conformance/support/messages.h"

#include <mach/mach_traps.h>

mach_msg_type_t short_type(unsigned name, unsigned bits, unsigned number, boolean_t in_line) {
  const mach_msg_type_t t = {name, bits, number, in_line, FALSE, FALSE, 0};
  return t;
}

mach_msg_type_long_t long_type(unsigned name, unsigned bits, unsigned number, boolean_t in_line,
                               boolean_t deallocate) {
  const mach_msg_type_long_t t = {
      {0, 0, 0, in_line, TRUE, deallocate, 0}, (unsigned short)name, (unsigned short)bits, number};
  return t;
}

void start_message(struct message *m, mach_port_t destination, mach_msg_type_name_t type,
                   mach_msg_id_t id) {
  m->head.msgh_bits = MACH_MSGH_BITS(type, 0);
  m->head.msgh_size = sizeof(m->head);
  m->head.msgh_remote_port = destination;
  m->head.msgh_local_port = MACH_PORT_NULL;
  m->head.msgh_seqno = 0;
  m->head.msgh_id = id;
}

void set_reply(struct message *m, mach_port_t reply, mach_msg_type_name_t type) {
  m->head.msgh_bits |= MACH_MSGH_BITS(0, type);
  m->head.msgh_local_port = reply;
}

void make_simple(struct message *m, mach_port_t destination, int value) {
  start_message(m, destination, MACH_MSG_TYPE_COPY_SEND, value);
  add_integer(m, value);
}

void add_words(struct message *m, const void *words, unsigned count) {
  const unsigned *from = words;
  unsigned *to = (unsigned *)((char *)m + m->head.msgh_size);
  unsigned i;
  if (m->head.msgh_size + 4 * count > sizeof(*m)) {
    REQUIRE(!"room in the message");
  }
  for (i = 0; i < count; i++) to[i] = from[i];
  m->head.msgh_size += 4 * count;
}

void add_integer(struct message *m, int value) {
  const mach_msg_type_t type = short_type(MACH_MSG_TYPE_INTEGER_32, 32, 1, TRUE);
  add_words(m, &type, 1);
  add_words(m, &value, 1);
}

void add_ports(struct message *m, const mach_port_t *names, unsigned count,
               mach_msg_type_name_t disposition) {
  const mach_msg_type_t type = short_type(disposition, 32, count, TRUE);
  add_words(m, &type, 1);
  add_words(m, names, count);
  m->head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
}

void add_port(struct message *m, mach_port_t name, mach_msg_type_name_t disposition) {
  add_ports(m, &name, 1, disposition);
}

void add_memory(struct message *m, const void *address, unsigned bytes, boolean_t deallocate) {
  const mach_msg_type_long_t type = long_type(MACH_MSG_TYPE_BYTE, 8, bytes, FALSE, deallocate);
  add_words(m, &type, 3);
  add_words(m, &address, 1);
  m->head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
}

void add_far_ports(struct message *m, mach_port_t *names, unsigned count,
                   mach_msg_type_name_t disposition, boolean_t deallocate) {
  const mach_msg_type_long_t type = long_type(disposition, 32, count, FALSE, deallocate);
  add_words(m, &type, 3);
  add_words(m, &names, 1);
  m->head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
}

mach_msg_return_t send_with(struct message *m, mach_msg_option_t options,
                            mach_msg_timeout_t timeout, mach_port_t notify) {
  return mach_msg(&m->head, MACH_SEND_MSG | options, m->head.msgh_size, 0, MACH_PORT_NULL, timeout,
                  notify);
}

mach_msg_return_t send_message(struct message *m) {
  return send_with(m, MACH_MSG_OPTION_NONE, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
}

unsigned fill_queue(mach_port_t destination) {
  struct message m;
  int sent = 0;
  do {
    make_simple(&m, destination, sent);
  } while (sent < 100 && send_with(&m, MACH_SEND_TIMEOUT, 0, MACH_PORT_NULL) == 0 && ++sent);
  /* The message that did not get in came back with the send right made for it. */
  REQUIRE_SUCCESS(mach_port_deallocate(mach_task_self(), m.head.msgh_remote_port));
  return (unsigned)sent;
}

mach_msg_return_t receive_with(struct message *m, mach_msg_option_t options, mach_port_t from,
                               unsigned size, mach_msg_timeout_t timeout, mach_port_t notify) {
  return mach_msg(&m->head, MACH_RCV_MSG | options, 0, size, from, timeout, notify);
}

mach_msg_return_t receive_message(struct message *m, mach_port_t from) {
  return receive_with(m, MACH_RCV_TIMEOUT, from, sizeof(*m), PATIENCE, MACH_PORT_NULL);
}

int is_empty(mach_port_t from) {
  mach_msg_header_t head;
  return mach_msg(&head, MACH_RCV_MSG | MACH_RCV_TIMEOUT | MACH_RCV_LARGE, 0, 0, from, 0,
                  MACH_PORT_NULL) == MACH_RCV_TIMED_OUT;
}

/* The item at `at`; where the next one begins, or null at the end. */
static char *read_item(char *at, const char *end, struct item *item) {
  const mach_msg_type_t *t = (const mach_msg_type_t *)(const void *)at;
  unsigned bytes;
  if (at >= end) return 0;
  item->in_line = t->msgt_inline;
  item->deallocate = t->msgt_deallocate;
  if (t->msgt_longform) {
    const mach_msg_type_long_t *l = (const mach_msg_type_long_t *)(const void *)at;
    item->name = l->msgtl_name;
    item->bits = l->msgtl_size;
    item->number = l->msgtl_number;
    at += sizeof(*l);
  } else {
    item->name = t->msgt_name;
    item->bits = t->msgt_size;
    item->number = t->msgt_number;
    at += sizeof(*t);
  }
  item->data = (unsigned *)(void *)at;
  bytes = (item->bits * item->number + 7) / 8;
  return at + (item->in_line ? (bytes + 3) & ~3u : sizeof(vm_address_t));
}

struct item item_of(struct message *m, unsigned index) {
  static const struct item nothing;
  char *at = (char *)m->body;
  const char *end = (char *)m + m->head.msgh_size;
  struct item item = nothing;
  do {
    at = read_item(at, end, &item);
  } while (at != 0 && index-- != 0);
  return at != 0 ? item : nothing;
}

unsigned word_of(struct message *m, unsigned index) {
  const struct item item = item_of(m, index);
  return item.data != 0 ? *item.data : 0;
}

unsigned expect_notification(mach_port_t notify, mach_msg_id_t id) {
  struct message m;
  m.head.msgh_id = 0;
  EXPECT_EQUAL(receive_message(&m, notify), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_id, id);
  if (m.head.msgh_id != id) return 0;
  EXPECT_EQUAL(MACH_MSGH_BITS_LOCAL(m.head.msgh_bits), MACH_MSG_TYPE_PORT_SEND_ONCE);
  EXPECT_EQUAL(m.head.msgh_remote_port, MACH_PORT_NULL);
  EXPECT_EQUAL(m.head.msgh_size, id == MACH_NOTIFY_SEND_ONCE ? 24 : 32);
  return id == MACH_NOTIFY_SEND_ONCE ? 0 : word_of(&m, 0);
}

mach_port_t make_receive(void) {
  mach_port_t port = MACH_PORT_NULL;
  REQUIRE_SUCCESS(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port));
  return port;
}

mach_port_t make_set(void) {
  mach_port_t set = MACH_PORT_NULL;
  REQUIRE_SUCCESS(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &set));
  return set;
}

mach_port_t make_dead_name(void) {
  mach_port_t name = MACH_PORT_NULL;
  REQUIRE_SUCCESS(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_DEAD_NAME, &name));
  return name;
}

mach_port_t make_send_once(mach_port_t port) {
  mach_port_t right = MACH_PORT_NULL;
  mach_msg_type_name_t type = 0;
  REQUIRE_SUCCESS(mach_port_extract_right(mach_task_self(), port, MACH_MSG_TYPE_MAKE_SEND_ONCE,
                                          &right, &type));
  return right;
}

void kill_port(mach_port_t port) {
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1));
}

unsigned refs_of(mach_port_t name, mach_port_right_t right) {
  mach_port_urefs_t refs = 0;
  if (mach_port_get_refs(mach_task_self(), name, right, &refs) != KERN_SUCCESS) return 0;
  return refs;
}

unsigned type_of(mach_port_t name) {
  mach_port_type_t type = 0;
  if (mach_port_type(mach_task_self(), name, &type) != KERN_SUCCESS) return 0;
  return type;
}

mach_port_status_t status_of(mach_port_t name) {
  static const mach_port_status_t none;
  mach_port_status_t status = none;
  if (mach_port_get_receive_status(mach_task_self(), name, &status) != KERN_SUCCESS) return none;
  return status;
}

mach_port_t unused_name(void) {
  mach_port_t name = 0x7f5300;
  while (type_of(name) != 0) name += 0x100;
  return name;
}

unsigned count_names(void) {
  mach_port_array_t names = 0;
  mach_port_type_array_t types = 0;
  mach_msg_type_number_t name_count = 0;
  mach_msg_type_number_t type_count = 0;
  REQUIRE_SUCCESS(
      mach_port_names(mach_task_self(), &names, &name_count, &types, &type_count));
  (void)vm_deallocate(mach_task_self(), (vm_address_t)names, name_count * sizeof(*names));
  (void)vm_deallocate(mach_task_self(), (vm_address_t)types, type_count * sizeof(*types));
  return name_count;
}

void request_dead_name(mach_port_t name, mach_port_t notify) {
  mach_port_t previous = MACH_PORT_DEAD;
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), name, MACH_NOTIFY_DEAD_NAME, 0,
                                                 notify, MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  REQUIRE_EQUAL(previous, MACH_PORT_NULL);
}

mach_port_t make_empty_task(void) {
  mach_port_t task = MACH_PORT_NULL;
  REQUIRE_SUCCESS(task_create(mach_task_self(), FALSE, &task));
  return task;
}

mach_port_t no_task(void) {
  static mach_port_t host;
  if (host == MACH_PORT_NULL) host = mach_host_self();
  return host;
}
