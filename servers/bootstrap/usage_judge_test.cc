#include "servers/bootstrap/usage_judge.h"

#include <array>
#include <vector>

#include "gtest/gtest.h"

namespace bootstrap {
namespace {

constexpr uint64_t kSecond = 1'000'000;
constexpr int kPatienceSeconds = UsageJudge::kPatience / kSecond;

class UsageJudgeTest : public testing::Test {
 protected:
  // A number of seconds in which each server uses that many percent of the processor.
  void pass(int seconds, std::array<unsigned, 3> percent) {
    ServerUse* const servers[] = {&uses_[0], &uses_[1], &uses_[2]};
    for (int i = 0; i < seconds; ++i) {
      for (size_t s = 0; s < percent.size(); ++s) uses_[s].used = percent[s] * (kSecond / 100);
      judge_.judge(kSecond, servers);
    }
  }
  std::vector<bool> sharing() const { return {uses_[0].shares, uses_[1].shares, uses_[2].shares}; }

  const std::vector<bool> kNobody = {false, false, false};
  UsageJudge judge_;
  ServerUse uses_[3];
};

TEST_F(UsageJudgeTest, WhoLoopsShares) {
  pass(kPatienceSeconds - 1, {0, 100, 0});
  EXPECT_EQ(sharing(), kNobody);
  pass(1, {0, 100, 0});
  EXPECT_EQ(sharing(), std::vector<bool>({false, true, false}));
}

TEST_F(UsageJudgeTest, WhoLoopTogetherShare) {
  pass(kPatienceSeconds, {45, 5, 50});
  EXPECT_EQ(sharing(), std::vector<bool>({true, false, true}));
}

TEST_F(UsageJudgeTest, MuchWorkIsNoLoop) {
  pass(10 * kPatienceSeconds, {60, 25, 0});
  EXPECT_EQ(sharing(), kNobody);
  for (int i = 0; i < 10; ++i) {
    pass(kPatienceSeconds - 1, {100, 0, 0});
    pass(1, {80, 0, 0});
  }
  EXPECT_EQ(sharing(), kNobody);
}

// Beside a program that computes, a server that loops gets half.
TEST_F(UsageJudgeTest, WhoStillLoopsGoesOnSharing) {
  pass(kPatienceSeconds, {100, 0, 0});
  pass(100, {50, 0, 0});
  pass(100, {100, 0, 0});
  pass(100, {12, 0, 0});
  EXPECT_EQ(sharing(), std::vector<bool>({true, false, false}));
  pass(1, {9, 0, 0});
  EXPECT_EQ(sharing(), kNobody);
}

TEST_F(UsageJudgeTest, AnotherMayLoopMeanwhile) {
  pass(kPatienceSeconds, {100, 0, 0});
  pass(kPatienceSeconds, {10, 90, 0});
  EXPECT_EQ(sharing(), std::vector<bool>({true, true, false}));
}

TEST_F(UsageJudgeTest, LateJudgementsCountAsLong) {
  ServerUse* const servers[] = {&uses_[0]};
  uses_[0].used = 12 * kSecond;
  judge_.judge(12 * kSecond, servers);
  EXPECT_TRUE(uses_[0].shares);
}

}  // namespace
}  // namespace bootstrap
