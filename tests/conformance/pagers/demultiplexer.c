#include "tests/conformance/pagers/demultiplexer.h"

#include <mach/mig_errors.h>

/* What each message holds: C a send right, R a receive right, i an integer, b a boolean, m memory. */
static const char *items_of(int id) {
  static const char *const items[] = {"CCi", "RR",  "CiiR",  "Ciii",  "Ciii",
                                      "Cim", "Cii", "Ciiii", "Cimbb", "bi"};
  static const char *const default_items[] = {"RiCCi", "Cim"};
  return id >= CREATE ? default_items[id - CREATE] : items[id - INIT];
}

/* Arguments of a call in the order of the message; memory is its size. Returns how many. */
static unsigned arguments_of(const struct call *c, unsigned *to) {
  unsigned n = 0;
  if (c->id == CREATE) to[n++] = c->new_object, to[n++] = c->size;
  if (c->id != CHANGE_COMPLETED) to[n++] = c->control;
  switch (c->id) {
    case INIT:
    case CREATE:
      to[n++] = c->name, to[n++] = c->page_size;
      break;
    case TERMINATE:
      to[n++] = c->name;
      break;
    case COPY:
      to[n++] = c->offset, to[n++] = c->length, to[n++] = c->new_object;
      break;
    case DATA_REQUEST:
    case DATA_UNLOCK:
      to[n++] = c->offset, to[n++] = c->length, to[n++] = (unsigned)c->access;
      break;
    case SUPPLY_COMPLETED:
      to[n++] = c->offset, to[n++] = c->length, to[n++] = (unsigned)c->result;
      to[n++] = c->error_offset;
      break;
    case CHANGE_COMPLETED:
      to[n++] = (unsigned)c->may_cache, to[n++] = (unsigned)c->strategy;
      break;
    default:
      to[n++] = c->offset, to[n++] = c->length;
      if (c->id == DATA_RETURN) to[n++] = (unsigned)c->dirty, to[n++] = (unsigned)c->kernel_copy;
  }
  return n;
}

static void add_boolean(struct message *m, boolean_t value) {
  const unsigned words[1] = {(unsigned)value};
  const mach_msg_type_t type = short_type(MACH_MSG_TYPE_BOOLEAN, 32, 1, TRUE);
  add_words(m, &type, 1);
  add_words(m, words, 1);
}

/* Adds an item; what a function should get for it, if that is known before. */
static unsigned add_item(struct message *m, char kind, unsigned number) {
  static unsigned data[64];
  switch (kind) {
    case 'C':
      number = make_port();
      add_port(m, number, MACH_MSG_TYPE_COPY_SEND);
      break;
    case 'R':
      number = make_receive();
      add_port(m, number, MACH_MSG_TYPE_MOVE_RECEIVE);
      break;
    case 'm':
      add_memory(m, data, sizeof(data), FALSE);
      return sizeof(data);
    case 'b':
      add_boolean(m, TRUE);
      return TRUE;
    default:
      add_integer(m, (int)number);
  }
  return number;
}

static struct call serve_sent(demultiplexer serve, struct message *m, mach_port_t port,
                              boolean_t *known, kern_return_t *code) {
  struct message in;
  mig_reply_error_t out;
  struct call call;
  REQUIRE_EQUAL(send_message(m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&in, port), MACH_MSG_SUCCESS);
  call = serve_message(serve, &in.head, &out.Head, known);
  *code = out.RetCode;
  if (call.calls != 0 && call.numbered) EXPECT_EQUAL(call.seqno, in.head.msgh_seqno);
  return call;
}

static void check_call(demultiplexer serve, mach_port_t port, int id, boolean_t numbered) {
  const char *items = items_of(id);
  unsigned expected[8], got[8], count, i;
  struct message m;
  struct call call;
  boolean_t known;
  kern_return_t code;
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, id);
  for (count = 0; items[count] != 0; count++)
    expected[count] = add_item(&m, items[count], 0x1000 * (count + 7));
  call = serve_sent(serve, &m, port, &known, &code);
  EXPECT(known);
  EXPECT(code == KERN_SUCCESS || code == MIG_NO_REPLY);
  REQUIRE_EQUAL(call.calls, 1);
  EXPECT_EQUAL(call.id, id);
  EXPECT_EQUAL(call.object, port);
  EXPECT_EQUAL(call.numbered, numbered);
  EXPECT_EQUAL(arguments_of(&call, got), count);
  for (i = 0; i < count; i++)
    if (items[i] != 'R') EXPECT_EQUAL(got[i], expected[i]);
  for (i = 0; i < count; i++)
    if (items[i] == 'R') EXPECT(type_of(got[i]) & MACH_PORT_TYPE_RECEIVE);
}

void check_all(demultiplexer serve, int first, int last, boolean_t numbered) {
  const mach_port_t port = make_port();
  int id;
  for (id = first; id <= last; id++) check_call(serve, port, id, numbered);
}

void check_foreign(demultiplexer serve, int first, int last) {
  const int ids[] = {first - 1, last + 1, first + 100, 0, -1, 2400};
  const mach_port_t port = make_port();
  unsigned i;
  for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
    struct message m;
    boolean_t known;
    kern_return_t code;
    start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, ids[i]);
    EXPECT_EQUAL(serve_sent(serve, &m, port, &known, &code).calls, 0);
    EXPECT(!known);
    EXPECT_EQUAL(code, MIG_BAD_ID);
  }
}

void check_malformed(demultiplexer serve, int first, int last) {
  const mach_port_t port = make_port();
  int id;
  for (id = first; id <= last; id++) {
    unsigned items;
    for (items = 0; items < 4; items++) {
      struct message m;
      boolean_t known;
      kern_return_t code;
      unsigned i;
      start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, id);
      for (i = 0; i < items; i++) add_integer(&m, 1);
      EXPECT_EQUAL(serve_sent(serve, &m, port, &known, &code).calls, 0);
      EXPECT(known);
      EXPECT_EQUAL(code, MIG_BAD_ARGUMENTS);
    }
  }
}

void check_loop(demultiplexer serve) {
  const mach_port_t object = make_port();
  const vm_address_t at = map_object(object, 1, 0, FALSE);
  struct call call;
  struct client client;
  EXPECT_EQUAL(mach_msg_server_timeout(serve, 512, object, MACH_RCV_TIMEOUT, 50),
               MACH_RCV_TIMED_OUT);
  call = last_call();
  REQUIRE_EQUAL(call.id, INIT);
  REQUIRE_SUCCESS(memory_object_ready(call.control, FALSE, MEMORY_OBJECT_COPY_DELAY));
  answer_with(KERN_FAILURE);
  start_read(&client, at);
  EXPECT_EQUAL(mach_msg_server_timeout(serve, 512, object, MACH_RCV_TIMEOUT, 50),
               MACH_RCV_TIMED_OUT);
  EXPECT_EQUAL(last_call().id, DATA_REQUEST);
  /* The message was destroyed: one reference of the control port is left, from the first. */
  EXPECT_EQUAL(refs_of(call.control, MACH_PORT_RIGHT_SEND), 1);
  REQUIRE_SUCCESS(memory_object_data_provided(call.control, 0, numbered_pages(1, 8), PAGE, 0));
  EXPECT_EQUAL(value_of(&client), 8);
}
