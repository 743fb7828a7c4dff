#include "tests/conformance/pagers/pager.h"

CONFORMS(memory_faults, "memory whose manager cannot or will not provide it: exceptions") {
  const struct pager pager = plain_pager(2);
  struct client client;
  start_read(&client, pager.at);
  expect_request(&pager, 0, FOR_READ);
  EXPECT_SUCCESS(memory_object_data_error(pager.control, 0, PAGE, 0));
  EXPECT_EQUAL(outcome(&client), KERN_MEMORY_ERROR);
  start_read(&client, pager.at + PAGE);
  expect_request(&pager, 1, FOR_READ);
  kill_port(pager.object);
  EXPECT_EQUAL(outcome(&client), KERN_MEMORY_FAILURE);
}

CONFORMS(memory_faults, KERN_MEMORY_ERROR, "the manager reported an error: in user mode and in calls") {
  const struct pager pager = plain_pager(1);
  struct client client;
  start_write(&client, pager.at, 1);
  expect_request(&pager, 0, FOR_WRITE);
  EXPECT_SUCCESS(memory_object_data_error(pager.control, 0, PAGE, 0));
  EXPECT_EQUAL(outcome(&client), KERN_MEMORY_ERROR);
}

CONFORMS(memory_faults, KERN_MEMORY_FAILURE, "the object was destroyed, or its manager is no more") {
  const struct pager pager = plain_pager(1);
  const struct pager other = plain_pager(1);
  const struct pager third = new_pager(1);
  struct client client;
  EXPECT_SUCCESS(memory_object_destroy(pager.control, 0));
  expect_terminate(&pager);
  EXPECT_EQUAL(try_read(pager.at), KERN_MEMORY_FAILURE);
  kill_port(other.object);
  EXPECT_EQUAL(try_write(other.at, 1), KERN_MEMORY_FAILURE);
  start_read(&client, third.at);
  EXPECT(is_waiting(&client));
  kill_port(third.object);
  EXPECT_EQUAL(outcome(&client), KERN_MEMORY_FAILURE);
}
