#include "sample/cooling_rows.hpp"

#include <gtest/gtest.h>

#include <random>

namespace heteroglass::sample {
namespace {

/// Rows of a log: heating, melt hold, minimisation at 0 K, cooling at 2000 K to 300 K, hold, minimisation that keeps the temperature.
struct Log {
  std::vector<double> t;
  std::size_t cooling_begin = 0, cooling_end = 0;

  explicit Log(double noise) {
    std::mt19937_64 random(3);
    std::normal_distribution<double> gauss(0, noise);
    const auto ramp = [&](double from, double to, int rows) {
      for (int i = 0; i < rows; ++i) {
        const double program = from + (to - from) * i / rows;
        t.push_back(program * (1 + gauss(random)));
      }
    };
    ramp(300, 2000, 30), ramp(2000, 2000, 150);
    t.insert(t.end(), 20, 0.0);
    cooling_begin = t.size();
    ramp(2000, 300, 400);
    cooling_end = t.size();
    ramp(300, 300, 100);
    t.insert(t.end(), 20, t.back());
    ramp(300, 500, 40);
  }
};

// 2 % is the thermal noise of 1,700 atoms.
TEST(CoolingRows, AreTheCoolingAndNothingElse) {
  for (const double noise : {0.0001, 0.02}) {
    const Log log(noise);
    const std::vector<std::size_t> rows = cooling_rows(log.t).place;
    ASSERT_GT(rows.size(), 340u) << noise;
    EXPECT_GE(rows.front(), log.cooling_begin);
    EXPECT_LT(rows.back(), log.cooling_end);
  }
}

TEST(CoolingRows, MinimisationsWithinAreLeftOut) {
  std::vector<double> t;
  for (int i = 0; i < 100; ++i) {
    t.push_back(2000 - 15 * i);
    if (i == 50) t.insert(t.end(), 5, t.back()), t.insert(t.end(), 5, 0.0);
  }
  const std::vector<std::size_t> rows = cooling_rows(t).place;
  ASSERT_GT(rows.size(), 85u);
  for (const std::size_t i : rows) EXPECT_GT(t[i], 500);
  EXPECT_TRUE(rows.front() < 50 && rows.back() > 60);
}

// Velocities given at twice the temperature: the fall begins with the first row, and at once.
TEST(CoolingRows, MayBeginWithTheFirstRow) {
  EXPECT_EQ(cooling_rows(std::vector<double>{1600, 800, 810, 790, 805}).place, (std::vector<std::size_t>{0, 1}));
}

TEST(CoolingRows, NoneWhereItOnlyHeatsOrHolds) {
  EXPECT_TRUE(cooling_rows(std::vector<double>{300, 600, 900, 1200}).place.empty());
  EXPECT_TRUE(cooling_rows(std::vector<double>{300, 310, 305, 299}).place.empty());
  EXPECT_TRUE(cooling_rows(std::vector<double>{}).place.empty());
}

}  // namespace
}  // namespace heteroglass::sample
