#include "tests/conformance/support/messages.h"

static unsigned word(mach_msg_type_t type) {
  union {
    mach_msg_type_t type;
    unsigned word;
  } u;
  u.type = type;
  return u.word;
}

CONFORMS(mach_msg_type, "one word: name, size, number, and four flags") {
  const mach_msg_type_t t = {0x12, 0x34, 0x567, 0, 0, 0, 0};
  const mach_msg_type_t in_line = {0, 0, 0, 1, 0, 0, 0};
  const mach_msg_type_t long_form = {0, 0, 0, 0, 1, 0, 0};
  const mach_msg_type_t deallocate = {0, 0, 0, 0, 0, 1, 0};
  const mach_msg_type_t unused = {0, 0, 0, 0, 0, 0, 1};
  EXPECT_EQUAL(sizeof(t), 4);
  EXPECT_EQUAL(word(t), 0x05673412);
  EXPECT_EQUAL(word(in_line), 1u << 28);
  EXPECT_EQUAL(word(long_form), 1u << 29);
  EXPECT_EQUAL(word(deallocate), 1u << 30);
  EXPECT_EQUAL(word(unused), 1u << 31);
}

CONFORMS(mach_msg_type, "the predefined types are all there") {
  static const unsigned types[] = {
      MACH_MSG_TYPE_UNSTRUCTURED, MACH_MSG_TYPE_BIT,       MACH_MSG_TYPE_BOOLEAN,
      MACH_MSG_TYPE_INTEGER_16,   MACH_MSG_TYPE_INTEGER_32, MACH_MSG_TYPE_CHAR,
      MACH_MSG_TYPE_BYTE,         MACH_MSG_TYPE_INTEGER_8, MACH_MSG_TYPE_REAL,
      MACH_MSG_TYPE_STRING,       MACH_MSG_TYPE_STRING_C,  MACH_MSG_TYPE_PORT_NAME};
  static const unsigned rights[] = {
      MACH_MSG_TYPE_MOVE_RECEIVE, MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_MOVE_SEND_ONCE,
      MACH_MSG_TYPE_COPY_SEND,    MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE};
  unsigned i;
  for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
    EXPECT(!MACH_MSG_TYPE_PORT_ANY(types[i]));
  for (i = 0; i < sizeof(rights) / sizeof(rights[0]); i++)
    EXPECT(MACH_MSG_TYPE_PORT_ANY(rights[i]));
  EXPECT_EQUAL(MACH_MSG_TYPE_PORT_RECEIVE, MACH_MSG_TYPE_MOVE_RECEIVE);
  EXPECT_EQUAL(MACH_MSG_TYPE_PORT_SEND, MACH_MSG_TYPE_MOVE_SEND);
  EXPECT_EQUAL(MACH_MSG_TYPE_PORT_SEND_ONCE, MACH_MSG_TYPE_MOVE_SEND_ONCE);
}

CONFORMS(mach_msg_type, "a port name travels as a name, without a right") {
  struct message m;
  const mach_port_t port = make_port();
  mach_msg_type_t type = short_type(MACH_MSG_TYPE_PORT_NAME, 32, 1, TRUE);
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 1);
  add_words(&m, &type, 1);
  add_words(&m, &port, 1);
  m.head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(item_of(&m, 0).name, MACH_MSG_TYPE_PORT_NAME);
  EXPECT_EQUAL(word_of(&m, 0), port);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
}

CONFORMS(mach_msg_type, "in-line data is padded to words; no elements are legitimate") {
  struct message m;
  static const unsigned data[2] = {0x64636261, 0x65};
  const mach_port_t port = make_port();
  mach_msg_type_t text = short_type(MACH_MSG_TYPE_STRING, 8, 5, TRUE);
  mach_msg_type_t bits = short_type(MACH_MSG_TYPE_BIT, 1, 9, TRUE);
  mach_msg_type_t none = short_type(MACH_MSG_TYPE_INTEGER_16, 16, 0, TRUE);
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 1);
  add_words(&m, &text, 1);
  add_words(&m, data, 2);
  add_words(&m, &none, 1);
  add_words(&m, &bits, 1);
  add_words(&m, data, 1);
  add_port(&m, port, MACH_MSG_TYPE_COPY_SEND); /* found only if the kernel counts the same way */
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_size, 24 + 4 + 8 + 4 + 4 + 4 + 8);
  EXPECT_EQUAL(word_of(&m, 0), 0x64636261);
  EXPECT_EQUAL(item_of(&m, 1).number, 0);
  EXPECT_EQUAL(word_of(&m, 3), port);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 2);
}

CONFORMS(mach_msg_type, "the most elements a short descriptor can count") {
  static mach_port_t names[MACH_MSG_TYPE_NUMBER_MAX];
  static struct {
    mach_msg_header_t head;
    mach_msg_type_t type;
    mach_port_t names[MACH_MSG_TYPE_NUMBER_MAX];
  } m;
  const mach_port_t port = make_port();
  unsigned wrong = 0;
  unsigned i;
  for (i = 0; i < MACH_MSG_TYPE_NUMBER_MAX; i++) names[i] = port;
  start_message((struct message *)&m, port, MACH_MSG_TYPE_COPY_SEND, 1);
  m.head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  m.type = short_type(MACH_MSG_TYPE_COPY_SEND, 32, MACH_MSG_TYPE_NUMBER_MAX, TRUE);
  for (i = 0; i < MACH_MSG_TYPE_NUMBER_MAX; i++) m.names[i] = names[i];
  REQUIRE_EQUAL(mach_msg(&m.head, MACH_SEND_MSG, sizeof(m), 0, 0, 0, 0), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(mach_msg(&m.head, MACH_RCV_MSG, 0, sizeof(m), port, 0, 0), MACH_MSG_SUCCESS);
  for (i = 0; i < MACH_MSG_TYPE_NUMBER_MAX; i++) wrong += m.names[i] != port;
  EXPECT_EQUAL(wrong, 0);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1 + MACH_MSG_TYPE_NUMBER_MAX);
}
