#include "engine/adopt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "crystals.hpp"
#include "io/configuration.hpp"

namespace heteroglass::engine {
namespace {

class Adopt : public testing::Test {
 protected:
  Adopt() { std::filesystem::create_directories(folder); }
  ~Adopt() override { std::filesystem::remove_all(folder); }
  void log() const {
    std::ofstream(folder / "log.lammps")
        << "LAMMPS (29 Sep 2021)\nunits metal\nStep Temp Volume PotEng\n0 900 1 2\n10 800 1 2\nLoop time of 1\n"
           "Step Other\n10 1\nLoop time of 1\nStep Temp Volume PotEng\n10 800 1 2\n20 700 1 2\nLoop time of 1\n";
  }
  void data(const std::string& name, double edge) const { io::write_lammps_data((folder / name).string(), test::b2_crystal(2, edge)); }
  AdoptedRun adopt_it() const { return adopt(folder.string(), {"Cu", "Zr"}, {"Temp", "Volume"}, Context::quiet()); }
  void refused(const std::string& part) const {
    try {
      adopt_it();
      FAIL() << part;
    } catch (const InputError& e) {
      EXPECT_THAT(e.what(), testing::HasSubstr(part));
    }
  }
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("heteroglass_adopt_" + std::to_string(getpid()));
};

// Runs with the columns are joined, the one without is left out; 9.data comes before 10.data.
TEST_F(Adopt, JoinsRunsAndTakesDataInNumericalOrder) {
  log(), data("10.data", 3.4), data("9.data", 3.2);
  const AdoptedRun run = adopt_it();
  EXPECT_EQ(run.log.at("Temp").values, (std::vector<double>{900, 800, 800, 700}));
  ASSERT_EQ(run.frames.size(), 2u);
  EXPECT_NEAR(run.frames[0].box.volume(), std::pow(6.4, 3), 1e-6);
  EXPECT_EQ(run.version, "LAMMPS (29 Sep 2021)");
}

TEST_F(Adopt, SaysWhatIsMissing) {
  refused("one log");
  log();
  refused("dump");
  std::filesystem::remove(folder / "log.lammps");
  data("a.data", 3.2);
  std::ofstream(folder / "log.lammps") << "units metal\nStep Other\n0 1\nLoop time of 1\n";
  refused("Temp, Volume");
  EXPECT_THROW(adopt((folder / "absent").string(), {}, {}, Context::quiet()), InputError);
}

}  // namespace
}  // namespace heteroglass::engine
