#include "io/isolated.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace heteroglass::io {
namespace {

TEST(Isolated, HandsBackWhatTheChildMade) {
  const std::string large(1'000'000, 'x');  // more than a pipe holds
  EXPECT_EQ(isolated([&] { return large; }), large);
  EXPECT_EQ(isolated([] { return std::string(); }), "");
}

TEST(Isolated, ACrashOrAnEndlessLoopIsNoResult) {
  EXPECT_EQ(isolated([]() -> std::string {
              std::raise(SIGKILL);
              return "x";
            }),
            std::nullopt);
  EXPECT_EQ(isolated([]() -> std::string { throw std::runtime_error("no"); }), std::nullopt);
  EXPECT_EQ(isolated(
                []() -> std::string {
                  while (::getppid() >= 0) {
                  }
                  return {};
                },
                1),
            std::nullopt);
}

}  // namespace
}  // namespace heteroglass::io
