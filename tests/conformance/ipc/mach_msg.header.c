/* Destination, reply port and bits of a sent message; the atomic treatment of the header. */
#include "tests/conformance/support/messages.h"

static mach_msg_return_t send_header(mach_msg_bits_t bits, mach_port_t remote, mach_port_t local) {
  mach_msg_header_t head = {bits, sizeof(head), remote, local, 0, 1};
  return mach_msg(&head, MACH_SEND_MSG | MACH_SEND_TIMEOUT, sizeof(head), 0, MACH_PORT_NULL, 0,
                  MACH_PORT_NULL);
}

CONFORMS(mach_msg, "does nothing without MACH_SEND_MSG and MACH_RCV_MSG") {
  EXPECT_EQUAL(mach_msg(0, MACH_MSG_OPTION_NONE, 0, 0, MACH_PORT_NULL, 0, MACH_PORT_NULL),
               MACH_MSG_SUCCESS);
  EXPECT_EQUAL(mach_msg((mach_msg_header_t *)4, MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT, 99, 99, 77, 1,
                        88),
               MACH_MSG_SUCCESS);
}

CONFORMS(mach_msg, MACH_SEND_MSG_TOO_SMALL, "less than a header is no message and does nothing") {
  struct message m;
  const mach_port_t port = make_port();
  start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, 0);
  EXPECT_EQUAL(mach_msg(&m.head, MACH_SEND_MSG, 20, 0, 0, 0, 0), MACH_SEND_MSG_TOO_SMALL);
  EXPECT_EQUAL(mach_msg(&m.head, MACH_SEND_MSG, 0, 0, 0, 0, 0), MACH_SEND_MSG_TOO_SMALL);
  EXPECT(is_empty(port));
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
}

CONFORMS(mach_msg, MACH_SEND_NO_BUFFER, "a message larger than the kernel's memory does nothing") {
  struct message m;
  const mach_port_t port = make_port();
  const unsigned size = 512u << 20;
  vm_address_t big = 0;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &big, size, TRUE));
  start_message(&m, port, MACH_MSG_TYPE_MOVE_SEND, 0);
  *(mach_msg_header_t *)big = m.head;
  EXPECT_EQUAL(mach_msg((mach_msg_header_t *)big, MACH_SEND_MSG, size, 0, 0, 0, 0),
               MACH_SEND_NO_BUFFER);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
}

CONFORMS(mach_msg, MACH_SEND_INVALID_DATA, "a buffer that cannot be read does nothing") {
  struct message m;
  vm_address_t page = 0;
  const mach_port_t port = make_port();
  mach_msg_header_t *head;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &page, 2 * vm_page_size, TRUE));
  REQUIRE_SUCCESS(vm_deallocate(mach_task_self(), page + vm_page_size, vm_page_size));
  start_message(&m, port, MACH_MSG_TYPE_MOVE_SEND, 0);
  head = (mach_msg_header_t *)(page + vm_page_size - 32);
  *head = m.head;
  EXPECT_EQUAL(mach_msg(head, MACH_SEND_MSG, 64, 0, 0, 0, 0), MACH_SEND_INVALID_DATA);
  EXPECT_EQUAL(mach_msg(0, MACH_SEND_MSG, 32, 0, 0, 0, 0), MACH_SEND_INVALID_DATA);
  EXPECT_EQUAL(mach_msg((mach_msg_header_t *)0xfffff000u, MACH_SEND_MSG, 32, 0, 0, 0, 0),
               MACH_SEND_INVALID_DATA);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
  EXPECT(is_empty(port));
}

