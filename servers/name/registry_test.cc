#include "servers/name/registry.h"

#include <map>

#include "gtest/gtest.h"

namespace name {
namespace {

// Counts references instead of holding ports.
class FakePorts : public PortOperations {
 public:
  mach_port_t make_service_port() override {
    if (exhausted) return MACH_PORT_NULL;
    ++services;
    return next++;
  }
  bool watch_receive_right(mach_port_t) override { return !exhausted; }
  void release_send_right(mach_port_t port) override { --references[port]; }
  void destroy_service_port(mach_port_t) override { --services; }

  bool exhausted = false;
  int services = 0;
  mach_port_t next = 100;
  std::map<mach_port_t, int> references;
};

class RegistryTest : public testing::Test {
 protected:
  FakePorts ports;
  Registry registry{ports};
};

TEST_F(RegistryTest, CheckInIsFoundUntilCheckedOut) {
  mach_port_t found = MACH_PORT_NULL;
  EXPECT_EQ(registry.look_up("tty", found), NETNAME_NOT_CHECKED_IN);
  EXPECT_EQ(registry.check_in("tty", 7, 8), NETNAME_SUCCESS);
  EXPECT_EQ(registry.look_up("tty", found), NETNAME_SUCCESS);
  EXPECT_EQ(found, 8u);
  EXPECT_EQ(registry.check_out("tty", 9), NETNAME_NOT_YOURS);
  EXPECT_EQ(registry.check_out("tty", 7), NETNAME_SUCCESS);
  EXPECT_EQ(registry.check_out("tty", 7), NETNAME_NOT_CHECKED_IN);
  EXPECT_EQ(ports.references[7], -1);
  EXPECT_EQ(ports.references[8], -1);
}

TEST_F(RegistryTest, SignatureGuardsReplacement) {
  EXPECT_EQ(registry.check_in("x", 7, 8), NETNAME_SUCCESS);
  EXPECT_EQ(registry.check_in("x", 5, 9), NETNAME_NOT_YOURS);
  EXPECT_EQ(registry.check_in("x", 7, 9), NETNAME_SUCCESS);
  mach_port_t found = MACH_PORT_NULL;
  EXPECT_EQ(registry.look_up("x", found), NETNAME_SUCCESS);
  EXPECT_EQ(found, 9u);
  EXPECT_EQ(ports.references[8], -1);
}

TEST_F(RegistryTest, DeadPortsAreForgotten) {
  EXPECT_EQ(registry.check_in("x", 7, 8), NETNAME_SUCCESS);
  EXPECT_EQ(registry.died(8), std::vector<std::string>{"x"});
  EXPECT_TRUE(registry.died(8).empty());
  mach_port_t found = MACH_PORT_NULL;
  EXPECT_EQ(registry.look_up("x", found), NETNAME_NOT_CHECKED_IN);
}

TEST_F(RegistryTest, ServicePortOutlivesItsServer) {
  mach_port_t client = MACH_PORT_NULL;
  EXPECT_EQ(registry.service_look_up("file", client), NETNAME_SUCCESS);  // before any server
  mach_port_t server = MACH_PORT_NULL;
  EXPECT_EQ(registry.service_check_in("file", Visibility::kPublic, server), NETNAME_SUCCESS);
  EXPECT_EQ(server, client);
  mach_port_t second = MACH_PORT_NULL;
  EXPECT_EQ(registry.service_check_in("file", Visibility::kPublic, second), NETNAME_IN_USE);
  EXPECT_TRUE(registry.returned(server));
  EXPECT_EQ(registry.service_check_in("file", Visibility::kPublic, second), NETNAME_SUCCESS);
  EXPECT_EQ(second, client);
  EXPECT_FALSE(registry.returned(4711));
}

TEST_F(RegistryTest, RestoredServicesAreServedUntilTheyComeBack) {
  registry.restore_service("file", Visibility::kPublic, 50);
  EXPECT_TRUE(registry.has_service("file"));
  EXPECT_FALSE(registry.has_service("net"));
  mach_port_t port = MACH_PORT_NULL;
  EXPECT_EQ(registry.service_check_in("file", Visibility::kPublic, port), NETNAME_IN_USE);
  EXPECT_EQ(registry.look_up("file", port), NETNAME_SUCCESS);
  EXPECT_EQ(port, 50u);
  EXPECT_TRUE(registry.returned(50));
  EXPECT_EQ(registry.service_check_in("file", Visibility::kPublic, port), NETNAME_SUCCESS);
  EXPECT_EQ(port, 50u);
  registry.restore_service("file", Visibility::kPublic, 51);  // known already
  EXPECT_EQ(ports.references[51], -1);
}

TEST_F(RegistryTest, ServiceNamesCannotBeTaken) {
  mach_port_t port = MACH_PORT_NULL;
  EXPECT_EQ(registry.service_look_up("file", port), NETNAME_SUCCESS);
  EXPECT_EQ(registry.check_in("file", 7, 8), NETNAME_NOT_YOURS);
  mach_port_t found = MACH_PORT_NULL;
  EXPECT_EQ(registry.look_up("file", found), NETNAME_NOT_CHECKED_IN);
  EXPECT_EQ(registry.service_check_in("file", Visibility::kPrivate, port), NETNAME_SUCCESS);
  EXPECT_EQ(registry.look_up("file", found), NETNAME_NOT_CHECKED_IN);
}

TEST_F(RegistryTest, EverybodyFindsPublicServices) {
  mach_port_t port = MACH_PORT_NULL;
  EXPECT_EQ(registry.service_check_in("net", Visibility::kPublic, port), NETNAME_SUCCESS);
  mach_port_t found = MACH_PORT_NULL;
  EXPECT_EQ(registry.look_up("net", found), NETNAME_SUCCESS);
  EXPECT_EQ(found, port);
}

TEST_F(RegistryTest, ShortageIsAnErrorAndLeaksNothing) {
  mach_port_t port = MACH_PORT_NULL;
  ports.exhausted = true;
  EXPECT_EQ(registry.service_check_in("file", Visibility::kPublic, port), KERN_RESOURCE_SHORTAGE);
  ports.exhausted = false;
  EXPECT_EQ(registry.service_check_in("file", Visibility::kPublic, port), NETNAME_SUCCESS);
  ports.exhausted = true;
  EXPECT_TRUE(registry.returned(port));
  EXPECT_EQ(ports.services, 0);
}

TEST_F(RegistryTest, ListsForPeople) {
  mach_port_t port = MACH_PORT_NULL;
  EXPECT_EQ(registry.service_check_in("file", Visibility::kPublic, port), NETNAME_SUCCESS);
  EXPECT_EQ(registry.service_look_up("net", port), NETNAME_SUCCESS);
  EXPECT_EQ(registry.check_in("x", 7, 8), NETNAME_SUCCESS);
  EXPECT_EQ(registry.list(), "service file running\nservice net waiting\nname x\n");
}

}  // namespace
}  // namespace name
