/* Appendix E: what error codes are made of, and the codes that belong to no single interface. */
#include <mach/error.h>
#include <mach/mig_errors.h>
#include <mach/task_info.h>
#include <mach_error.h>

#include "tests/conformance/support/messages.h"

CONFORMS(return_values, "system, subsystem and code of an error word") {
  const mach_error_t own = err_local | err_sub(13) | 1;
  EXPECT_EQUAL(err_get_system(own), 0x3e);
  EXPECT_EQUAL(err_get_sub(own), 13);
  EXPECT_EQUAL(err_get_code(own), 1);
  EXPECT_EQUAL(err_kern, 0);
  EXPECT_EQUAL(err_get_system(err_us), 1);
  EXPECT_EQUAL(err_get_system(err_server), 2);
  EXPECT_EQUAL(err_get_system(err_mach_ipc), 4);
  EXPECT_EQUAL(err_get_system(MACH_SEND_TIMED_OUT), err_get_system(err_mach_ipc));
  EXPECT_EQUAL(err_get_code(KERN_FAILURE), KERN_FAILURE);
}

static int differ(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a != *b;
}

CONFORMS(return_values,
         "every code of the appendix is defined, has a value and a text of its own") {
  static const int codes[] = {
      KERN_ABORTED, KERN_FAILURE, KERN_INVALID_ADDRESS, KERN_INVALID_ARGUMENT,
      KERN_INVALID_CAPABILITY, KERN_INVALID_HOST, KERN_INVALID_NAME, KERN_INVALID_RIGHT,
      KERN_INVALID_TASK, KERN_INVALID_VALUE, KERN_MEMORY_ERROR, KERN_MEMORY_FAILURE,
      KERN_NAME_EXISTS, KERN_NO_ACCESS, KERN_NO_SPACE, KERN_NOT_IN_SET, KERN_NOT_RECEIVER,
      KERN_PROTECTION_FAILURE, KERN_RESOURCE_SHORTAGE, KERN_RIGHT_EXISTS, KERN_SUCCESS,
      KERN_UREFS_OVERFLOW, MACH_RCV_BODY_ERROR, MACH_RCV_HEADER_ERROR, MACH_RCV_IN_SET,
      MACH_RCV_INTERRUPTED, MACH_RCV_INVALID_DATA, MACH_RCV_INVALID_NAME, MACH_RCV_INVALID_NOTIFY,
      MACH_RCV_PORT_CHANGED, MACH_RCV_PORT_DIED, MACH_RCV_TIMED_OUT, MACH_RCV_TOO_LARGE,
      MACH_SEND_INTERRUPTED, MACH_SEND_INVALID_DATA, MACH_SEND_INVALID_DEST,
      MACH_SEND_INVALID_HEADER, MACH_SEND_INVALID_MEMORY, MACH_SEND_INVALID_NOTIFY,
      MACH_SEND_INVALID_REPLY, MACH_SEND_INVALID_RIGHT, MACH_SEND_INVALID_TYPE,
      MACH_SEND_MSG_TOO_SMALL, MACH_SEND_NO_BUFFER, MACH_SEND_NO_NOTIFY,
      MACH_SEND_NOTIFY_IN_PROGRESS, MACH_SEND_TIMED_OUT, MACH_SEND_WILL_NOTIFY,
      MIG_ARRAY_TOO_LARGE, MIG_BAD_ARGUMENTS, MIG_BAD_ID, MIG_EXCEPTION, MIG_NO_REPLY,
      MIG_REMOTE_ERROR, MIG_REPLY_MISMATCH, MIG_SERVER_DIED, MIG_TYPE_ERROR};
  const unsigned count = sizeof(codes) / sizeof(codes[0]);
  unsigned same_value = 0;
  unsigned same_text = 0;
  unsigned i;
  unsigned k;
  for (i = 0; i < count; i++) {
    for (k = 0; k < i; k++) {
      same_value += codes[i] == codes[k];
      same_text += !differ(mach_error_string(codes[i]), mach_error_string(codes[k]));
    }
  }
  EXPECT_EQUAL(same_value, 0);
  EXPECT_EQUAL(same_text, 0);
  EXPECT_EQUAL(MACH_MSG_SUCCESS, KERN_SUCCESS);
}

