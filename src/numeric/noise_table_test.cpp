#include "numeric/noise_table.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace heteroglass::numeric {
namespace {

// Surrogates 1, 2, 3: mean 2, sd 1. A measured 3.5 is farther out than all of them: p = 1/4; a measured 2: p = 1.
TEST(NoiseTable, RanksTheDataAmongSurrogates) {
  NoiseTable t;
  t.add("far", 3.5, std::vector<double>{1, 2, 3});
  t.add("middle", 2, std::vector<double>{1, 2, 3, NAN});
  const Table r = t.table();
  ASSERT_EQ(r.columns.size(), 5u);
  EXPECT_EQ(r.find("p_value")->number, (std::vector<double>{0.25, 1}));
  EXPECT_EQ(r.find("surrogate_mean")->number, (std::vector<double>{2, 2}));
  EXPECT_EQ(r.find("surrogate_sd")->number, (std::vector<double>{1, 1}));
}

TEST(NoiseTable, NamesSeveralControls) {
  NoiseTable t("controls");
  t.add("size", "shuffled", 1, std::vector<double>{1, 2});
  EXPECT_EQ(t.table().find("control")->text.front(), "shuffled");
}

}  // namespace
}  // namespace heteroglass::numeric
