#include "structure/descriptors.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <numbers>

#include "core/error.hpp"
#include "crystals.hpp"
#include "structure/common_neighbours.hpp"
#include "structure/local_entropy.hpp"
#include "structure/spherical_harmonics.hpp"
#include "structure/symmetry_functions.hpp"

namespace heteroglass::structure {
namespace {

constexpr double pi = std::numbers::pi;

void expect_type(const Frame& f, LocalStructure type) {
  const Descriptors d = descriptors(f);
  for (const int t : d.structure_type) ASSERT_EQ(t, static_cast<int>(type));
}

TEST(Descriptors, PerfectCrystalsHaveTheirType) {
  expect_type(test::fcc_crystal(3, 3.6), LocalStructure::fcc);
  expect_type(test::hcp_crystal(3, 2.6), LocalStructure::hcp);
  expect_type(test::bcc_crystal(4, 3.2), LocalStructure::bcc);
}

// The bonds of a crystal are known: fcc 421 only; bcc, eight and six neighbours, 666 and 444 as 8 to 6.
TEST(Descriptors, BondsOfCrystals) {
  const Descriptors fcc = descriptors(test::fcc_crystal(3, 3.6));
  ASSERT_EQ(fcc.bonds.rows(), 1u);
  EXPECT_EQ(fcc.bonds.find("signature")->text[0], "421");
  EXPECT_EQ(fcc.bonds.find("count")->number[0], 108 * 12 / 2);
  const Descriptors bcc = descriptors(test::bcc_crystal(4, 3.2), {.r_cut = 3.8});
  ASSERT_EQ(bcc.bonds.rows(), 2u);
  EXPECT_EQ(bcc.bonds.find("signature")->text[0], "666");
  EXPECT_NEAR(bcc.bonds.find("fraction")->number[0], 8.0 / 14, 1e-12);
  EXPECT_EQ(bcc.bonds.find("signature")->text[1], "444");
}

TEST(CommonNeighbours, IcosahedronHasTwelveFiveFoldBonds) {
  const double phi = (1 + std::sqrt(5.0)) / 2;
  std::vector<Vec3> shell;
  for (double s : {-1.0, 1.0})
    for (double t : {-phi, phi})
      for (const Vec3& d : {Vec3{0, s, t}, Vec3{s, t, 0}, Vec3{t, 0, s}}) shell.push_back(d);
  EXPECT_EQ(local_structure(shell), LocalStructure::icosahedron);
  for (const Signature& s : bond_signatures(shell, 2.3)) EXPECT_EQ(s.code(), 555);
  EXPECT_THROW(bond_signatures(std::vector<Vec3>(65), 1), InputError);
}

// Nobody near: g = 0, the integrand is r^2, so s = -2 pi rho r_m^3 / 3.
TEST(LocalEntropy, OfAnAtomAlone) {
  Frame f = test::empty_frame(Box::orthogonal({50, 50, 50}));
  test::add_atom(f, {25, 25, 25});
  EXPECT_NEAR(two_body_entropy(f, {8, 0.15, 3})[0], -2 * pi / 125000 * 512 / 3, 1e-4 * 2 * pi / 125000 * 512 / 3);
}

// The definition, written down with sums over all images and a finer grid.
TEST(LocalEntropy, ByDefinition) {
  const Frame f = test::disordered(3);
  const double range = 6, width = 0.2, rho = double(f.size()) / f.box.volume();
  const std::vector<double> s = two_body_entropy(f, {range, width, 3.6});
  const double edge = f.box.edge(0).x;
  double integral = 0;
  const double h = 0.01;
  for (double r = h; r < range + h / 2; r += h) {
    double g = 0;
    for (std::size_t j = 0; j < f.size(); ++j)
      for (int a = -1; a <= 1; ++a)
        for (int b = -1; b <= 1; ++b)
          for (int c = -1; c <= 1; ++c) {
            const double d = norm(f.position[j] - f.position[0] + edge * Vec3{double(a), double(b), double(c)});
            if (d > 0) g += std::exp(-0.5 * std::pow((r - d) / width, 2)) / std::sqrt(2 * pi) / width / (4 * pi * rho * r * r);
          }
    integral += (r > range - h / 2 ? 0.5 : 1) * h * r * r * (g > 0 ? g * std::log(g) - g + 1 : 1);
  }
  EXPECT_NEAR(s[0], -2 * pi * rho * integral, 2e-3 * std::abs(s[0]));
}

TEST(LocalEntropy, FallsWithOrder) {
  const auto mean = [](const Frame& f) { return descriptors(f, {.r_cut = 3.3}).summary.find("two_body_entropy")->number[0]; };
  const double crystal = mean(test::disordered(4, 0.085, 1, 0.01)), warm = mean(test::disordered(4, 0.085, 1, 0.06)),
               random = mean(test::disordered(4, 0.085, 1, 0.18));
  EXPECT_LT(crystal, warm - 1);
  EXPECT_LT(warm, random - 1);
}

/// The same frame turned (as an open cluster, so that any rotation is allowed) and its atoms in another order.
TEST(SymmetryFunctions, DoNotChangeUnderRotation) {
  Frame f = test::disordered(3);
  f.box = Box(f.box.edges(), {}, {false, false, false});
  const double c = std::cos(0.7), s = std::sin(0.7);
  const Mat3 turn = Mat3{{{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}}} * Mat3{{{{1, 0, 0}, {0, c, -s}, {0, s, c}}}};
  const Frame g = test::deformed(f, turn);
  for (const auto& set : {radial_angular_set(f), power_spectrum_set(f)}) {
    const Features a = symmetry_functions(f, set), b = symmetry_functions(g, set);
    ASSERT_EQ(a.name.size(), a.values.columns);
    for (std::size_t k = 0; k < a.values.values.size(); ++k) EXPECT_NEAR(a.values.values[k], b.values.values[k], 1e-9);
  }
}

// One neighbour at distance r: the radial functions are the window itself, and P_l(1) = 1 for every l.
TEST(SymmetryFunctions, OfAPair) {
  Frame f = test::empty_frame(Box::orthogonal({30, 30, 30}));
  test::add_atom(f, {10, 10, 10}), test::add_atom(f, {12, 11, 12});
  const SymmetryOptions o{.r_min = 2.6, .r_max = 6, .step = 0.4};
  const Features radial = symmetry_functions(f, o);
  const double fade = 0.5 * (1 + std::cos(pi * 3 / 6));
  EXPECT_EQ(radial.name[1], "radial Cu 3");
  EXPECT_NEAR(radial.values(0, 0), std::exp(-1) * fade, 1e-12);
  EXPECT_NEAR(radial.values(0, 1), fade, 1e-12);
  SymmetryOptions p = o;
  p.l_max = 3;
  const Features power = symmetry_functions(f, p);
  for (std::size_t l = 0; l <= 3; ++l) EXPECT_NEAR(power.values(0, 4 + l), fade * fade, 1e-12);
}

// With windows so wide that all weights are equal, p_l = n^2 q_l^2, q_l Steinhardt's order.
TEST(SymmetryFunctions, PowerSpectrumIsTheSquareOfBondOrder) {
  const Frame f = test::fcc_crystal(3, 3.6);
  const double r = 3.6 / std::sqrt(2.0), w = 0.5 * (1 + std::cos(pi * r / 3.5));
  const Features power = symmetry_functions(f, {.r_min = r, .r_max = 3.5, .step = 1, .l_max = 6});
  EXPECT_NEAR(power.values(0, 4), std::pow(12 * w * 0.1909406, 2), 1e-5);
  EXPECT_NEAR(power.values(0, 6), std::pow(12 * w * 0.5745243, 2), 1e-4);
  EXPECT_NEAR(power.values(0, 2), 0, 1e-9);
}

TEST(Descriptors, DoNotDependOnThreads) {
  const Frame f = test::disordered(5);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Descriptors a = descriptors(f, {.r_cut = 3.6, .features = "radial-angular"});
  omp_set_num_threads(3);
  const Descriptors b = descriptors(f, {.r_cut = 3.6, .features = "radial-angular"});
  omp_set_num_threads(before);
  EXPECT_EQ(a.two_body_entropy, b.two_body_entropy);
  EXPECT_EQ(a.averaged_entropy, b.averaged_entropy);
  EXPECT_EQ(a.descriptor.values, b.descriptor.values);
  EXPECT_EQ(a.structure_type, b.structure_type);
}

TEST(Descriptors, SaysWhenTheRadiusHoldsTooMany) { EXPECT_THROW(descriptors(test::fcc_crystal(4, 3.6), {.r_cut = 7}), InputError); }

}  // namespace
}  // namespace heteroglass::structure
