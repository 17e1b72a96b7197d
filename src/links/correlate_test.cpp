#include "links/correlate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <numbers>

#include "core/error.hpp"
#include "crystals.hpp"
#include "links/indicators.hpp"

namespace heteroglass::links {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Pair {
  std::vector<Frame> frames;
};

/// A disordered frame whose atoms carry `x` before and `y` after, both made by `fill(atom, type, random)`.
template <class Fill> Pair made(Fill fill, int n = 6, unsigned seed = 1) {
  Frame f = test::disordered(n, 0.06, seed);
  std::mt19937_64 random(seed + 100);
  AtomProperty x{"x", "1", 1, {}}, y{"y", "1", 1, {}};
  for (std::size_t i = 0; i < f.size(); ++i) {
    const auto [a, b] = fill(i, f.type[i], random, f);
    x.values.push_back(a), y.values.push_back(b);
  }
  Frame g = f;
  f.properties = {x}, g.properties = {y};
  return {{f, g}};
}

std::pair<double, double> gaussian_pair(double r, std::mt19937_64& random) {
  std::normal_distribution<double> g;
  const double a = g(random), b = r * a + std::sqrt(1 - r * r) * g(random);
  return {a, std::exp(b)};
}

Pair correlated(double r, unsigned seed = 1, int n = 6) {
  return made([r](std::size_t, int, std::mt19937_64& random, const Frame&) { return gaussian_pair(r, random); }, n, seed);
}

const CorrelateOptions quick = {.response = "y", .r_cut = 3.8, .shuffles = 50};

/// The number of a column in the row of an indicator.
double cell(const Correlate& r, const std::string& column, const std::string& indicator, const std::string& species,
            const std::string& averaging = "raw") {
  const Table& t = r.table;
  for (std::size_t i = 0; i < t.rows(); ++i)
    if (t.find("indicator")->text[i] == indicator && t.find("species")->text[i] == species && t.find("averaging")->text[i] == averaging)
      return t.find(column)->number[i];
  ADD_FAILURE() << "no row " << indicator << ' ' << averaging << ' ' << species;
  return 0;
}

// Bivariate normal of correlation r: rho = 6/pi asin(r/2), whatever monotonic function is applied.
TEST(Correlate, FindsTheKnownSpearmanPerSpeciesAndPooled) {
  const Correlate r = correlate(correlated(0.6).frames, quick);
  for (const std::string group : {"Cu", "Zr", "all"}) {
    const double error = cell(r, "spearman_error", "x", group);
    EXPECT_NEAR(cell(r, "spearman", "x", group), 6 / std::numbers::pi * std::asin(0.3), 4 * error) << group;
    EXPECT_LT(error, 0.1);
    EXPECT_GT(cell(r, "auc", "x", group), 0.7);
    EXPECT_GT(cell(r, "top_decile_enhancement", "x", group), 2);
    EXPECT_LT(cell(r, "bottom_decile_enhancement", "x", group), 0.6);
    EXPECT_GT(cell(r, "z", "x", group), 5);
  }
  EXPECT_THAT(r.verdict, HasSubstr("strong correlation with x (raw)"));
  EXPECT_THAT(r.verdict, Not(HasSubstr("composition")));
  EXPECT_EQ(r.curve.at(0), "Cu: x (raw)");
  EXPECT_GT(r.response_curve(0, 9), r.response_curve(0, 0));
}

TEST(Correlate, ShuffledControlIsZeroWithinSpecies) {
  const Correlate r = correlate(correlated(0.6).frames, quick);
  for (const std::string group : {"Cu", "Zr"}) {
    const double spread = cell(r, "spearman_shuffled_error", "x", group);
    EXPECT_NEAR(cell(r, "spearman_shuffled", "x", group), 0, 4 * spread / std::sqrt(50.0)) << group;
    EXPECT_NEAR(spread, 1 / std::sqrt(cell(r, "atoms", "x", group) - 1), 0.5 * spread);  // of a permutation: 1/sqrt(n - 1)
    EXPECT_NEAR(cell(r, "auc_shuffled", "x", group), 0.5, 0.02);
    EXPECT_NEAR(cell(r, "enhancement_shuffled", "x", group), 1, 0.1);
  }
}

TEST(Correlate, NegativeCorrelationKeepsItsSign) {
  const Correlate r = correlate(correlated(-0.6).frames, quick);
  EXPECT_LT(cell(r, "spearman", "x", "Cu"), -0.4);
  EXPECT_LT(cell(r, "auc", "x", "Cu"), 0.3);
  EXPECT_GT(cell(r, "bottom_decile_enhancement", "x", "Cu"), 2);
  EXPECT_THAT(r.verdict, HasSubstr("bottom decile"));
}

TEST(Correlate, SaysThatAWeakCorrelationIsWeak) {
  const Correlate r = correlate(correlated(0.25, 1, 9).frames, quick);
  EXPECT_THAT(r.verdict, HasSubstr("Cu: weak correlation with x"));
}

// Indicator and response know of each other only through the species: pooling fabricates a correlation.
TEST(Correlate, CompositionAloneIsNamed) {
  const auto fill = [](std::size_t, int type, std::mt19937_64& random, const Frame&) {
    std::normal_distribution<double> g;
    return std::pair(2.0 * type + g(random), std::exp(1.5 * type + 0.5 * g(random)));
  };
  const Correlate r = correlate(made(fill).frames, quick);
  EXPECT_LT(std::abs(cell(r, "spearman", "x", "Cu")), 0.15);
  EXPECT_LT(std::abs(cell(r, "spearman", "x", "Zr")), 0.15);
  EXPECT_GT(cell(r, "spearman", "x", "all"), 0.4);
  EXPECT_NEAR(cell(r, "spearman_shuffled", "x", "all"), cell(r, "spearman", "x", "all"), 0.1);
  EXPECT_THAT(r.verdict, HasSubstr("this is composition"));
  EXPECT_THAT(r.verdict, HasSubstr("Cu: no correlation stands out"));
}

// Two independent fields that vary slowly in space: atoms are far from independent, and the errors must know.
TEST(Correlate, BlocksSeeSpatialCorrelation) {
  const auto fill = [](std::size_t i, int, std::mt19937_64&, const Frame& f) {
    const Vec3 s = 2 * std::numbers::pi * f.box.fractional(f.position[i]);
    return std::pair(std::sin(s.x) + std::cos(s.y), std::exp(std::sin(s.x + 1.3) + std::sin(s.z)));
  };
  const Correlate r = correlate(made(fill, 8).frames, quick);
  const double n = cell(r, "atoms", "x", "Cu");
  EXPECT_GT(cell(r, "spearman_error", "x", "Cu"), 3 / std::sqrt(n));
  EXPECT_LT(std::abs(cell(r, "z", "x", "Cu")), 6);
  EXPECT_GT(std::abs(cell(r, "spearman", "x", "Cu")) * std::sqrt(n), 5);  // what counting atoms would claim
}

// A sphere of atoms rearranges; a quantity of the reference marks it.
TEST(Correlate, DefaultResponseIsD2min) {
  Frame f = test::disordered(7);
  Frame g = f;
  AtomProperty mark{"mark", "1", 1, {}};
  std::mt19937_64 random(4);
  std::normal_distribution<double> u(0, 0.5), small(0, 0.02);
  const double l = f.box.edges()[0][0];
  for (std::size_t i = 0; i < f.size(); ++i) {
    const bool soft = norm(f.position[i] - Vec3{l / 2, l / 2, l / 2}) < l / 4;
    auto& d = soft ? u : small;
    g.position[i] += {d(random), d(random), d(random)};
    mark.values.push_back(soft + small(random));
  }
  g.normalise();
  f.properties = {mark};
  const std::vector<Frame> frames = {f, g};
  const Correlate r = correlate(frames, {.r_cut = 3.8, .shuffles = 20});
  EXPECT_GT(cell(r, "auc", "mark", "Cu"), 0.9);
  EXPECT_GT(cell(r, "top_decile_enhancement", "mark", "Cu"), 5);
  EXPECT_NE(cell(r, "spearman", "atomic_volume", "Zr", "first shell"), 0);
  EXPECT_EQ(r.r_cut, std::vector<double>{3.8});
}

TEST(Correlate, ThreeSamplesGiveTheirSpread) {
  std::vector<Frame> frames;
  for (unsigned seed : {1u, 2u, 3u})
    for (Frame& f : correlated(0.5, seed, 4).frames) frames.push_back(std::move(f));
  const Correlate r = correlate(frames, quick);
  EXPECT_EQ(r.samples, 3);
  EXPECT_THAT(r.error_method, HasSubstr("3 independent samples"));
  double mean = 0, squares = 0;
  std::vector<double> single;
  for (std::size_t k = 0; k < 3; ++k) single.push_back(cell(correlate(std::span(frames).subspan(2 * k, 2), quick), "spearman", "x", "Cu"));
  for (double v : single) mean += v / 3;
  for (double v : single) squares += (v - mean) * (v - mean);
  EXPECT_NEAR(cell(r, "spearman", "x", "Cu"), mean, 1e-12);
  EXPECT_NEAR(cell(r, "spearman_error", "x", "Cu"), std::sqrt(squares / 2 / 3), 1e-12);
}

TEST(Correlate, SameSeedSameTableOnAnyNumberOfThreads) {
  const Pair p = correlated(0.4);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Correlate one = correlate(p.frames, quick);
  omp_set_num_threads(2);
  const Correlate two = correlate(p.frames, quick);
  omp_set_num_threads(before);
  for (std::size_t c = 0; c < one.table.columns.size(); ++c)
    for (std::size_t i = 0; i < one.table.columns[c].number.size(); ++i) {
      const double a = one.table.columns[c].number[i], b = two.table.columns[c].number[i];
      EXPECT_TRUE(a == b || (std::isnan(a) && std::isnan(b))) << one.table.columns[c].name;
    }
  EXPECT_EQ(one.verdict, two.verdict);
}

TEST(Correlate, RefusesWhatHasNoPair) {
  const Pair p = correlated(0.4, 1, 3);
  EXPECT_THROW(correlate(std::span(p.frames).first(1), quick), InputError);
  CorrelateOptions other = quick;
  other.response = "yy";
  try {
    correlate(p.frames, other);
    FAIL();
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), HasSubstr("did you mean 'y'"));
  }
}

TEST(Indicators, FirstShellAverageOfACrystalIsItself) {
  const Frame f = test::b2_crystal(4, 3.2);
  const auto list = indicators(f, {.r_cut = 2.9, .radical = true});
  for (const Indicator& i : list) {
    if (i.name == "shell_fraction_Zr" && i.averaging == "raw")
      for (std::size_t k = 0; k < f.size(); ++k) EXPECT_EQ(i.values[k], f.type[k] == 0 ? 1 : 0);  // eight of the other kind
    if (i.name == "shell_fraction_Zr" && i.averaging == "first shell")
      for (std::size_t k = 0; k < f.size(); ++k) EXPECT_NEAR(i.values[k], (f.type[k] == 0 ? 1.0 : 8.0) / 9, 1e-14);
    if (i.name == "coordination" && i.averaging == "raw") EXPECT_GT(i.values[0], 5);
  }
}

}  // namespace
}  // namespace heteroglass::links