CONFORMS(return_values, "the bits of a resource shortage leave the code below them readable") {
  const unsigned bits =
      MACH_MSG_IPC_SPACE | MACH_MSG_VM_SPACE | MACH_MSG_IPC_KERNEL | MACH_MSG_VM_KERNEL;
  EXPECT_EQUAL(MACH_MSG_IPC_SPACE + MACH_MSG_VM_SPACE + MACH_MSG_IPC_KERNEL + MACH_MSG_VM_KERNEL,
               bits);
  EXPECT_EQUAL(MACH_RCV_BODY_ERROR & bits, 0);
  EXPECT_EQUAL(MACH_RCV_HEADER_ERROR & bits, 0);
  EXPECT_EQUAL(MACH_SEND_TIMED_OUT & bits, 0);
}

/* Sends a hand-made request to this task's kernel port; the result in the answer. */
static kern_return_t ask_kernel(struct message *m) {
  const mach_port_t reply = make_receive();
  m->head.msgh_remote_port = mach_task_self();
  m->head.msgh_local_port = reply;
  m->head.msgh_bits = (m->head.msgh_bits & MACH_MSGH_BITS_COMPLEX) |
                      MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  REQUIRE_EQUAL(send_message(m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(m, reply), MACH_MSG_SUCCESS);
  EXPECT_EQUAL(m->head.msgh_size, sizeof(mig_reply_header_t));
  return (kern_return_t)word_of(m, 0);
}

CONFORMS(return_values, MIG_BAD_ID, "the kernel does not know the request") {
  static const mach_msg_id_t ids[] = {0, 1999, 2000, 2001, 3209, 3999, 5000, -1};
  unsigned i;
  for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
    struct message m;
    start_message(&m, MACH_PORT_NULL, 0, ids[i]);
    EXPECT_EQUAL(ask_kernel(&m), MIG_BAD_ID);
    EXPECT_EQUAL(m.head.msgh_id, ids[i] + 100);
  }
}

CONFORMS(return_values, MIG_BAD_ARGUMENTS, "the request has other items than its id wants") {
  struct message m;
  const mach_port_t port = make_port();
  start_message(&m, MACH_PORT_NULL, 0, 3201); /* mach_port_type, without the name */
  EXPECT_EQUAL(ask_kernel(&m), MIG_BAD_ARGUMENTS);
  start_message(&m, MACH_PORT_NULL, 0, 3201); /* with a right instead */
  add_port(&m, port, MACH_MSG_TYPE_COPY_SEND);
  EXPECT_EQUAL(ask_kernel(&m), MIG_BAD_ARGUMENTS);
  EXPECT_EQUAL(refs_of(port, MACH_PORT_RIGHT_SEND), 1);
  start_message(&m, MACH_PORT_NULL, 0, 3201); /* with one word too many */
  add_integer(&m, (int)port);
  add_integer(&m, 0);
  EXPECT_EQUAL(ask_kernel(&m), MIG_BAD_ARGUMENTS);
}

/* ---- A server that answers wrongly ---- */

static mach_port_t server_port;
static void (*spoil)(struct message *);

static void answer_wrongly(void *argument) {
  struct message m;
  mach_port_t reply;
  (void)argument;
  if (receive_message(&m, server_port) != MACH_MSG_SUCCESS) end_thread();
  reply = m.head.msgh_remote_port;
  start_message(&m, reply, MACH_MSG_TYPE_MOVE_SEND_ONCE, m.head.msgh_id + 100);
  add_integer(&m, KERN_SUCCESS);
  add_integer(&m, 1234);
  if (spoil != 0)
    (*spoil)(&m);
  else
    (void)mach_port_destroy(mach_task_self(), reply);
  if (spoil != 0) (void)send_message(&m);
  end_thread();
}