CONFORMS(mach_msg, MACH_SEND_INVALID_HEADER, "bits that are no send or send-once disposition") {
  const mach_port_t port = make_port();
  EXPECT_EQUAL(send_header(0, port, 0), MACH_SEND_INVALID_HEADER);
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_MOVE_RECEIVE, port, 0), MACH_SEND_INVALID_HEADER);
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_PORT_NAME, port, 0), MACH_SEND_INVALID_HEADER);
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_LAST + 1, port, 0), MACH_SEND_INVALID_HEADER);
  EXPECT_EQUAL(send_header(MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MOVE_RECEIVE),
                           port, port),
               MACH_SEND_INVALID_HEADER);
  EXPECT_EQUAL(send_header(MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 1), port, port),
               MACH_SEND_INVALID_HEADER);
  /* No type for the reply port: the field must be null. */
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_COPY_SEND, port, port), MACH_SEND_INVALID_HEADER);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT(is_empty(port));
}

CONFORMS(mach_msg, MACH_SEND_INVALID_DEST, "no right of the kind the bits name") {
  const mach_port_t port = make_port();
  const mach_port_t receive = make_receive();
  const mach_port_t dead = make_dead_name();
  const mach_port_t set = make_set();
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_COPY_SEND, MACH_PORT_NULL, 0), MACH_SEND_INVALID_DEST);
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_COPY_SEND, MACH_PORT_DEAD, 0), MACH_SEND_INVALID_DEST);
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_COPY_SEND, unused_name(), 0), MACH_SEND_INVALID_DEST);
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_COPY_SEND, receive, 0), MACH_SEND_INVALID_DEST);
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_MOVE_SEND, receive, 0), MACH_SEND_INVALID_DEST);
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_MOVE_SEND_ONCE, port, 0), MACH_SEND_INVALID_DEST);
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_COPY_SEND, dead, 0), MACH_SEND_INVALID_DEST);
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_MOVE_SEND_ONCE, dead, 0), MACH_SEND_INVALID_DEST);
  EXPECT_EQUAL(send_header(MACH_MSG_TYPE_COPY_SEND, set, 0), MACH_SEND_INVALID_DEST);
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), 1);
}

CONFORMS(mach_msg, MACH_SEND_INVALID_REPLY,
         "no right of the kind the bits name; nothing is taken") {
  const mach_port_t port = make_port();
  const mach_port_t receive = make_receive();
  const unsigned move = MACH_MSG_TYPE_MOVE_SEND;
  EXPECT_EQUAL(send_header(MACH_MSGH_BITS(move, MACH_MSG_TYPE_COPY_SEND), port, unused_name()),
               MACH_SEND_INVALID_REPLY);
  EXPECT_EQUAL(send_header(MACH_MSGH_BITS(move, MACH_MSG_TYPE_COPY_SEND), port, receive),
               MACH_SEND_INVALID_REPLY);
  EXPECT_EQUAL(send_header(MACH_MSGH_BITS(move, MACH_MSG_TYPE_MOVE_SEND_ONCE), port, receive),
               MACH_SEND_INVALID_REPLY);
  EXPECT_EQUAL(send_header(MACH_MSGH_BITS(move, MACH_MSG_TYPE_MAKE_SEND), port, make_set()),
               MACH_SEND_INVALID_REPLY);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
  EXPECT(is_empty(port));
}

CONFORMS(mach_msg, MACH_SEND_INVALID_DEST, MACH_SEND_INVALID_REPLY,
         "one send right cannot be moved as both destination and reply port") {
  const mach_port_t port = make_port();
  const mach_msg_return_t result =
      send_header(MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_MOVE_SEND), port, port);
  EXPECT(result == MACH_SEND_INVALID_DEST || result == MACH_SEND_INVALID_REPLY);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
}

CONFORMS(mach_msg, "one send right serves as moved destination and copied reply port") {
  struct message m;
  const mach_port_t port = make_port();
  REQUIRE_EQUAL(send_header(MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_COPY_SEND), port,
                            port),
                MACH_MSG_SUCCESS);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_RECEIVE);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_remote_port, port);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
}

CONFORMS(mach_msg, "one send right serves as copied destination and moved reply port") {
  struct message m;
  const mach_port_t port = make_port();
  REQUIRE_EQUAL(send_header(MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MOVE_SEND), port,
                            port),
                MACH_MSG_SUCCESS);
  EXPECT_EQUAL(type_of(port), MACH_PORT_TYPE_RECEIVE);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
}

