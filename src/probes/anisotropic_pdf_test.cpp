#include "probes/anisotropic_pdf.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "core/error.hpp"
#include "crystals.hpp"
#include "probes/scattering/azimuthal.hpp"
#include "probes/scattering/hard_spheres.hpp"

namespace heteroglass::probes {
namespace {

constexpr double pi = std::numbers::pi;

/// S(Q) along a direction at an angle psi to the axis of an affinely strained isotropic liquid: S(|F^T Q|), exactly.
double strained(const HardSpheres& hs, double q, double psi, double strain, double poisson) {
  return hs.structure_factor(q * std::hypot((1 + strain) * std::cos(psi), (1 - poisson * strain) * std::sin(psi)));
}

using Function = std::function<double(double q, double psi)>;

Curve sector(double azimuth, double axis, const Function& s, double q_max = 20, double step = 0.01) {
  Curve c;
  c.source = c.label = fmt::format("sector {:g}", azimuth);
  c.columns = {{"q", "1/angstrom", {}}, {"structure_factor", "1", {}}};
  for (double q = step; q <= q_max; q += step) {
    c.columns[0].values.push_back(q);
    c.columns[1].values.push_back(s(q, (azimuth - axis) * pi / 180));
  }
  c.properties["azimuth"] = {azimuth, "deg"};
  return c;
}

std::vector<Curve> sectors_of(const Function& s, double axis = 0) {
  std::vector<Curve> out;
  for (double phi = 0; phi < 180; phi += 15) out.push_back(sector(phi, axis, s));
  return out;
}

// To first order in the strain the prediction is exact; second order is r / (width of the peaks) times the strain, here below 1e-3.
TEST(AnisotropicPdf, AnAffinelyStrainedLiquidIsThePrediction) {
  const HardSpheres hs;
  const double strain = 1e-5, poisson = 0.36;
  for (const std::string w : {"lorch", "soper-barney"}) {
    AnisotropicPdfOptions o{.poisson = poisson, .strain = strain, .axis = 30, .window = w, .r_max = 15};
    const AnisotropicPdf p =
        anisotropic_pdf({}, sectors_of([&](double q, double psi) { return strained(hs, q, psi, strain, poisson); }, 30), o);
    EXPECT_NEAR(p.affine_strain.value, strain, 1e-3 * strain);
    EXPECT_NEAR(p.z.value, 1, 1e-3);
    EXPECT_NEAR(p.anelastic_strain.value, 0, 1e-3 * strain);
    double largest = 0, worst = 0;
    for (std::size_t k = 100; k < p.r.size(); ++k) {
      largest = std::max(largest, std::abs(p.rho_2_affine[k]));
      worst = std::max(worst, std::abs(p.rho_2[k] - p.rho_2_affine[k]));
    }
    EXPECT_LT(worst, 1e-3 * largest) << w;
    EXPECT_TRUE(std::all_of(p.shell_strain.begin(), p.shell_strain.end(), [&](double e) { return std::abs(e / strain - 1) < 5e-3; }));
  }
}

// At 1 % and Q r = 300 the linear shape is wrong by far; that about the strain is not.
TEST(AnisotropicPdf, HoldsForAPerCentAtLargeDistances) {
  const HardSpheres hs;
  AnisotropicPdfOptions o{.poisson = 0.36, .strain = 0.01, .r_max = 15};
  const AnisotropicPdf p = anisotropic_pdf({}, sectors_of([&](double q, double psi) { return strained(hs, q, psi, 0.01, 0.36); }), o);
  EXPECT_NEAR(p.z.value, 1, 5e-3);
  for (std::size_t k = 0; k < p.shell.size(); ++k) EXPECT_NEAR(p.shell_strain[k], 0.01, 4e-4) << p.shell[k];
}

// rho_2,aff = -eps (1/sqrt5) [2 (1 + nu) / 3] r d rho_0 / dr, by differences of rho_0; the window acts on both in other ways, hence 3 %.
TEST(AnisotropicPdf, ThePredictionIsTheDerivativeOfTheDensity) {
  const HardSpheres hs{3, 0.3};
  AnisotropicPdfOptions o{.poisson = 0.25, .strain = 1e-4, .window = "none", .r_max = 12};
  o.reduction.density = fmt::format("{}", hs.density());
  o.reduction.correction = "none";
  const AnisotropicPdf p = anisotropic_pdf(
      {}, sectors_of([&](double q, double psi) { return 1 + (strained(hs, q, psi, 1e-4, 0.25) - 1) * std::exp(-q * q / 20); }), o);
  double largest = 0, worst = 0;
  for (std::size_t k = 120; k + 1 < p.r.size(); ++k) {
    const double slope = (p.rho_0[k + 1] - p.rho_0[k - 1]) / (p.r[k + 1] - p.r[k - 1]);
    const double expected = -1e-4 / std::sqrt(5.0) * 2 * 1.25 / 3 * p.r[k] * slope;
    largest = std::max(largest, std::abs(expected)), worst = std::max(worst, std::abs(expected - p.rho_2_affine[k]));
  }
  EXPECT_LT(worst, 0.01 * largest);
  EXPECT_NEAR(p.rho_0.back(), hs.density(), 0.03 * hs.density());
}

TEST(AnisotropicPdf, TwoCutsGiveTheHarmonics) {
  const HardSpheres hs;
  const auto s = [&](double q, double psi) { return strained(hs, q, psi, 0.01, 0.36); };
  std::vector<Curve> cuts = {sector(0, 0, s), sector(90, 0, s)};
  cuts[0].properties.clear(), cuts[1].properties.clear();
  const Harmonics h = harmonics(sectors(cuts, nullptr, {}, 40, Context::quiet()), 40, std::nullopt);
  for (std::size_t i = 0; i < h.q.size(); i += 97) {
    const double parallel = cuts[0].columns[1].values[i], perpendicular = cuts[1].columns[1].values[i];
    EXPECT_NEAR(h.s_0[i], (parallel + 2 * perpendicular) / 3, 1e-12);
    EXPECT_NEAR(h.s_2[i], 2 * (parallel - perpendicular) / (3 * std::sqrt(5.0)), 1e-12);
  }
  // no strain is given: near and far shells agree where all is affine
  const AnisotropicPdf p = anisotropic_pdf({}, cuts, {.poisson = 0.36});
  EXPECT_NEAR(p.affine_strain.value, 0.01, 1e-4);
  EXPECT_NEAR(p.z.value, 1, 0.03);
}

// Sectors S + A(Q) cos^2(phi - axis): S_2 = 2 A / (3 sqrt5) whatever the axis; a sector integration that ignored its range would not show it.
TEST(AnisotropicPdf, FindsCosineSquaredIntensities) {
  const HardSpheres hs;
  const auto a = [](double q) { return 0.1 * std::exp(-(q - 2.5) * (q - 2.5)); };
  for (const double axis : {0.0, 25.0, -50.0}) {
    const auto c = sectors_of([&](double q, double psi) { return hs.structure_factor(q) + a(q) * std::cos(psi) * std::cos(psi); }, axis);
    const Harmonics h = harmonics(sectors(c, nullptr, {}, axis, Context::quiet()), axis, std::nullopt);
    for (std::size_t i = 5; i < h.q.size(); i += 83) {
      EXPECT_NEAR(h.s_2[i], 2 * a(h.q[i]) / (3 * std::sqrt(5.0)), 1e-10);
      EXPECT_NEAR(h.s_0[i], hs.structure_factor(h.q[i]) + a(h.q[i]) / 3, 1e-10);
    }
  }
}

// Elastic strain 2e-4 and creep of another shape with 1e-4: both are found with the curves of a crept sample.
TEST(AnisotropicPdf, PartsAffineFromAnelasticStrain) {
  const HardSpheres hs;
  const auto creep = [](double q, double psi) {
    return (8 * std::exp(-std::pow((q - 2.2) / 0.3, 2)) - 5 * std::exp(-std::pow((q - 4.3) / 0.5, 2))) *
           (1.5 * std::cos(psi) * std::cos(psi) - 0.5);
  };
  std::vector<Curve> c = sectors_of([&](double q, double psi) { return strained(hs, q, psi, 2e-4, 0.36) + 1e-4 * creep(q, psi); });
  for (Curve& x : sectors_of([&](double q, double psi) { return hs.structure_factor(q) + 3e-4 * creep(q, psi); }))
    x.label = "crept " + x.label, x.source = x.label, c.push_back(x);
  AnisotropicPdfOptions o{.poisson = 0.36, .creep = "crept", .creep_strain = 3e-4, .r_max = 12};
  AnisotropicPdf p = anisotropic_pdf({}, c, o);
  EXPECT_NEAR(p.affine_strain.value, 2e-4, 2e-6);
  EXPECT_NEAR(p.anelastic_strain.value, 1e-4, 2e-6);
  EXPECT_NEAR(p.z.value, 2.0 / 3, 0.01);
  o.strain = 3e-4;
  p = anisotropic_pdf({}, c, o);
  EXPECT_NEAR(p.anelastic_strain.value, 1e-4, 2e-6);
  EXPECT_NEAR(p.z.value, 2.0 / 3, 0.01);
}

// Far out the noise of S_0 is as large as the shape, which must not lower its amplitude.
TEST(AnisotropicPdf, ErrorsAreTheSpreadOfRepeats) {
  const HardSpheres hs;
  for (const double from : {2.4, 6.0}) {
    std::mt19937_64 random(5);
    std::normal_distribution<double> normal(0, 0.02);
    const AnisotropicPdfOptions o{.poisson = 0.36, .strain = 0.004, .r_max = 12, .r_step = 0.1, .fit_from = from};
    double sum = 0, square = 0, error = 0;
    constexpr int repeats = 40;
    for (int n = 0; n < repeats; ++n) {
      std::vector<Curve> c;
      for (double phi = 0; phi <= 90; phi += 22.5)
        c.push_back(sector(
            phi, 0, [&](double q, double psi) { return strained(hs, q, psi, 0.004, 0.36) + normal(random); }, 12, 0.02));
      const AnisotropicPdf p = anisotropic_pdf({}, c, o);
      sum += p.affine_strain.value / repeats, square += p.affine_strain.value * p.affine_strain.value / repeats,
          error += p.affine_strain.error / repeats;
    }
    const double sd = std::sqrt(square - sum * sum);
    EXPECT_NEAR(sum, 0.004, 3 * sd / std::sqrt(repeats)) << from;
    EXPECT_GT(error, 0.75 * sd);  // sd itself is known to 11 %
    EXPECT_LT(error, 1.4 * sd);
  }
}

/// Pairs whose directions are the six axes of an icosahedron (<n n n n> is isotropic) and whose lengths are normally distributed, far apart.
Frame dimers(std::size_t lengths) {
  const double golden = (1 + std::sqrt(5.0)) / 2, apart = 12, turn = 0.4;
  const Vec3 axes[] = {{0, 1, golden}, {0, 1, -golden}, {1, golden, 0}, {1, -golden, 0}, {golden, 0, 1}, {-golden, 0, 1}};
  const auto side = static_cast<std::size_t>(std::ceil(std::cbrt(6.0 * static_cast<double>(lengths))));
  Frame f = heteroglass::test::empty_frame(Box::orthogonal({apart * double(side), apart * double(side), apart * double(side)}));
  std::size_t site = 0;
  for (std::size_t k = 0; k < lengths; ++k) {
    // quantiles of a sum of three uniform numbers would do; here those of cos^2 over [2.4, 3.6]
    const double u = (static_cast<double>(k) + 0.5) / static_cast<double>(lengths);
    double x = u;
    for (int n = 0; n < 60; ++n) x -= (x - std::sin(2 * pi * x) / (2 * pi) - u) / std::max(1e-3, 1 - std::cos(2 * pi * x));
    const double length = 2.4 + 1.2 * x;
    for (const Vec3& a : axes) {
      const Vec3 n = a / norm(a), turned{n.x, n.y * std::cos(turn) - n.z * std::sin(turn), n.y * std::sin(turn) + n.z * std::cos(turn)};
      const Vec3 centre{apart * (0.5 + double(site % side)), apart * (0.5 + double(site / side % side)),
                        apart * (0.5 + double(site / side / side))};
      heteroglass::test::add_atom(f, centre - 0.5 * length * turned);
      heteroglass::test::add_atom(f, centre + 0.5 * length * turned);
      ++site;
    }
  }
  f.normalise();
  return f;
}

Frame strained_frame(const Frame& f, double strain, double poisson) {
  Frame g = f;
  Mat3 edges = f.box.edges();
  const double across = 1 - poisson * strain;
  const auto carried = [&](const Vec3& v) { return Vec3{v.x * across, v.y * across, v.z * (1 + strain)}; };
  g.box = Box(Mat3::columns(carried(edges.column(0)), carried(edges.column(1)), carried(edges.column(2))));
  for (Vec3& r : g.position) r = carried(r);
  return g;
}

TEST(AnisotropicPdf, AnAffinelyStrainedModelIsThePrediction) {
  const Frame f = dimers(3000);
  const std::vector<Frame> frames = {f, strained_frame(f, 0.004, 0.36)};
  const AnisotropicPdfOptions o{.r_max = 5, .r_step = 0.1, .fit_from = 2.3, .fit_to = 3.7};
  const AnisotropicPdf p = anisotropic_pdf(frames, {}, o);
  EXPECT_NEAR(p.applied_strain.value, std::log(1.004), 1e-9);
  EXPECT_NEAR(p.poisson, 0.36, 2e-3);
  EXPECT_NEAR(p.z.value, 1, 1e-9);
  // one frame with its strain, by the formula: this model has no anisotropy of its own; 3000 lengths leave 2 % of noise in the derivative
  AnisotropicPdfOptions one = o;
  one.poisson = 0.36, one.strain = std::log(1.004), one.direction = "z";
  EXPECT_NEAR(anisotropic_pdf(std::span(frames).subspan(1), {}, one).z.value, 1, 0.03);
}

// The cell is strained by 1.2 %, the pairs by 0.9 %: z = 3/4, but for the 2 % that 3000 lengths leave.
TEST(AnisotropicPdf, PairsThatFollowTheCellInPartAreThatElastic) {
  const Frame f = dimers(3000);
  const Frame part = strained_frame(f, 0.009, 0.36);
  Frame g = strained_frame(f, 0.012, 0.36);
  for (std::size_t i = 0; i + 1 < g.size(); i += 2) {  // atoms 2k and 2k + 1 are a pair
    const Vec3 centre = 0.5 * (g.position[i] + g.position[i + 1]), half = 0.5 * (part.position[i + 1] - part.position[i]);
    g.position[i] = centre - half, g.position[i + 1] = centre + half;
  }
  const AnisotropicPdf p = anisotropic_pdf(std::vector{f, g}, {}, {.r_max = 5, .r_step = 0.1, .fit_from = 2.3, .fit_to = 3.7});
  EXPECT_NEAR(p.z.value, 0.75, 0.02);
  EXPECT_NEAR(p.anelastic_strain.value, 0.003, 3e-4);
}

/// Spheres of diameter 2 dropped at random, one by one, where there is room: no direction is preferred.
Frame random_spheres(std::size_t n) {
  const double side = std::cbrt(static_cast<double>(n) * 4.0 / 3 * pi / 0.3);
  Frame f = heteroglass::test::empty_frame(Box::orthogonal({side, side, side}));
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> uniform(0, side);
  while (f.size() < n) {
    const Vec3 r{uniform(random), uniform(random), uniform(random)};
    if (std::none_of(f.position.begin(), f.position.end(), [&](const Vec3& s) { return norm2(f.box.minimum_image(r - s)) < 4; }))
      heteroglass::test::add_atom(f, r);
  }
  f.normalise();
  return f;
}

TEST(AnisotropicPdf, AGlassCarriedByItsCellIsElastic) {
  const Frame f = random_spheres(800);
  const std::vector<Frame> frames = {f, strained_frame(f, 0.01, 0.3)};
  EXPECT_NEAR(anisotropic_pdf(frames, {}, {.r_max = 6}).z.value, 1, 1e-9);
  AnisotropicPdfOptions one{.poisson = 0.3, .strain = std::log(1.01), .direction = "z", .r_max = 6};
  const AnisotropicPdf p = anisotropic_pdf(std::span(frames).subspan(1), {}, one);
  EXPECT_NEAR(p.z.value, 1, 3 * p.z.error);
  // nothing moves but the cell: nothing is elastic
  Frame still = frames[1];
  still.position = f.position;
  EXPECT_LT(std::abs(anisotropic_pdf(std::vector{f, still}, {}, {.r_max = 5}).z.value), 0.3);
}

TEST(AnisotropicPdf, DoesNotDependOnTheNumberOfThreads) {
  const Frame f = heteroglass::test::disordered(6);
  const std::vector<Frame> frames = {f, strained_frame(f, 0.01, 0.3)};
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const AnisotropicPdf a = anisotropic_pdf(frames, {}, {.r_max = 8});
  omp_set_num_threads(3);
  const AnisotropicPdf b = anisotropic_pdf(frames, {}, {.r_max = 8});
  omp_set_num_threads(before);
  EXPECT_EQ(a.rho_2, b.rho_2);
  EXPECT_EQ(a.z.value, b.z.value);
  EXPECT_EQ(a.z.error, b.z.error);
}

TEST(AnisotropicPdf, RefusesWhatIsMissing) {
  const HardSpheres hs;
  const auto message = [](const std::vector<Frame>& f, const std::vector<Curve>& c, const AnisotropicPdfOptions& o) -> std::string {
    try {
      static_cast<void>(anisotropic_pdf(f, c, o));
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  };
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  const Frame f = heteroglass::test::disordered(4);
  EXPECT_TRUE(has(message({}, {}, {}), "must be named"));
  EXPECT_TRUE(has(message({f}, {}, {}), "--strain: must be given"));
  EXPECT_TRUE(has(message({f}, {}, {.strain = 0.01}), "--direction"));
  EXPECT_TRUE(has(message({f, f}, {}, {}), "must be strained"));
  EXPECT_TRUE(has(message({f, f, f}, {}, {}), "got 3"));
  std::vector<Curve> c = sectors_of([&](double q, double) { return hs.structure_factor(q); });
  c.resize(3);
  c[1].properties.clear();
  EXPECT_TRUE(has(message({}, c, {}), "azimuth of each sector"));
  for (Curve& x : c) x.properties["azimuth"] = {20, "deg"};
  EXPECT_TRUE(has(message({}, c, {}), "azimuths of the sectors must differ"));
  for (double& v : c[0].columns[1].values) v *= 2;
  EXPECT_TRUE(has(message({}, c, {}), "S(Q) must tend to 1"));
}

}  // namespace
}  // namespace heteroglass::probes
