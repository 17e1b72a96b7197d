#include "probes/peak_strain.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "core/error.hpp"
#include "probes/scattering/hard_spheres.hpp"

namespace heteroglass::probes {
namespace {

constexpr double pi = std::numbers::pi;

/// In-plane strain tensor in the axes of the detector.
struct Strain {
  double e11 = 0, e12 = 0, e22 = 0;
};

/// Sectors of a liquid stretched by F = 1 + e: S(|F^T Q|), so that a peak at Q_0 moves to Q_0 / |F^T n|.
std::vector<Curve> sectors_of(const Strain& e, const std::string& label, double noise = 0, double step = 30) {
  const HardSpheres hs{3, 0.42};
  std::mt19937_64 random(17);
  std::normal_distribution<double> normal(0, 1);
  std::vector<Curve> out;
  for (double phi = 0; phi < 360; phi += step) {
    const double c = std::cos(phi * pi / 180), s = std::sin(phi * pi / 180);
    const double length = std::hypot((1 + e.e11) * c + e.e12 * s, e.e12 * c + (1 + e.e22) * s);
    Curve curve;
    curve.source = curve.label = fmt::format("{} {:g}", label, phi);
    curve.columns = {{"q", "1/angstrom", {}}, {"structure_factor", "1", {}}};
    for (double q = 0.3; q <= 15; q += 0.01) {
      curve.columns[0].values.push_back(q);
      curve.columns[1].values.push_back(hs.structure_factor(q * length) + noise * normal(random));
    }
    curve.properties["azimuth"] = {phi, "deg"};
    out.push_back(curve);
  }
  return out;
}

void expect_near(const Matrix& m, double e11, double e12, double e22, double tolerance) {
  EXPECT_NEAR(m(0, 0), e11, tolerance);
  EXPECT_NEAR(m(0, 1), e12, tolerance);
  EXPECT_NEAR(m(1, 0), e12, tolerance);
  EXPECT_NEAR(m(1, 1), e22, tolerance);
}

TEST(PeakStrain, FindsTheTensorAgainstAReference) {
  std::vector<Curve> c = sectors_of({0.002, 0.0006, -0.0007}, "loaded");
  const std::vector<Curve> free = sectors_of({}, "free");
  c.insert(c.end(), free.begin(), free.end());
  PeakStrainOptions o{.reference = "free"};
  o.reduction.density = fmt::format("{}", HardSpheres{3, 0.42}.density());
  const PeakStrain p = peak_strain(c, o);
  expect_near(p.strain, 0.002, 0.0006, -0.0007, 2e-5);
  expect_near(p.strain_r, 0.002, 0.0006, -0.0007, 1e-4);
  EXPECT_NEAR(p.principal_angle.value, 0.5 * std::atan2(0.0012, 0.0027) * 180 / pi, 1);
  EXPECT_NEAR(p.shift.at(0), 0.002, 2e-5);
}

// Turning the axis turns the tensor: along 45 deg, e' = (e11 + e22) / 2 + e12 and so on.
TEST(PeakStrain, TurnsWithTheAxis) {
  std::vector<Curve> c = sectors_of({0.002, 0.0006, -0.0007}, "loaded");
  const std::vector<Curve> free = sectors_of({}, "free");
  c.insert(c.end(), free.begin(), free.end());
  const PeakStrain p = peak_strain(c, {.axis = 45, .reference = "free"});
  expect_near(p.strain, 0.00065 + 0.0006, -0.00135, 0.00065 - 0.0006, 2e-5);
  EXPECT_TRUE(p.peak_r.empty());
  EXPECT_EQ(p.strain_r.rows, 0u);
}

TEST(PeakStrain, ThePoissonRatioOrNothingReplacesAReference) {
  const std::vector<Curve> c = sectors_of({0.003, 0, -0.00108}, "loaded");
  const PeakStrain uniaxial = peak_strain(c, {.poisson = 0.36});
  expect_near(uniaxial.strain, 0.003, 0, -0.00108, 3e-5);
  const PeakStrain bare = peak_strain(c, {});
  expect_near(bare.strain, 0.00204, 0, -0.00204, 3e-5);
}

TEST(PeakStrain, ErrorsAreHonest) {
  double chi2 = 0;
  int n = 0;
  for (int k = 0; k < 6; ++k) {
    std::vector<Curve> c = sectors_of({0.002, 0, -0.0007}, "loaded", 0.02 * (1 + 0.1 * k), 20);
    PeakStrainOptions o{.q_0 = peak_strain(sectors_of({}, "free"), {}).q_0.value};
    const PeakStrain p = peak_strain(c, o);
    for (const auto& [i, j, truth] : {std::tuple<std::size_t, std::size_t, double>{0, 0, 0.002}, {1, 1, -0.0007}, {0, 1, 0}}) {
      chi2 += std::pow((p.strain(i, j) - truth) / p.strain_error(i, j), 2);
      ++n;
    }
    EXPECT_LT(p.strain_error(0, 0), 2e-3);
  }
  EXPECT_LT(chi2 / n, 3);
  EXPECT_GT(chi2 / n, 0.1);
}

TEST(PeakStrain, RefusesWhatIsMissing) {
  const auto message = [](const std::vector<Curve>& c, const PeakStrainOptions& o) -> std::string {
    try {
      static_cast<void>(peak_strain(c, o));
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  };
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  std::vector<Curve> c = sectors_of({}, "a", 0, 60);
  EXPECT_TRUE(has(message({}, {}), "must be named"));
  EXPECT_TRUE(has(message({c[0], c[1]}, {}), "at least three sectors"));
  EXPECT_TRUE(has(message({c[0], c[3], c[0]}, {}), "three components"));
  EXPECT_TRUE(has(message(c, {.reference = "nobody"}), "--reference"));
  PeakStrainOptions cut{};
  cut.reduction.q_min = 2.4;
  EXPECT_TRUE(has(message(c, cut), "must lie within the range"));
  c[1].properties.clear();
  EXPECT_TRUE(has(message(c, {}), "azimuth of each sector"));
}

}  // namespace
}  // namespace heteroglass::probes
