/// Helpers of the tests that run LAMMPS.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <thread>

#include "core/frame.hpp"
#include "engine/process.hpp"

namespace heteroglass::test {

inline bool lammps_is_there() {
  return !engine::find_program("lmp").empty() && std::filesystem::exists("/usr/share/lammps/potentials/CuZr_mm.eam.fs");
}

/// A fixture with a folder of its own, skipped where LAMMPS or its potentials are missing.
class WithLammps : public testing::Test {
 protected:
  void SetUp() override {
    if (!lammps_is_there()) GTEST_SKIP() << "lammps and lammps-data are not installed";
    std::filesystem::create_directories(folder);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("heteroglass_lammps_" + std::to_string(getpid()));
};

inline bool same_frames(const Frame& a, const Frame& b) {
  return a.position == b.position && a.velocity == b.velocity && a.id == b.id && a.box.edges() == b.box.edges() &&
         a.box.origin() == b.box.origin();
}

/// Starts this test program again with one (disabled) test, whose folder stands in HETEROGLASS_TEST_FOLDER, and kills the process group
/// with SIGKILL after random times, again and again; the last start is left to finish. Returns the number of kills that hit it alive.
inline int run_and_kill(const std::string& test, const std::filesystem::path& folder, int kills, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> patience(100, 900);
  int hit = 0;
  for (int round = 0; round <= kills; ++round) {
    engine::Command c{{"/proc/self/exe", "--gtest_also_run_disabled_tests", "--gtest_filter=" + test}, folder, folder / "driver.out", {}};
    c.arguments[0] = std::filesystem::canonical("/proc/self/exe").string();
    c.environment = {{"HETEROGLASS_TEST_FOLDER", folder.string()}};
    engine::Process p(c);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(round < kills ? patience(random) : 120000);
    while (!p.poll() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (p.poll()) break;
    kill(-p.id(), SIGKILL);
    ++hit;
  }
  return hit;
}

}  // namespace heteroglass::test
