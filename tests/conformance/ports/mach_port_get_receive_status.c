#include "tests/conformance/support/messages.h"

CONFORMS(mach_port_get_receive_status, KERN_SUCCESS, "counts, limits and the set of a port") {
  mach_port_status_t status;
  const mach_port_t port = make_port();
  const mach_port_t set = make_set();
  struct message m;
  REQUIRE_SUCCESS(mach_port_move_member(mach_task_self(), port, set));
  (void)make_send_once(port);
  (void)make_send_once(port);
  make_simple(&m, port, 1);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(send_message(&m), MACH_MSG_SUCCESS);
  REQUIRE_EQUAL(receive_message(&m, set), MACH_MSG_SUCCESS);
  REQUIRE_SUCCESS(mach_port_set_qlimit(mach_task_self(), port, 9));
  REQUIRE_SUCCESS(mach_port_get_receive_status(mach_task_self(), port, &status));
  EXPECT_EQUAL(status.mps_pset, set);
  EXPECT_EQUAL(status.mps_seqno, 1);
  EXPECT_EQUAL(status.mps_mscount, 1);
  EXPECT_EQUAL(status.mps_qlimit, 9);
  EXPECT_EQUAL(status.mps_msgcount, 2);
  EXPECT_EQUAL(status.mps_sorights, 2);
  EXPECT(status.mps_srights);
}

CONFORMS(mach_port_get_receive_status, KERN_SUCCESS,
         "of another task's port, with that task's name for the set") {
  mach_port_status_t status;
  const mach_port_t child = make_empty_task();
  REQUIRE_SUCCESS(mach_port_allocate_name(child, MACH_PORT_RIGHT_RECEIVE, 0x5000));
  REQUIRE_SUCCESS(mach_port_allocate_name(child, MACH_PORT_RIGHT_PORT_SET, 0x5100));
  REQUIRE_SUCCESS(mach_port_move_member(child, 0x5000, 0x5100));
  REQUIRE_SUCCESS(mach_port_get_receive_status(child, 0x5000, &status));
  EXPECT_EQUAL(status.mps_pset, 0x5100);
  REQUIRE_SUCCESS(mach_port_rename(child, 0x5100, 0x5200));
  REQUIRE_SUCCESS(mach_port_get_receive_status(child, 0x5000, &status));
  EXPECT_EQUAL(status.mps_pset, 0x5200);
}

CONFORMS(mach_port_get_receive_status, KERN_INVALID_NAME, "the name denotes nothing") {
  mach_port_status_t status;
  EXPECT_EQUAL(mach_port_get_receive_status(mach_task_self(), unused_name(), &status),
               KERN_INVALID_NAME);
  EXPECT_EQUAL(mach_port_get_receive_status(mach_task_self(), MACH_PORT_NULL, &status),
               KERN_INVALID_NAME);
}

CONFORMS(mach_port_get_receive_status, KERN_INVALID_RIGHT, "the name denotes no receive right") {
  mach_port_status_t status;
  const mach_port_t port = make_receive();
  EXPECT_EQUAL(mach_port_get_receive_status(mach_task_self(), mach_task_self(), &status),
               KERN_INVALID_RIGHT);
  EXPECT_EQUAL(mach_port_get_receive_status(mach_task_self(), make_set(), &status),
               KERN_INVALID_RIGHT);
  EXPECT_EQUAL(mach_port_get_receive_status(mach_task_self(), make_dead_name(), &status),
               KERN_INVALID_RIGHT);
  EXPECT_EQUAL(mach_port_get_receive_status(mach_task_self(), make_send_once(port), &status),
               KERN_INVALID_RIGHT);
}

CONFORMS(mach_port_get_receive_status, KERN_INVALID_TASK, "a port that is no task") {
  mach_port_status_t status;
  EXPECT_EQUAL(mach_port_get_receive_status(no_task(), make_receive(), &status),
               KERN_INVALID_TASK);
}

CONFORMS(mach_port_get_receive_status, "what a status says of requests") {
  mach_port_t previous;
  const mach_port_t port = make_port();
  const mach_port_t notify = make_receive();
  EXPECT(!status_of(port).mps_nsrequest && !status_of(port).mps_pdrequest);
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_NO_SENDERS, 9,
                                                 notify, MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  EXPECT(status_of(port).mps_nsrequest && !status_of(port).mps_pdrequest);
  REQUIRE_SUCCESS(mach_port_request_notification(mach_task_self(), port,
                                                 MACH_NOTIFY_PORT_DESTROYED, 0, notify,
                                                 MACH_MSG_TYPE_MAKE_SEND_ONCE, &previous));
  EXPECT(status_of(port).mps_nsrequest && status_of(port).mps_pdrequest);
}