/* What mach_port_type makes of an answer spoilt like this. */
static kern_return_t call_server(void (*how)(struct message *)) {
  mach_port_type_t type = 0;
  server_port = make_port();
  spoil = how;
  REQUIRE(start_thread(answer_wrongly, 0) != MACH_PORT_NULL);
  return mach_port_type(server_port, 5, &type);
}

static void leave_alone(struct message *m) { (void)m; }
static void wrong_id(struct message *m) { m->head.msgh_id++; }
static void wrong_type(struct message *m) {
  ((mach_msg_type_t *)&m->body[2])->msgt_name = MACH_MSG_TYPE_CHAR;
}
static void too_short(struct message *m) { m->head.msgh_size -= 8; }
static void failure(struct message *m) {
  m->body[1] = MIG_REMOTE_ERROR;
  m->head.msgh_size -= 8;
}

CONFORMS(return_values, "any task can serve the kernel's calls") {
  EXPECT_EQUAL(call_server(leave_alone), KERN_SUCCESS);
}

CONFORMS(return_values, MIG_REPLY_MISMATCH, "the answer has another id than the request") {
  EXPECT_EQUAL(call_server(wrong_id), MIG_REPLY_MISMATCH);
}

CONFORMS(return_values, MIG_TYPE_ERROR, "the answer has other items than it should") {
  EXPECT_EQUAL(call_server(wrong_type), MIG_TYPE_ERROR);
  EXPECT_EQUAL(call_server(too_short), MIG_TYPE_ERROR);
}

CONFORMS(return_values, MIG_REMOTE_ERROR, "a server's own result comes back as it is") {
  EXPECT_EQUAL(call_server(failure), MIG_REMOTE_ERROR);
}

CONFORMS(return_values, MIG_SERVER_DIED, "the server gives the reply right up") {
  EXPECT_EQUAL(call_server(0), MIG_SERVER_DIED);
}

static void many_words(struct message *m) {
  static const int words[TASK_BASIC_INFO_COUNT];
  const mach_msg_type_t type =
      short_type(MACH_MSG_TYPE_INTEGER_32, 32, TASK_BASIC_INFO_COUNT, TRUE);
  m->head.msgh_size -= 8;
  add_words(m, &type, 1);
  add_words(m, words, TASK_BASIC_INFO_COUNT);
}

CONFORMS(return_values, MIG_ARRAY_TOO_LARGE, "the caller's array is too small for the result") {
  integer_t info[TASK_BASIC_INFO_COUNT];
  mach_msg_type_number_t count = 2;
  info[2] = 4711;
  server_port = make_port();
  spoil = many_words;
  REQUIRE(start_thread(answer_wrongly, 0) != MACH_PORT_NULL);
  EXPECT_EQUAL(task_info(server_port, TASK_BASIC_INFO, info, &count), MIG_ARRAY_TOO_LARGE);
  EXPECT_EQUAL(info[2], 4711);
}

static boolean_t refuse(mach_msg_header_t *in, mach_msg_header_t *out) {
  mig_reply_header_t *reply = (mig_reply_header_t *)(void *)out;
  out->msgh_bits = MACH_MSGH_BITS(MACH_MSGH_BITS_REMOTE(in->msgh_bits), 0);
  out->msgh_size = sizeof(*reply);
  out->msgh_remote_port = in->msgh_remote_port;
  out->msgh_local_port = MACH_PORT_NULL;
  out->msgh_id = in->msgh_id + 100;
  reply->RetCode = in->msgh_id == 1 ? MIG_NO_REPLY : KERN_FAILURE;
  return TRUE;
}

CONFORMS(return_values, MIG_NO_REPLY, "mach_msg_server sends no answer") {
  int id;
  const mach_port_t port = make_port();
  const mach_port_t reply = make_receive();
  for (id = 1; id <= 2; id++) {
    struct message m;
    start_message(&m, port, MACH_MSG_TYPE_COPY_SEND, id);
    set_reply(&m, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
    REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
    EXPECT_EQUAL(mach_msg_server_timeout(refuse, 512, port, MACH_RCV_TIMEOUT, 20),
                 MACH_RCV_TIMED_OUT);
    EXPECT_EQUAL(!is_empty(reply), id == 2);
  }
}