CONFORMS(mach_msg,
         "two user references are enough for a moved destination and a moved reply port") {
  const mach_port_t port = make_port();
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, 1));
  REQUIRE_EQUAL(send_header(MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_MOVE_SEND), port,
                            port),
                MACH_MSG_SUCCESS);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 0);
}

CONFORMS(mach_msg, "every disposition of destination and reply port arrives as the right it made") {
  static const struct {
    unsigned remote, local, arrives_at, arrives_as;
  } combinations[] = {
      {MACH_MSG_TYPE_COPY_SEND, 0, MACH_MSG_TYPE_PORT_SEND, 0},
      {MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_PORT_SEND,
       MACH_MSG_TYPE_PORT_SEND},
      {MACH_MSG_TYPE_MAKE_SEND_ONCE, MACH_MSG_TYPE_MAKE_SEND_ONCE, MACH_MSG_TYPE_PORT_SEND_ONCE,
       MACH_MSG_TYPE_PORT_SEND_ONCE},
      {MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_PORT_SEND,
       MACH_MSG_TYPE_PORT_SEND},
  };
  unsigned i;
  for (i = 0; i < sizeof(combinations) / sizeof(combinations[0]); i++) {
    struct message m;
    const mach_port_t port = make_port();
    const mach_port_t reply = combinations[i].local != 0 ? make_port() : MACH_PORT_NULL;
    REQUIRE_EQUAL(send_header(MACH_MSGH_BITS(combinations[i].remote, combinations[i].local), port,
                              reply),
                  MACH_MSG_SUCCESS);
    REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
    EXPECT_EQUAL(MACH_MSGH_BITS_LOCAL(m.head.msgh_bits), combinations[i].arrives_at);
    EXPECT_EQUAL(MACH_MSGH_BITS_REMOTE(m.head.msgh_bits), combinations[i].arrives_as);
    EXPECT_EQUAL(m.head.msgh_local_port, port);
    if (combinations[i].arrives_as == MACH_MSG_TYPE_PORT_SEND)
      EXPECT_EQUAL(m.head.msgh_remote_port, reply);
    if (combinations[i].arrives_as == MACH_MSG_TYPE_PORT_SEND_ONCE)
      EXPECT_EQUAL(type_of(m.head.msgh_remote_port), MACH_PORT_TYPE_SEND_ONCE);
  }
}

CONFORMS(mach_msg, "a sent send-once right is used up, a moved send right loses a reference") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t once = make_send_once(port);
  REQUIRE_EQUAL(send_header(MACH_MSG_TYPE_MOVE_SEND_ONCE, once, 0), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(type_of(once), 0);
  REQUIRE_SUCCESS(mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_SEND, 2));
  REQUIRE_EQUAL(send_header(MACH_MSG_TYPE_MOVE_SEND, port, 0), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 2);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(MACH_MSGH_BITS_LOCAL(m.head.msgh_bits), MACH_MSG_TYPE_PORT_SEND_ONCE);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(MACH_MSGH_BITS_LOCAL(m.head.msgh_bits), MACH_MSG_TYPE_PORT_SEND);
}

CONFORMS(mach_msg, "the reply port may be null, dead or a dead name, which arrives as dead") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t dead = make_dead_name();
  const unsigned copy = MACH_MSG_TYPE_COPY_SEND;
  REQUIRE_EQUAL(send_header(MACH_MSGH_BITS(copy, copy), port, MACH_PORT_NULL), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_remote_port, MACH_PORT_NULL);
  REQUIRE_EQUAL(send_header(MACH_MSGH_BITS(copy, copy), port, MACH_PORT_DEAD), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_remote_port, MACH_PORT_DEAD);
  REQUIRE_EQUAL(send_header(MACH_MSGH_BITS(copy, copy), port, dead), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(refs_of(dead, MACH_PORT_RIGHT_DEAD_NAME), 1);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_remote_port, MACH_PORT_DEAD);
  REQUIRE_EQUAL(send_header(MACH_MSGH_BITS(copy, MACH_MSG_TYPE_MOVE_SEND_ONCE), port, dead),
                MACH_MSG_SUCCESS);
  EXPECT_EQUAL(type_of(dead), 0);
}

