#include "structure/structure_factor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <complex>
#include <numbers>

#include "core/error.hpp"
#include "crystals.hpp"
#include "numeric/scattering.hpp"

namespace heteroglass::structure {
namespace {

using testing::HasSubstr;

/// Equal where both have a value; a value in both or in neither.
void expect_same(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    EXPECT_EQ(std::isnan(a[k]), std::isnan(b[k])) << k;
    if (!std::isnan(a[k])) EXPECT_NEAR(a[k], b[k], tolerance) << k;
  }
}

// One cubic cell of fcc: S is 4 where h, k, l are all odd or all even, and 0 elsewhere.
TEST(StructureFactor, FccReflections) {
  const double a = 3.6, unit = 2 * std::numbers::pi / a;
  const StructureFactor s =
      structure_factor(test::fcc_crystal(1, a), {.q_max = 3.2 * unit, .bins = 617, .normalisation = "ashcroft-langreth"});
  const auto at = [&](double h2) { return s.structure_factor[static_cast<std::size_t>(std::sqrt(h2) / 3.2 * 617)]; };
  for (double forbidden : {1, 2, 5, 6}) EXPECT_NEAR(at(forbidden), 0, 1e-10) << forbidden;
  for (double allowed : {3, 4, 8}) EXPECT_NEAR(at(allowed), 4, 1e-10) << allowed;
  EXPECT_TRUE(std::isnan(s.structure_factor[0]));
}

TEST(StructureFactor, IdealGasIsOneWithinItsErrors) {
  Frame f = test::empty_frame(Box::orthogonal({20, 22, 24}), {{"Cu", 63.546}, {"Zr", 91.224}});
  std::mt19937_64 random(4);
  std::uniform_real_distribution<double> u(0, 1);
  for (int i = 0; i < 1500; ++i) test::add_atom(f, f.box.cartesian({u(random), u(random), u(random)}), i % 2);
  const StructureFactor s = structure_factor(f, {.q_max = 6, .bins = 60});
  double squares = 0, cross = 0, n = 0;
  for (std::size_t k = 15; k < 60; ++k, ++n) {
    squares += std::pow((s.structure_factor[k] - 1) / s.structure_factor_error[k], 2);
    cross += std::pow((s.partials(1, k) - 1) / s.partials_error(1, k), 2);
  }
  EXPECT_NEAR(squares / n, 1, 0.5);
  EXPECT_NEAR(cross / n, 1, 0.5);
}

// The definition, term by term, in a tilted box with all wavevectors.
TEST(StructureFactor, EqualsThePlainSumInATiltedBox) {
  Frame f = test::deformed(test::disordered(2), {{{{1, 0.3, -0.4}, {0, 1.1, 0.2}, {0, 0, 0.9}}}});
  const double q_max = 5;
  const int bins = 25;
  const StructureFactor s = structure_factor(f, {.q_max = q_max, .bins = bins, .weights = "neutron", .vectors_per_bin = 0});
  const Mat3 reciprocal = transpose(f.box.inverse_edges());
  std::vector<double> sum(bins, 0), count(bins, 0), like(bins, 0);
  const auto n = f.species_counts();
  const double total = double(f.size()), c0 = double(n[0]) / total, c1 = 1 - c0, b0 = 7.718, b1 = 7.16;
  for (int h = -20; h <= 20; ++h)
    for (int k = -20; k <= 20; ++k)
      for (int l = -20; l <= 20; ++l) {
        const Vec3 q = 2 * std::numbers::pi * (reciprocal * Vec3{double(h), double(k), double(l)});
        if (norm(q) >= q_max || norm(q) == 0) continue;
        std::complex<double> rho0, rho1;
        for (std::size_t i = 0; i < f.size(); ++i) (f.type[i] ? rho1 : rho0) += std::polar(1.0, dot(q, f.position[i]));
        const auto bin = static_cast<std::size_t>(norm(q) / q_max * bins);
        const double mean = c0 * b0 + c1 * b1, square = c0 * b0 * b0 + c1 * b1 * b1;
        sum[bin] += (std::norm(b0 * rho0 + b1 * rho1) / total - square + mean * mean) / (mean * mean), ++count[bin];
        like[bin] += 1 + (std::norm(rho0) / total - c0) / (c0 * c0);
      }
  for (std::size_t k = 0; k < std::size_t(bins); ++k) {
    EXPECT_EQ(2 * s.vectors[k], count[k]);
    if (count[k] == 0) continue;
    EXPECT_NEAR(s.structure_factor[k], sum[k] / count[k], 1e-10) << k;
    EXPECT_NEAR(s.partials(0, k), like[k] / count[k], 1e-10) << k;
  }
}

TEST(StructureFactor, NormalisationsAreLinearFormsOfEachOther) {
  const Frame f = test::disordered(4);
  StructureFactorOptions o{.q_max = 6, .bins = 40};
  const StructureFactor fz = structure_factor(f, o);
  o.normalisation = "ashcroft-langreth";
  const StructureFactor al = structure_factor(f, o);
  o.normalisation = "bhatia-thornton";
  const StructureFactor bt = structure_factor(f, o);
  EXPECT_THAT(bt.pair, testing::ElementsAre("NN", "NC", "CC"));
  EXPECT_THAT(fz.normalisation, HasSubstr("Faber-Ziman"));
  const auto n = f.species_counts();
  const double a = double(n[0]) / double(f.size()), b = 1 - a;
  for (std::size_t k = 8; k < 40; ++k) {
    EXPECT_NEAR(al.partials(0, k), 1 + a * (fz.partials(0, k) - 1), 1e-10);
    EXPECT_NEAR(al.partials(1, k), std::sqrt(a * b) * (fz.partials(1, k) - 1), 1e-10);
    // Bhatia and Thornton, through Faber-Ziman partials
    const double nn = a * a * fz.partials(0, k) + b * b * fz.partials(2, k) + 2 * a * b * fz.partials(1, k);
    const double cc = a * b * (1 + a * b * (fz.partials(0, k) + fz.partials(2, k) - 2 * fz.partials(1, k)));
    const double nc = a * b * (a * (fz.partials(0, k) - fz.partials(1, k)) - b * (fz.partials(2, k) - fz.partials(1, k)));
    EXPECT_NEAR(bt.partials(0, k), nn, 1e-10);
    EXPECT_NEAR(bt.partials(1, k), nc, 1e-10);
    EXPECT_NEAR(bt.partials(2, k), cc, 1e-10);
    EXPECT_NEAR(fz.structure_factor[k], nn, 1e-10);
    EXPECT_NEAR(bt.structure_factor[k], al.structure_factor[k], 1e-12);
  }
}

TEST(StructureFactor, XrayTotalUsesFormFactorsAtQ) {
  const Frame f = test::disordered(3);
  const StructureFactor s = structure_factor(f, {.q_max = 8, .bins = 40, .weights = "xray"});
  const auto n = f.species_counts();
  const double a = double(n[0]) / double(f.size()), b = 1 - a;
  for (std::size_t k : {10u, 20u, 35u}) {
    const double f0 = a * numeric::xray_form_factor("Cu", s.q[k]), f1 = b * numeric::xray_form_factor("Zr", s.q[k]);
    const double expected =
        (f0 * f0 * s.partials(0, k) + 2 * f0 * f1 * s.partials(1, k) + f1 * f1 * s.partials(2, k)) / std::pow(f0 + f1, 2);
    EXPECT_NEAR(s.structure_factor[k], expected, 1e-10);
  }
}

TEST(StructureFactor, DoesNotDependOnPlaceOrderCellOrThreads) {
  const Frame f = test::disordered(3);
  const StructureFactorOptions o{.q_max = 6, .bins = 50, .vectors_per_bin = 0};
  const StructureFactor s = structure_factor(f, o);
  Frame g = f;
  for (Vec3& r : g.position) r += {1.7, -30, 4};
  for (std::int64_t& i : g.id) i = 5000 - i;
  const Mat3 h = f.box.edges();
  g.box = Box(Mat3::columns(h.column(0), h.column(1) + h.column(0), h.column(2) - 2 * h.column(1)));
  g.normalise();
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const StructureFactor one = structure_factor(f, o);
  omp_set_num_threads(3);
  const StructureFactor moved = structure_factor(g, o);
  const StructureFactor three = structure_factor(f, o);
  omp_set_num_threads(before);
  // Vectors on the edge of a bin may fall on either side in another cell, so compare where the counts agree.
  std::size_t agree = 0;
  for (std::size_t k = 0; k < 50; ++k) {
    if (s.vectors[k] != moved.vectors[k] || s.vectors[k] == 0) continue;
    ++agree;
    EXPECT_NEAR(s.structure_factor[k], moved.structure_factor[k], 1e-9) << k;
  }
  EXPECT_GT(agree, 30u);
  expect_same(one.structure_factor, three.structure_factor, 0);
  expect_same(one.partials.values, three.partials.values, 0);
}

TEST(StructureFactor, SubsetAgreesWithAllVectorsWithinErrors) {
  const Frame f = test::disordered(6);
  Context context;
  const StructureFactor all = structure_factor(f, {.q_max = 7, .bins = 70, .vectors_per_bin = 0}, context);
  EXPECT_TRUE(context.warnings().empty());
  const StructureFactor some = structure_factor(f, {.q_max = 7, .bins = 70, .vectors_per_bin = 150}, context);
  ASSERT_EQ(context.warnings().size(), 1u);
  EXPECT_THAT(context.warnings()[0], HasSubstr("seed 1"));
  double squares = 0, n = 0;
  for (std::size_t k = 35; k < 70; ++k, ++n) {
    EXPECT_EQ(some.vectors[k], 150);
    squares += std::pow((some.structure_factor[k] - all.structure_factor[k]) / some.structure_factor_error[k], 2);
  }
  EXPECT_GT(squares / n, 0.3);
  EXPECT_LT(squares / n, 1.8);
}

// A jittered lattice has Bragg peaks, which the transform of a finite g(r) cannot follow; a packing of atoms that only
// keep their distance is isotropic and short-ranged.
Frame packing(int atoms, double edge, double apart) {
  Frame f = test::empty_frame(Box::orthogonal({edge, edge, edge}), {{"Cu", 63.546}, {"Zr", 91.224}});
  std::mt19937_64 random(9);
  std::uniform_real_distribution<double> u(0, edge);
  while (static_cast<int>(f.size()) < atoms) {
    const Vec3 r{u(random), u(random), u(random)};
    bool free = true;
    for (const Vec3& p : f.position) free = free && norm2(f.box.minimum_image(p - r)) > apart * apart;
    if (free) test::add_atom(f, r, f.size() % 3 == 0);
  }
  return f;
}

TEST(StructureFactor, TransformAgreesWithTheSum) {
  const Frame f = packing(1500, 36, 2.2);
  const StructureFactor sum = structure_factor(f, {.q_max = 8, .bins = 40, .vectors_per_bin = 0});
  const StructureFactor transform = structure_factor(f, {.q_max = 8, .bins = 40, .method = "fourier"});
  double difference = 0, size = 0;
  for (std::size_t k = 6; k < 40; ++k) {
    EXPECT_NEAR(transform.structure_factor[k], sum.structure_factor[k], 0.12) << sum.q[k];
    difference += std::pow(transform.structure_factor[k] - sum.structure_factor[k], 2), size += std::pow(sum.structure_factor[k] - 1, 2);
  }
  EXPECT_LT(difference, 0.03 * size);
}

TEST(StructureFactor, RefusesWhatItCannotDo) {
  EXPECT_THROW(structure_factor(test::fcc_crystal(3, 3.6), {.normalisation = "bhatia-thornton"}), InputError);
  EXPECT_THROW(structure_factor(test::fcc_crystal(1, 3.6), {.q_max = 0.5}), InputError);
  Frame f = test::disordered(2);
  f.species[0].name.clear();
  EXPECT_THROW(structure_factor(f, {.weights = "xray"}), InputError);
}

}  // namespace
}  // namespace heteroglass::structure
