// The macro forms of the book: which general call each stands for.
#include <mach.h>
#include <mach/mach_norma.h>
#include <mach/norma_special_ports.h>

#include "gtest/gtest.h"

namespace {
const char* called;
int which;
mach_port_t object;
mach_port_t port_given;
int node_given;

kern_return_t record(const char* name, mach_port_t on, int which_port, mach_port_t port) {
  called = name;
  object = on;
  which = which_port;
  port_given = port;
  return KERN_SUCCESS;
}
}  // namespace

extern "C" {
kern_return_t task_get_special_port(mach_port_t task, int which_port, mach_port_t* port) {
  *port = 99;
  return record("task_get", task, which_port, 0);
}
kern_return_t task_set_special_port(mach_port_t task, int which_port, mach_port_t port) {
  return record("task_set", task, which_port, port);
}
kern_return_t thread_get_special_port(mach_port_t thread, int which_port, mach_port_t* port) {
  *port = 99;
  return record("thread_get", thread, which_port, 0);
}
kern_return_t thread_set_special_port(mach_port_t thread, int which_port, mach_port_t port) {
  return record("thread_set", thread, which_port, port);
}
kern_return_t norma_get_special_port(mach_port_t host, int node, int which_port,
                                     mach_port_t* port) {
  *port = 99;
  node_given = node;
  return record("norma_get", host, which_port, 0);
}
kern_return_t norma_set_special_port(mach_port_t host, int node, int which_port,
                                     mach_port_t port) {
  node_given = node;
  return record("norma_set", host, which_port, port);
}
}

namespace {

void expect_call(const char* name, int which_port, mach_port_t port) {
  EXPECT_STREQ(called, name);
  EXPECT_EQ(object, 7u);
  EXPECT_EQ(which, which_port);
  EXPECT_EQ(port_given, port);
}

TEST(MacroForms, Task) {
  mach_port_t port = 0;
  EXPECT_EQ(task_get_kernel_port(7, &port), KERN_SUCCESS);
  expect_call("task_get", 1, 0);
  EXPECT_EQ(port, 99u);
  task_get_exception_port(7, &port);
  expect_call("task_get", 3, 0);
  task_get_bootstrap_port(7, &port);
  expect_call("task_get", 4, 0);
  task_set_kernel_port(7, 5);
  expect_call("task_set", 1, 5);
  task_set_exception_port(7, 5);
  expect_call("task_set", 3, 5);
  task_set_bootstrap_port(7, 5);
  expect_call("task_set", 4, 5);
}

TEST(MacroForms, Thread) {
  mach_port_t port = 0;
  thread_get_kernel_port(7, &port);
  expect_call("thread_get", 1, 0);
  thread_get_exception_port(7, &port);
  expect_call("thread_get", 3, 0);
  thread_set_kernel_port(7, 5);
  expect_call("thread_set", 1, 5);
  thread_set_exception_port(7, 5);
  expect_call("thread_set", 3, 5);
}

TEST(MacroForms, Norma) {
  mach_port_t port = 0;
  norma_get_device_port(7, 2, &port);
  expect_call("norma_get", 1, 0);
  EXPECT_EQ(node_given, 2);
  norma_get_host_port(7, 2, &port);
  expect_call("norma_get", 2, 0);
  norma_get_host_priv_port(7, 2, &port);
  expect_call("norma_get", 3, 0);
  norma_get_nameserver_port(7, 2, &port);
  expect_call("norma_get", 4, 0);
  norma_get_host_paging_port(7, 2, &port);
  expect_call("norma_get", 5, 0);
  norma_set_device_port(7, 3, 5);
  expect_call("norma_set", 1, 5);
  EXPECT_EQ(node_given, 3);
  norma_set_host_port(7, 3, 5);
  expect_call("norma_set", 2, 5);
  norma_set_host_priv_port(7, 3, 5);
  expect_call("norma_set", 3, 5);
  norma_set_nameserver_port(7, 3, 5);
  expect_call("norma_set", 4, 5);
  norma_set_host_paging_port(7, 3, 5);
  expect_call("norma_set", 5, 5);
}

}  // namespace