CONFORMS(mach_msg, "a reply right whose port dies while the message is queued arrives as dead") {
  struct message m;
  const mach_port_t port = make_port();
  const mach_port_t reply = make_receive();
  REQUIRE_EQUAL(send_header(MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE),
                            port, reply),
                MACH_MSG_SUCCESS);
  kill_port(reply);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m.head.msgh_remote_port, MACH_PORT_DEAD);
}

CONFORMS(mach_msg, MACH_MSG_SUCCESS, "the id travels, the sequence number is the port's") {
  struct message m;
  const mach_port_t port = make_port();
  int i;
  for (i = 0; i < 3; i++) {
    make_simple(&m, port, 40 + i);
    m.head.msgh_seqno = 1234;
    REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  }
  for (i = 0; i < 3; i++) {
    REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
    EXPECT_EQUAL(m.head.msgh_id, 40 + i);
    EXPECT_EQUAL(m.head.msgh_seqno, i);
    EXPECT_EQUAL(m.head.msgh_size, 32);
    EXPECT_EQUAL(word_of(&m, 0), 40 + i);
  }
}

CONFORMS(mach_msg, "send and receive in one call; a send that fails receives nothing") {
  struct message m;
  const mach_port_t port = make_port();
  make_simple(&m, port, 5);
  REQUIRE_EQUAL(mach_msg(&m.head, MACH_SEND_MSG | MACH_RCV_MSG, m.head.msgh_size, sizeof(m), port,
                         0, 0),
                MACH_MSG_SUCCESS);
  EXPECT_EQUAL(word_of(&m, 0), 5);
  make_simple(&m, port, 6);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  start_message(&m, MACH_PORT_NULL, MACH_MSG_TYPE_COPY_SEND, 7);
  EXPECT_EQUAL(mach_msg(&m.head, MACH_SEND_MSG | MACH_RCV_MSG, m.head.msgh_size, sizeof(m), port,
                        0, 0),
               MACH_SEND_INVALID_DEST);
  EXPECT_EQUAL(m.head.msgh_id, 7);
  EXPECT(!is_empty(port));
}

CONFORMS(mach_msg, "the buffer is the caller's again after the send") {
  struct message m;
  const mach_port_t port = make_port();
  make_simple(&m, port, 5);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  make_simple(&m, port, 6);
  REQUIRE_EQUAL(receive_message(&m, port), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(word_of(&m, 0), 5);
}

CONFORMS(mach_msg, "large messages travel in line") {
  const unsigned size = 1u << 20;
  const mach_port_t port = make_port();
  vm_address_t out = 0;
  vm_address_t in = 0;
  unsigned *words;
  unsigned wrong = 0;
  unsigned i;
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &out, size, TRUE));
  REQUIRE_SUCCESS(vm_allocate(mach_task_self(), &in, size, TRUE));
  start_message((struct message *)out, port, MACH_MSG_TYPE_COPY_SEND, 9);
  words = (unsigned *)out;
  for (i = 6; i < size / 4; i++) words[i] = i;
  REQUIRE_EQUAL(mach_msg((mach_msg_header_t *)out, MACH_SEND_MSG, size, 0, 0, 0, 0), 0);
  REQUIRE_EQUAL(mach_msg((mach_msg_header_t *)in, MACH_RCV_MSG, 0, size, port, 0, 0), 0);
  EXPECT_EQUAL(((mach_msg_header_t *)in)->msgh_size, size);
  words = (unsigned *)in;
  for (i = 6; i < size / 4; i++) wrong += words[i] != i;
  EXPECT_EQUAL(wrong, 0);
}
