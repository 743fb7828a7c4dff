#include "servers/bootstrap/config.h"

#include "gtest/gtest.h"

namespace bootstrap {
namespace {

TEST(ConfigTest, ReadsServersInOrder) {
  const auto result = parse_config(
      "# comment\n"
      "\n"
      "pager  module:default_pager restart,unnamed  hd0s2   # trailing\n"
      "process\t/servers/process   ignore\r\n"
      "last /servers/last required,restart a b c");
  const auto* servers = std::get_if<std::vector<ServerEntry>>(&result);
  ASSERT_NE(servers, nullptr);
  ASSERT_EQ(servers->size(), 3u);
  EXPECT_EQ((*servers)[0].name, "pager");
  EXPECT_TRUE((*servers)[0].from_module);
  EXPECT_EQ((*servers)[0].program, "default_pager");
  EXPECT_EQ((*servers)[0].arguments, std::vector<std::string>{"hd0s2"});
  EXPECT_TRUE((*servers)[0].restart);
  EXPECT_TRUE((*servers)[0].unnamed);
  EXPECT_FALSE((*servers)[0].required);
  EXPECT_FALSE((*servers)[1].from_module);
  EXPECT_FALSE((*servers)[1].restart);
  EXPECT_TRUE((*servers)[2].restart);
  EXPECT_TRUE((*servers)[2].required);
  EXPECT_EQ((*servers)[2].arguments.size(), 3u);
}

TEST(ConfigTest, NamesTheBadLine) {
  for (const char* text : {"ok /a restart\nbad\n", "ok /a restart\nbad relative restart",
                           "ok /a restart\nbad /b sometimes", "a /a restart\na /b restart",
                           "ok /a restart\nbad module: restart", "ok /a restart\nbad /b restart,",
                           "ok /a restart\nbad /b ignore,restart"}) {
    const auto result = parse_config(text);
    const auto* error = std::get_if<ConfigError>(&result);
    ASSERT_NE(error, nullptr) << text;
    EXPECT_EQ(error->line, 2) << text;
    EXPECT_FALSE(error->message.empty());
  }
}

TEST(ConfigTest, EmptyTextIsNoServers) {
  const auto result = parse_config("");
  EXPECT_TRUE(std::get<std::vector<ServerEntry>>(result).empty());
}

}  // namespace
}  // namespace bootstrap
