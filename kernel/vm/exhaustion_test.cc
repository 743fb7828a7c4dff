// Who is chosen when memory and paging space are full.
#include "kernel/vm/exhaustion.h"

#include "kernel/vm/test_support.h"

namespace vm::test {
namespace {

class ExhaustionTest : public VmTest {
 protected:
  // Memory that is there.
  static void fill(User& user, uint32_t pages) {
    const Address a = user.allocate(pages * kPageSize);
    for (uint32_t i = 0; i < pages; ++i) ASSERT_TRUE(user.write(a + i * kPageSize, i));
  }
  static void emulate(User& user) {
    constexpr uint32_t kRoutine[] = {0x1000};
    user.task().set_emulation(kern::EmulationVector::updated(nullptr, 1, kRoutine).take());
  }
};

TEST_F(ExhaustionTest, NobodyWithoutMemory) {
  User idle;
  EXPECT_EQ(Exhaustion::choose().get(), nullptr);
}

TEST_F(ExhaustionTest, WhoUsesMost) {
  User small;
  User large;
  User middle;
  fill(small, 3);
  fill(large, 30);
  fill(middle, 20);
  EXPECT_EQ(Exhaustion::choose().get(), &large.task());
}

TEST_F(ExhaustionTest, AddressSpaceThatIsNotUsedDoesNotCount) {
  User user;
  User boaster;
  fill(user, 5);
  (void)boaster.allocate(1000 * kPageSize);
  EXPECT_EQ(Exhaustion::choose().get(), &user.task());
}

TEST_F(ExhaustionTest, ServersCountAQuarter) {
  User program;
  User server;
  emulate(program);
  fill(program, 10);
  fill(server, 30);
  EXPECT_EQ(Exhaustion::choose().get(), &program.task());
  fill(server, 30);
  EXPECT_EQ(Exhaustion::choose().get(), &server.task());
}

TEST_F(ExhaustionTest, TheBootstrapTaskIsNeeded) {
  User first;
  User other;
  fill(first, 30);
  fill(other, 2);
  first.task().is_bootstrap = true;
  EXPECT_EQ(Exhaustion::choose().get(), &other.task());
  first.task().is_bootstrap = false;
}

}  // namespace
}  // namespace vm::test
