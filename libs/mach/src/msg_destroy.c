#include <mach.h>

#include "libs/mach/src/msg_destroy.h"

/* An item of a message body, whichever form its descriptor has. */
struct item {
  mach_msg_type_name_t name;
  boolean_t is_inline;
  boolean_t deallocate;
  vm_size_t data_size; /* bytes of the data, not padded */
  natural_t number;
  char *data;          /* in the message: the data, or its address */
};

/* Reads the descriptor at `at`; returns the next item's address, or 0 when it overruns `end`. */
static char *next_item(char *at, char *end, struct item *item) {
  const mach_msg_type_long_t *type = (const mach_msg_type_long_t *)(void *)at;
  const mach_msg_type_t *head = &type->msgtl_header;
  unsigned long long bits;
  vm_size_t header_size = head->msgt_longform ? sizeof(mach_msg_type_long_t)
                                              : sizeof(mach_msg_type_t);
  vm_size_t in_message;
  unsigned int size;

  if ((vm_size_t)(end - at) < header_size) return 0;
  item->is_inline = head->msgt_inline;
  item->deallocate = head->msgt_deallocate;
  item->name = head->msgt_longform ? type->msgtl_name : head->msgt_name;
  size = head->msgt_longform ? type->msgtl_size : head->msgt_size;
  item->number = head->msgt_longform ? type->msgtl_number : head->msgt_number;
  item->data = at + header_size;

  bits = (unsigned long long)size * item->number;
  if (bits > 8ull * 0xfffffff0u) return 0;
  item->data_size = (vm_size_t)((bits + 7) / 8);
  in_message = item->is_inline ? ((item->data_size + 3u) & ~3u) : sizeof(vm_offset_t);
  if ((vm_size_t)(end - item->data) < in_message) return 0;
  return item->data + in_message;
}

static void destroy_right(mach_port_t port, mach_msg_type_name_t name) {
  if (!MACH_PORT_VALID(port)) return;
  if (name == MACH_MSG_TYPE_PORT_RECEIVE)
    (void)mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1);
  else if (name == MACH_MSG_TYPE_PORT_SEND || name == MACH_MSG_TYPE_PORT_SEND_ONCE)
    (void)mach_port_deallocate(mach_task_self(), port);
}

static void destroy_item(const struct item *item, enum message_state state) {
  char *data = item->is_inline ? item->data : (char *)*(vm_offset_t *)(void *)item->data;
  natural_t i;

  if (data == 0) return;
  if (MACH_MSG_TYPE_PORT_ANY_RIGHT(item->name)) {
    const mach_port_t *ports = (const mach_port_t *)(void *)data;
    for (i = 0; i < item->number; i++) destroy_right(ports[i], item->name);
  }
  if (item->is_inline || item->data_size == 0) return;
  if (state == MESSAGE_RECEIVED || item->deallocate)
    (void)vm_deallocate(mach_task_self(), (vm_address_t)data, item->data_size);
}

void mach_msg_release(mach_msg_header_t *msg, enum message_state state) {
  const mach_msg_bits_t bits = msg->msgh_bits;
  char *at = (char *)(msg + 1);
  char *end = (char *)msg + msg->msgh_size;
  struct item item;

  destroy_right(msg->msgh_remote_port, MACH_MSGH_BITS_REMOTE(bits));
  if ((bits & MACH_MSGH_BITS_COMPLEX) == 0) return;
  while (at < end) {
    at = next_item(at, end, &item);
    if (at == 0) return;
    destroy_item(&item, state);
  }
}

void mach_msg_destroy(mach_msg_header_t *msg) { mach_msg_release(msg, MESSAGE_RECEIVED); }
