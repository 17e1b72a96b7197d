#include "structure/bond_order.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include "core/error.hpp"
#include "crystals.hpp"
#include "lammps_oracle.hpp"
#include "neighbor/neighbor_list.hpp"
#include "structure/spherical_harmonics.hpp"

namespace heteroglass::structure {
namespace {

// Values: Mickel et al., J. Chem. Phys. 138, 044501 (2013), doi:10.1063/1.4774084, table I; Steinhardt et al. (1983).
struct Known {
  const char* name;
  Frame frame;
  BondOrderOptions options;
  double q4, q6, w6;
};

void expect_known(const Known& k) {
  SCOPED_TRACE(k.name);
  const BondOrder b = bond_order(k.frame, k.options);
  for (std::size_t i : {std::size_t{0}, k.frame.size() / 2}) {
    EXPECT_NEAR(b.q(i, 0), k.q4, 2e-6);
    EXPECT_NEAR(b.q(i, 1), k.q6, 2e-6);
    EXPECT_NEAR(b.w(i, 1), k.w6, 2e-6);
  }
}

TEST(BondOrder, PerfectCrystals) {
  expect_known({"fcc", test::fcc_crystal(4, 3.6), {}, 0.190941, 0.574524, -0.013161});
  expect_known({"fcc, twelve nearest", test::fcc_crystal(4, 3.6), {.nearest = 12}, 0.190941, 0.574524, -0.013161});
  expect_known({"bcc, first shell", test::bcc_crystal(5, 3.2), {.r_cut = 3.0}, 0.509175, 0.628539, 0.013161});
  expect_known({"bcc, two shells", test::bcc_crystal(5, 3.2), {.nearest = 14}, 0.036370, 0.510688, 0.013161});
  expect_known({"hcp", test::hcp_crystal(4, 2.6), {.r_cut = 3.1}, 0.097222, 0.484762, -0.012442});
}

TEST(BondOrder, AveragedEqualsPlainWhereAllAtomsAreAlike) {
  const BondOrder b = bond_order(test::fcc_crystal(4, 3.6));
  for (std::size_t i = 0; i < 20; ++i) EXPECT_NEAR(b.q_averaged(i, 0), b.q(i, 0), 1e-12);
  EXPECT_NEAR(b.r_cut, 3.6 * (std::sqrt(0.5) + 1) / 2, 0.1);
}

Frame icosahedron() {
  Frame f = test::empty_frame(Box::orthogonal({30, 30, 30}, {}, {false, false, false}));
  const double phi = (1 + std::sqrt(5.0)) / 2;
  test::add_atom(f, {15, 15, 15});
  for (double s : {-1.0, 1.0})
    for (double t : {-phi, phi})
      for (const Vec3& d : {Vec3{0, s, t}, Vec3{s, t, 0}, Vec3{t, 0, s}}) test::add_atom(f, Vec3{15, 15, 15} + d);
  return f;
}

TEST(BondOrder, Icosahedron) {
  const BondOrder b = bond_order(icosahedron(), {.r_cut = 1.95});
  EXPECT_EQ(b.neighbors[0], 12);
  EXPECT_NEAR(b.q(0, 0), 0, 1e-7);
  EXPECT_NEAR(b.q(0, 1), 0.663325, 1e-6);
  EXPECT_NEAR(b.w(0, 1), -0.169754, 1e-6);
}

TEST(BondOrder, AveragedByDefinition) {
  const Frame f = test::disordered(4);
  const BondOrder b = bond_order(f, {.l = {6}, .r_cut = 3.6});
  const SphericalHarmonics h({6});
  const neighbor::NeighborList list = neighbor::neighbor_list(f, 3.6);
  for (std::size_t i = 0; i < 10; ++i) {
    std::vector<std::complex<double>> mean(7), one(7);
    const auto row = [&](std::size_t k) { return std::vector<neighbor::Neighbor>(list.of(k).begin(), list.of(k).end()); };
    h.mean(row(i), mean);
    for (const neighbor::Neighbor& n : list.of(i)) {
      h.mean(row(static_cast<std::size_t>(n.index)), one);
      for (std::size_t k = 0; k < 7; ++k) mean[k] += one[k];
    }
    double sum = 0;
    for (std::size_t k = 0; k < 7; ++k) sum += (k ? 2 : 1) * std::norm(mean[k] / (1.0 + double(list.of(i).size())));
    EXPECT_NEAR(b.q_averaged(i, 0), std::sqrt(4 * 3.14159265358979 / 13 * sum), 1e-12);
  }
}

TEST(BondOrder, DoesNotDependOnOrientation) {
  const Frame f = test::disordered(4);
  const double c = std::cos(0.7), s = std::sin(0.7);
  const Mat3 turn = Mat3{{{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}}} * Mat3{{{{1, 0, 0}, {0, c, -s}, {0, s, c}}}};
  const BondOrderOptions o{.l = {2, 3, 4, 5, 6, 8, 10, 12}, .r_cut = 3.6};
  const BondOrder a = bond_order(f, o), b = bond_order(test::deformed(f, turn), o);
  for (std::size_t k = 0; k < a.q.values.size(); ++k) {
    EXPECT_NEAR(a.q.values[k], b.q.values[k], 1e-12);
    EXPECT_NEAR(a.q_averaged.values[k], b.q_averaged.values[k], 1e-12);
    EXPECT_NEAR(a.w.values[k], b.w.values[k], 1e-11);
  }
}

TEST(BondOrder, EqualsLammps) {
  if (!test::has_lammps()) GTEST_SKIP() << "lmp is not installed";
  const Frame f = test::disordered(6);
  const test::LammpsOracle lammps(f);
  ASSERT_TRUE(lammps.run(6,
                         "compute q all orientorder/atom nnn NULL cutoff 3.8 degrees 4 2 4 6 8 wl/hat yes\n"
                         "dump d all custom 1 q.txt id c_q[1] c_q[2] c_q[3] c_q[4] c_q[5] c_q[6] c_q[7] c_q[8]\n"
                         "dump_modify d sort id format float %.14g\nrun 0"));
  std::vector<std::vector<double>> rows = lammps.numbers("q.txt");
  std::erase_if(rows, [](const auto& row) { return row.size() != 9; });
  ASSERT_EQ(rows.size(), f.size());
  const BondOrder b = bond_order(f, {.l = {2, 4, 6, 8}, .r_cut = 3.8});
  for (std::size_t i = 0; i < f.size(); ++i)
    for (std::size_t k = 0; k < 4; ++k) {
      ASSERT_NEAR(b.q(i, k), rows[i][1 + k], 1e-10) << "atom " << i << " order " << k;
      ASSERT_NEAR(b.w(i, k), rows[i][5 + k], 1e-9) << "atom " << i << " order " << k;
    }
}

// Edmonds' tables: (2 2 2; 0 0 0) = -sqrt(2/35), (1 1 1; 1 -1 0) = 1/sqrt(6); the squares sum to 1 over all m.
TEST(BondOrder, WignerSymbols) {
  EXPECT_NEAR(wigner_3j(2, 0, 0), -std::sqrt(2.0 / 35), 1e-15);
  EXPECT_NEAR(wigner_3j(1, 1, -1), 1 / std::sqrt(6.0), 1e-15);
  for (int l : {1, 2, 6, 12}) {
    double sum = 0;
    for (int a = -l; a <= l; ++a)
      for (int b = -l; b <= l; ++b) sum += std::pow(wigner_3j(l, a, b), 2);
    EXPECT_NEAR(sum, 1, 1e-9) << l;
  }
}

TEST(BondOrder, SameForAnyNumberOfThreads) {
  const Frame f = test::disordered(5);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const BondOrder one = bond_order(f);
  omp_set_num_threads(3);
  const BondOrder three = bond_order(f);
  omp_set_num_threads(before);
  EXPECT_EQ(one.q.values, three.q.values);
  EXPECT_EQ(one.q_averaged.values, three.q_averaged.values);
  EXPECT_EQ(one.w.values, three.w.values);
}

TEST(BondOrder, LonelyAtomsHaveNoValueAndBadOptionsAreRefused) {
  const Frame f = test::fcc_crystal(3, 3.6);
  Context context;
  EXPECT_TRUE(std::isnan(bond_order(f, {.r_cut = 1}, context).q(0, 0)));
  EXPECT_EQ(context.warnings().size(), 1u);
  EXPECT_THROW(bond_order(f, {.l = {}}), InputError);
  EXPECT_THROW(bond_order(f, {.l = {13}}), InputError);
  EXPECT_THROW(bond_order(f, {.r_cut = 3, .nearest = 12}), InputError);
}

}  // namespace
}  // namespace heteroglass::structure
