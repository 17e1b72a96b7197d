#include "structure/pdf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <numbers>
#include <numeric>

#include "core/error.hpp"
#include "crystals.hpp"
#include "lammps_oracle.hpp"

namespace heteroglass::structure {
namespace {

using testing::DoubleNear;
using testing::Pointwise;

double coordination(const Pdf& p, const std::string& centre, const std::string& neighbour) {
  const TableColumn &a = *p.coordination.find("centre"), &b = *p.coordination.find("neighbour"), &n = *p.coordination.find("coordination");
  for (std::size_t k = 0; k < a.text.size(); ++k)
    if (a.text[k] == centre && b.text[k] == neighbour) return n.number[k];
  return NAN;
}

Frame ideal_gas(int atoms, double edge, unsigned seed) {
  Frame f = test::empty_frame(Box::orthogonal({edge, edge, edge}), {{"Cu", 63.546}, {"Zr", 91.224}});
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> u(0, edge);
  for (int i = 0; i < atoms; ++i) test::add_atom(f, {u(random), u(random), u(random)}, i % 3 == 0);
  f.normalise();
  return f;
}

// Counts are Poisson here, so the normalised deviations must be normal: mean 0, variance 1.
TEST(Pdf, IdealGasIsOneWithinItsErrors) {
  const Pdf p = pdf(ideal_gas(4000, 40, 5), {.finite_size = true});
  double sum = 0, squares = 0;
  std::size_t n = 0;
  for (std::size_t k = 20; k < p.r.size(); ++k, ++n) {
    const double z = (p.g[k] - 1) / p.g_error[k];
    sum += z, squares += z * z;
  }
  EXPECT_NEAR(sum / static_cast<double>(n), 0, 4 / std::sqrt(static_cast<double>(n)));
  EXPECT_NEAR(squares / static_cast<double>(n), 1, 0.4);
}

TEST(Pdf, ShellsOfFccAreExact) {
  const double a = 3.6;
  const Pdf p = pdf(test::fcc_crystal(4, a), {.r_max = 1.3 * a, .bins = 130});
  const double width = p.r[1] - p.r[0];
  const auto integral = [&](double from, double to) {
    double n = 0;
    for (std::size_t k = 0; k < p.r.size(); ++k)  // exact over a bin: 4/3 pi (r1^3 - r0^3) rho g
      if (p.r[k] > from * a && p.r[k] < to * a)
        n += p.number_density * 4.0 / 3 * std::numbers::pi * (std::pow(p.r[k] + width / 2, 3) - std::pow(p.r[k] - width / 2, 3)) * p.g[k];
    return n;
  };
  EXPECT_NEAR(integral(0.6, 0.8), 12, 1e-9);
  EXPECT_NEAR(integral(0.9, 1.1), 6, 1e-9);
  EXPECT_NEAR(integral(1.15, 1.3), 24, 1e-9);
  EXPECT_EQ(coordination(p, "Cu", "Cu"), 12);
  EXPECT_EQ(coordination(p, "all", "all"), 12);
  EXPECT_NEAR(p.first_peak.find("position")->number[0], a / std::sqrt(2), 0.01 * a);
}

TEST(Pdf, CoordinationOfB2WithAGivenRadius) {
  const Pdf p = pdf(test::b2_crystal(4, 3.2), {.r_cut = 3.0});
  EXPECT_EQ(coordination(p, "Cu", "Zr"), 8);
  EXPECT_EQ(coordination(p, "Cu", "Cu"), 0);
  EXPECT_EQ(coordination(p, "Zr", "all"), 8);
}

TEST(Pdf, PartialsAddUpToTheTotal) {
  const Frame f = test::disordered(6);
  const Pdf p = pdf(f);
  const auto n = f.species_counts();
  const double c0 = double(n[0]) / double(f.size()), c1 = 1 - c0;
  ASSERT_THAT(p.pair, testing::ElementsAre("Cu-Cu", "Cu-Zr", "Zr-Zr"));
  for (std::size_t k = 0; k < p.r.size(); ++k) {
    EXPECT_NEAR(p.g[k], c0 * c0 * p.g_partial(0, k) + 2 * c0 * c1 * p.g_partial(1, k) + c1 * c1 * p.g_partial(2, k), 1e-12);
    EXPECT_NEAR(p.g_reduced[k], 4 * std::numbers::pi * p.number_density * p.r[k] * (p.g[k] - 1), 1e-12);
  }
  const Pdf x = pdf(f, {.weights = "xray"});
  const double m = 29 * c0 + 40 * c1;
  EXPECT_NEAR(
      x.g[60],
      (std::pow(29 * c0, 2) * x.g_partial(0, 60) + 2 * 29 * 40 * c0 * c1 * x.g_partial(1, 60) + std::pow(40 * c1, 2) * x.g_partial(2, 60)) /
          (m * m),
      1e-12);
}

void expect_same(const Pdf& p, const Pdf& q, double tolerance = 1e-9) {
  EXPECT_THAT(p.g, Pointwise(DoubleNear(tolerance), q.g));
  EXPECT_THAT(p.g_partial.values, Pointwise(DoubleNear(tolerance), q.g_partial.values));
  EXPECT_THAT(p.coordination.find("coordination")->number, Pointwise(DoubleNear(tolerance), q.coordination.find("coordination")->number));
}

TEST(Pdf, DoesNotDependOnPlaceOrderOrCell) {
  const Frame f = test::disordered(4);
  const PdfOptions options{.r_max = 9};
  const Pdf p = pdf(f, options);
  Frame moved = f;
  for (Vec3& r : moved.position) r += {3.3, -20.1, 0.7};
  moved.normalise();
  expect_same(pdf(moved, options), p);

  Frame relabelled = f;
  for (std::int64_t& i : relabelled.id) i = 1000 - i;
  relabelled.normalise();
  expect_same(pdf(relabelled, options), p);

  Frame tilted = f;
  const Mat3 h = f.box.edges();
  tilted.box = Box(Mat3::columns(h.column(0), h.column(1) - 2 * h.column(0), h.column(2) + h.column(1)));
  tilted.normalise();
  expect_same(pdf(tilted, options), p);

  const double c = std::cos(0.4), s = std::sin(0.4);
  expect_same(pdf(test::deformed(f, {{{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}}}), options), p);
}

TEST(Pdf, ReplicationAndImagesAgree) {
  const Frame f = test::disordered(2);  // edge 8 angstrom: r_max exceeds half of it
  Frame big = test::empty_frame(Box::orthogonal({f.box.edges()[0][0] * 3, f.box.edges()[1][1] * 2, f.box.edges()[2][2] * 2}), f.species);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 2; ++j)
      for (int k = 0; k < 2; ++k)
        for (std::size_t a = 0; a < f.size(); ++a)
          test::add_atom(big, f.position[a] + f.box.edges() * Vec3{double(i), double(j), double(k)}, f.type[a]);
  big.normalise();
  expect_same(pdf(big, {.r_max = 12, .r_cut = 3.4}), pdf(f, {.r_max = 12, .r_cut = 3.4}));
}

TEST(Pdf, SameForAnyNumberOfThreads) {
  const Frame f = test::disordered(7);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Pdf one = pdf(f);
  omp_set_num_threads(4);
  const Pdf four = pdf(f);
  omp_set_num_threads(before);
  EXPECT_EQ(one.g, four.g);
  EXPECT_EQ(one.g_partial.values, four.g_partial.values);
  EXPECT_EQ(one.coordination.find("coordination_error")->number, four.coordination.find("coordination_error")->number);
}

TEST(Pdf, EqualsLammpsBinByBin) {
  if (!test::has_lammps()) GTEST_SKIP() << "lmp is not installed";
  for (const Mat3& shear : {Mat3::identity(), Mat3{{{{1, 0.3, 0.1}, {0, 1, -0.2}, {0, 0, 1}}}}}) {
    const Frame f = test::deformed(test::disordered(7), shear);
    const test::LammpsOracle lammps(f);
    ASSERT_TRUE(lammps.run(10,
                           "compute g all rdf 200 1 1 1 2 2 2 cutoff 10\ncomm_modify cutoff 12\nfix o all ave/time 1 1 1 c_g[*] file g.txt "
                           "mode vector format ' %.12g'\nrun 0"));
    std::vector<std::vector<double>> rows = lammps.numbers("g.txt");
    std::erase_if(rows, [](const auto& row) { return row.size() != 8; });
    ASSERT_EQ(rows.size(), 200u);
    const Pdf p = pdf(f, {.finite_size = true});
    for (std::size_t k = 0; k < 200; ++k) {
      EXPECT_NEAR(p.r[k], rows[k][1], 1e-9);
      for (std::size_t m = 0; m < 3; ++m)
        EXPECT_NEAR(p.g_partial(m, k), rows[k][2 + 2 * m], 1e-9 * (1 + rows[k][2 + 2 * m])) << "bin " << k << " pair " << m;
    }
  }
}

TEST(Pdf, RefusesWeightsWithoutElements) {
  Frame f = test::disordered(3);
  f.species[1].name.clear();
  EXPECT_THROW(pdf(f, {.weights = "neutron"}), InputError);
  EXPECT_NO_THROW(pdf(f));
}

TEST(Pdf, SpeciesWithoutAtomsAreLeftOut) {
  Frame f = test::fcc_crystal(4, 3.6);
  f.species.push_back({"Zr", 91.224});
  EXPECT_THAT(pdf(f).pair, testing::ElementsAre("Cu-Cu"));
}

}  // namespace
}  // namespace heteroglass::structure
