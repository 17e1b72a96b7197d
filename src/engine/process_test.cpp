#include "engine/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "core/error.hpp"

namespace heteroglass::engine {
namespace {

namespace fs = std::filesystem;

class ProcessTest : public testing::Test {
 protected:
  ProcessTest() { fs::create_directories(folder); }
  ~ProcessTest() override { fs::remove_all(folder); }

  Command command(std::vector<std::string> arguments) const { return {std::move(arguments), folder, folder / "out", {}}; }
  std::string output() const {
    std::ifstream in(folder / "out");
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  static ExitStatus wait(Process& p) {
    for (int i = 0; i < 500; ++i) {
      if (const auto s = p.poll()) return *s;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("does not end");
  }

  fs::path folder = fs::temp_directory_path() / ("heteroglass_process_" + std::to_string(getpid()));
};

TEST_F(ProcessTest, RunsWithoutAShellInItsDirectory) {
  Command c = command({"printenv", "GLASS"});
  c.environment = {{"GLASS", "$HOME; a b"}};
  Process p(c);
  EXPECT_EQ(wait(p).code, 0);
  EXPECT_EQ(output(), "$HOME; a b\n");
  Process where(command({"pwd"}));
  EXPECT_EQ(wait(where).code, 0);
  EXPECT_EQ(fs::path(output().substr(0, output().size() - 1)), fs::canonical(folder));
}

TEST_F(ProcessTest, GivesExitCodeAndSignal) {
  Process failing(command({"sh", "-c", "exit 7"}));
  EXPECT_EQ(wait(failing).code, 7);
  Process killed(command({"sh", "-c", "kill -9 $$"}));
  EXPECT_EQ(wait(killed).signal, SIGKILL);
}

TEST_F(ProcessTest, MissingProgramIsAnEngineError) { EXPECT_THROW(Process(command({"no-such-program-here"})), EngineError); }

// The grandchild would leave a file behind: it must go with the group.
TEST_F(ProcessTest, StopEndsTheWholeGroup) {
  Process p(command({"sh", "-c", "(sleep 0.5; touch late) & wait"}));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  p.stop(1);
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  EXPECT_FALSE(fs::exists(folder / "late"));
}

TEST(SplitArguments, KeepsQuotedBlanks) {
  EXPECT_EQ(split_arguments("srun  -n 64 --name 'a b' \"c'd\" ''", "--launcher"),
            (std::vector<std::string>{"srun", "-n", "64", "--name", "a b", "c'd", ""}));
  EXPECT_THROW(split_arguments("srun 'x", "--launcher"), InputError);
}

TEST_F(ProcessTest, LockHoldsUntilReleased) {
  {
    const DirectoryLock first(folder, 0);
    EXPECT_THROW(DirectoryLock(folder, 0.05), EngineError);
  }
  EXPECT_NO_THROW(DirectoryLock(folder, 0));
}

}  // namespace
}  // namespace heteroglass::engine
