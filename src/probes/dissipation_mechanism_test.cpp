#include "probes/dissipation_mechanism.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/error.hpp"
#include "probes/tapping_oscillator.hpp"

namespace heteroglass::probes {
namespace {

constexpr Cantilever lever{.spring_constant = 2, .quality = 150, .frequency = 70, .free_amplitude = 30};

/// A tip with that loss, coming from far (attractive) or going in from the repulsive state, and noise of 2 % of the largest loss.
Curve measured_curve(const TipSurface& s, bool attractive, std::uint64_t seed) {
  const double a0 = lever.free_amplitude;
  std::vector<double> distances;
  for (int i = 0; i < 18; ++i) distances.push_back(attractive ? 32 - 0.5 * i : 27 - 1.0 * i);
  const Orbit start = steady_orbit(lever, s, attractive ? 32.4 : 27.3, free_orbit(lever));
  Curve c;
  c.source = "synthetic", c.columns = {{"amplitude_ratio", "1", {}}, {"dissipation", "eV", {}}, {"dissipation_error", "eV", {}}};
  const std::vector<Orbit> orbits = branch(lever, s, distances, start);
  double largest = 0;
  for (const Orbit& o : orbits) largest = std::max(largest, o.dissipation);
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(0, 0.02 * largest);
  for (const Orbit& o : orbits) {
    c.columns[0].values.push_back(o.amplitude / a0), c.columns[1].values.push_back(o.dissipation + noise(random));
    c.columns[2].values.push_back(0.02 * largest);
  }
  return c;
}

struct Case {
  const char* name;
  TipSurface surface;
  double strength;
  bool attractive;
};

class MechanismLosses : public testing::TestWithParam<Case> {};

TEST_P(MechanismLosses, AreToldApart) {
  const Curve c = measured_curve(GetParam().surface, GetParam().attractive, 7);
  ASSERT_GT(c.size(), 15u);
  ASSERT_GT(*std::max_element(c.columns[1].values.begin(), c.columns[1].values.end()), 0.1);
  DissipationMechanismOptions options;
  options.lever = lever, options.points = 10, options.surface = GetParam().surface;
  options.regime = GetParam().attractive ? "attractive" : "repulsive";
  const DissipationMechanism r = dissipation_mechanism(std::vector<Curve>{c}, options);
  EXPECT_NE(r.verdict.find(GetParam().name), std::string::npos) << r.verdict;
  const TableColumn &name = *r.mechanisms.find("mechanism"), &s = *r.mechanisms.find("strength"), &e = *r.mechanisms.find("strength_error"),
                    &w = *r.mechanisms.find("weight"), &p = *r.mechanisms.find("p_value");
  for (std::size_t i = 0; i < 3; ++i)
    if (name.text[i] == GetParam().name) {
      EXPECT_GT(w.number[i], 0.9);
      EXPECT_GT(p.number[i], 1e-3);
      EXPECT_NEAR(s.number[i], GetParam().strength, 4 * e.number[i] + 0.01 * GetParam().strength);
    }
}

INSTANTIATE_TEST_SUITE_P(Each, MechanismLosses,
                         testing::Values(Case{"hysteresis of adhesion", {.adhesion = 0.2}, 0.2, false},
                                         Case{"viscosity", {.viscosity = 500}, 500, false},
                                         Case{"long-range hysteresis", {.radius = 20, .long_range = 0.3}, 0.3, true}),
                         [](const auto& i) { return std::string(i.param.name).substr(0, 4); });

TEST(DissipationMechanism, RefusesWhatItCannotRead) {
  Curve c;
  c.columns = {{"amplitude_ratio", "1", {0.5, 0.6, 0.7}}, {"dissipation", "eV", {1, 2, 3}}};
  EXPECT_THROW(dissipation_mechanism(std::vector<Curve>{c}), InputError);
  EXPECT_THROW(dissipation_mechanism({}), InputError);
  c.columns.pop_back();
  EXPECT_THROW(dissipation_mechanism(std::vector<Curve>{c}), InputError);
}

}  // namespace
}  // namespace heteroglass::probes
