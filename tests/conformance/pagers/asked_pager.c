#include "tests/conformance/pagers/asked_pager.h"

static void answer_one(void *argument) {
  struct asked_pager *pager = argument;
  struct message request, answer;
  unsigned i;
  REQUIRE_EQUAL(receive_message(&request, pager->port), MACH_MSG_SUCCESS);
  pager->id = request.head.msgh_id;
  pager->request_size = request.head.msgh_size;
  if (pager->request_size > sizeof(request.head)) pager->argument = word_of(&request, 0);
  start_message(&answer, request.head.msgh_remote_port, MACH_MSG_TYPE_MOVE_SEND_ONCE,
                request.head.msgh_id + 100);
  add_integer(&answer, pager->code);
  if (pager->object != MACH_PORT_NULL)
    add_port(&answer, pager->object, MACH_MSG_TYPE_COPY_SEND);
  for (i = 0; i < pager->word_count; i++) add_integer(&answer, (int)pager->words[i]);
  REQUIRE_EQUAL(send_message(&answer), MACH_MSG_SUCCESS);
  end_thread();
}

void start_asked_pager(struct asked_pager *pager, unsigned word_count) {
  pager->port = make_port();
  pager->word_count = word_count;
  REQUIRE(start_thread(answer_one, pager) != MACH_PORT_NULL);
}
