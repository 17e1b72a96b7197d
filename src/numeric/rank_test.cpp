#include "numeric/rank.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <numeric>
#include <random>

namespace heteroglass::numeric {
namespace {

using Values = std::vector<double>;

RankedPair paired(const Values& x, const Values& y) { return {x, std::make_shared<RankedResponse>(y)}; }

TEST(Rank, TiesShareTheirMeanRank) { EXPECT_EQ(ranks(Values{3, 1, 3, 2}), (Values{3.5, 1, 3.5, 2})); }

TEST(Rank, SpearmanSeesOnlyOrder) {
  Values x(50), y(50);
  for (std::size_t i = 0; i < 50; ++i) x[i] = double(i), y[i] = std::exp(double(i) / 5);
  EXPECT_NEAR(spearman(x, y), 1, 1e-15);
  for (double& v : y) v = -v;
  EXPECT_NEAR(spearman(x, y), -1, 1e-15);
  EXPECT_TRUE(std::isnan(spearman(x, Values(50, 1.0))));
}

// Without ties: rho = 1 - 6 sum d^2 / (n (n^2 - 1)).
TEST(Rank, SpearmanByDifferencesOfRanks) {
  const Values x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, y = {2, 1, 4, 3, 6, 5, 8, 7, 10, 9};
  EXPECT_NEAR(spearman(x, y), 1 - 6 * 10.0 / 990, 1e-15);
  EXPECT_NEAR(spearman(Values{1, 2, 3, 4}, Values{2, 1, 4, 3}), 1 - 6 * 4.0 / 60, 1e-15);  // of few as well
}

// Positives score {3, 1}, negatives {2, 1}: pairs 3>2, 3>1, 1<2, 1=1 -> 2.5 of 4.
TEST(Rank, AreaCountsPairs) { EXPECT_EQ(area_under_curve(Values{3, 1, 2, 1}, {true, true, false, false}), 2.5 / 4); }

// Bivariate normal of correlation r: rho = 6/pi asin(r/2).
TEST(Rank, SpearmanOfTheBivariateNormal) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> g;
  Values x(100000), y(100000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = g(random), y[i] = 0.6 * x[i] + 0.8 * g(random);
  EXPECT_NEAR(spearman(x, y), 6 / std::numbers::pi * std::asin(0.3), 0.01);
}

TEST(Rank, DecilesAreMeansOfTenths) {
  Values x(100), y(100);
  for (std::size_t i = 0; i < 100; ++i) x[i] = double((i * 37) % 100), y[i] = x[i] + 1;
  const auto d = paired(x, y).statistics().decile;
  for (std::size_t k = 0; k < 10; ++k) EXPECT_NEAR(d[k], (10.0 * double(k) + 5.5) / 50.5, 1e-12);
}

// A flag: 30 of 100 set. The last decile holds flagged ones only; equal values share, so it has their mean.
TEST(Rank, EqualValuesShareDeciles) {
  Values x(100, 0.0), y(100, 1.0);
  for (std::size_t i = 0; i < 30; ++i) x[i] = 1, y[i] = double(i % 3);  // flagged mean 1
  for (std::size_t i = 0; i < 30; ++i) y[i] *= 2;                       // flagged mean 2, all 1.3
  const auto d = paired(x, y).statistics().decile;
  for (std::size_t k = 7; k < 10; ++k) EXPECT_NEAR(d[k], 2 / 1.3, 1e-12);
  EXPECT_NEAR(d[0], 1 / 1.3, 1e-12);
}

TEST(Rank, SubsetsAndPermutationsEqualTheDirectWay) {
  std::mt19937_64 random(2);
  std::uniform_int_distribution<int> u(0, 20), b(0, 4);
  Values x(200), y(200);
  std::vector<int> block(200);
  for (std::size_t i = 0; i < 200; ++i) x[i] = u(random), y[i] = u(random) + 0.1 * x[i], block[i] = b(random);
  const RankedPair pair = paired(x, y);
  Values xs, ys;
  for (std::size_t i = 0; i < 200; ++i)
    if (block[i] != 3) xs.push_back(x[i]), ys.push_back(y[i]);
  const auto direct = paired(xs, ys).statistics(), jackknife = pair.without(block, 3);
  EXPECT_NEAR(jackknife.spearman, direct.spearman, 1e-14);
  EXPECT_NEAR(jackknife.auc, direct.auc, 1e-14);
  EXPECT_NEAR(jackknife.decile[9], direct.decile[9], 1e-14);
  std::vector<std::uint32_t> p(200);
  std::iota(p.begin(), p.end(), 0u);
  std::shuffle(p.begin(), p.end(), random);
  Values xp(200);
  for (std::size_t i = 0; i < 200; ++i) xp[i] = x[p[i]];
  const auto moved = paired(xp, y).statistics(), permuted = pair.permuted(p);
  EXPECT_NEAR(permuted.spearman, moved.spearman, 1e-14);
  EXPECT_NEAR(permuted.auc, moved.auc, 1e-14);
  EXPECT_NEAR(permuted.decile[9], moved.decile[9], 1e-6);
}

// Independent program: SciPy's spearmanr and its Mann-Whitney U (AUC = U / (n+ n-)), with ties.
TEST(Rank, EqualsSciPy) {
  if (std::system("/usr/bin/python3 -c 'import scipy' >/dev/null 2>&1") != 0) GTEST_SKIP() << "python3-scipy is not installed";
  std::mt19937_64 random(8);
  std::uniform_int_distribution<int> u(0, 30);
  Values x(300), y(300);
  std::vector<bool> positive(300);
  for (std::size_t i = 0; i < 300; ++i) x[i] = u(random), y[i] = u(random) + 0.3 * x[i], positive[i] = y[i] > 25;
  const auto out = std::filesystem::temp_directory_path() / fmt::format("heteroglass_rank_{}", ::getpid());
  const std::string code = fmt::format(
      "import scipy.stats as s; x=[{}]; y=[{}]; p=[a for a,b in zip(x,y) if b>25]; q=[a for a,b in zip(x,y) if not b>25]; "
      "u=s.mannwhitneyu(p,q).statistic; open('{}','w').write(repr(float(s.spearmanr(x,y)[0]))+' '+repr(float(u/len(p)/len(q))))",
      fmt::join(x, ","), fmt::join(y, ","), out.string());
  ASSERT_EQ(std::system(fmt::format("/usr/bin/python3 -c \"{}\"", code).c_str()), 0);
  double rho = 0, auc = 0;
  std::ifstream(out) >> rho >> auc;
  std::filesystem::remove(out);
  EXPECT_NEAR(spearman(x, y), rho, 1e-12);
  EXPECT_NEAR(area_under_curve(x, positive), auc, 1e-12);
}

}  // namespace
}  // namespace heteroglass::numeric
