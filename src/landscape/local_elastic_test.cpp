#include "landscape/local_elastic.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <fstream>
#include <random>

#include "landscape/elastic.hpp"
#include "landscape/soft_atoms.hpp"
#include "landscape/spatial_correlation.hpp"
#include "landscape/test_minima.hpp"

namespace heteroglass::landscape {
namespace {

const std::string copper = "/usr/share/lammps/potentials/Cu_mishin1.eam.alloy";

/// A glass large enough for a first minimum of g(r).
const Frame& glass() {
  static const Frame f = test::minimised(test::kob_andersen(600, 11), "lj:kob-andersen", 1e-9);
  return f;
}

TEST(LocalElastic, VolumeWeightedMeanIsTheModulus) {
  const LocalElastic l = local_elastic(glass(), {.potential = "lj:kob-andersen"});
  const Elastic e = elastic(glass(), {.potential = "lj:kob-andersen", .average = "voigt"});
  double g = 0, k = 0, affine = 0, volume = 0;
  for (std::size_t i = 0; i < glass().size(); ++i) {
    g += l.atomic_volume[i] * l.shear_modulus_atomic[i], k += l.atomic_volume[i] * l.bulk_modulus_atomic[i];
    affine += l.atomic_volume[i] * l.shear_modulus_affine_atomic[i];
    volume += l.atomic_volume[i];
  }
  EXPECT_NEAR(volume, glass().box.volume(), 1e-6);
  EXPECT_NEAR(g / volume, e.shear_modulus.value, 1e-3 * e.shear_modulus.value);
  EXPECT_NEAR(k / volume, e.bulk_modulus.value, 1e-3 * e.bulk_modulus.value);
  EXPECT_GT(affine / volume, 1.2 * g / volume);
  EXPECT_NEAR(l.shear_modulus.value, e.shear_modulus.value, 1e-6);
}

TEST(LocalElastic, AtomsOfACrystalAreAlike) {
  if (!std::ifstream(copper)) GTEST_SKIP() << copper << " is not there";
  const LocalElastic l = local_elastic(test::fcc_crystal(4, 3.615), {.potential = copper, .length = 5});
  for (const double g : l.shear_modulus_atomic) EXPECT_NEAR(g, (169.9 - 122.6 + 3 * 76.2) / 5, 0.3);
  for (const double g : l.shear_modulus_coarse) EXPECT_NEAR(g, (169.9 - 122.6 + 3 * 76.2) / 5, 0.3);
  EXPECT_LT(l.shear_scatter.value, 1e-4);
  EXPECT_EQ(l.negative_fraction.value, 0);
}

TEST(LocalElastic, CoarseGrainingNarrowsTheDistribution) {
  const LocalElastic l = local_elastic(glass(), {.potential = "lj:kob-andersen", .length = 1.6, .tensor = true});
  const auto& g = l.scaling.find("shear_scatter")->number;
  ASSERT_GE(g.size(), 3u);
  for (std::size_t k = 1; k < g.size(); ++k) EXPECT_LT(g[k], g[k - 1]);
  EXPECT_EQ(l.stiffness_coarse.columns, 21u);
  EXPECT_EQ(l.sets.size(), 3u);
  int members = 0;
  for (const int c : l.soft_class) members += c;
  EXPECT_EQ(members, 15 + 30);
}

TEST(LocalElastic, SameForAnyNumberOfThreads) {
  const auto run = [](int threads) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    LocalElastic l = local_elastic(glass(), {.potential = "lj:kob-andersen"});
    omp_set_num_threads(before);
    std::erase_if(l.correlation, [](double c) { return std::isnan(c); });  // no pairs so near
    return std::pair(l.shear_modulus_coarse, l.correlation);
  };
  EXPECT_EQ(run(1), run(3));
}

/// Points at random, and a field that is a sum of random values within a sphere around each: correlation (1 - r/2R)^2 (1 + r/4R).
TEST(SpatialCorrelation, OverlappingSpheresAreTheClosedForm) {
  Frame f = test::empty_frame(Box::orthogonal({40, 40, 40}));
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> u(0, 40), v(-1, 1);
  for (int i = 0; i < 2000; ++i) test::add_atom(f, {u(random), u(random), u(random)});
  f.normalise();
  // The field lives on a grid of sources of its own, many to a sphere.
  std::vector<Vec3> at;
  std::vector<double> value;
  for (int i = 0; i < 8000; ++i) at.push_back({u(random), u(random), u(random)}), value.push_back(v(random));
  const double radius = 4;
  std::vector<double> q(f.size(), 0);
  for (std::size_t i = 0; i < f.size(); ++i)
    for (std::size_t j = 0; j < at.size(); ++j)
      if (norm2(f.box.minimum_image(at[j] - f.position[i])) < radius * radius) q[i] += value[j];
  const SpatialCorrelation c = spatial_correlation(f, q, 12, 1, 1, Context::quiet());
  double chi2 = 0;
  for (std::size_t k = 1; k < c.distance.size(); ++k) {
    const double x = c.distance[k] / (2 * radius), truth = x < 1 ? (1 - x) * (1 - x) * (1 + x / 2) : 0;
    EXPECT_NEAR(c.correlation[k], truth, 0.15) << c.distance[k];
    chi2 += std::pow((c.correlation[k] - truth) / c.error[k], 2);
  }
  EXPECT_LT(chi2 / 11, 4);
}

// A droplet of soft atoms in a crystal: one cluster, and its own first peak higher than that of all.
TEST(SoftAtoms, DropletIsFoundAndRandomAtomsAreNot) {
  const Frame f = test::fcc_crystal(7, 4);
  std::vector<double> q(f.size());
  for (std::size_t i = 0; i < f.size(); ++i) q[i] = norm(f.box.minimum_image(f.position[i] - Vec3{14, 14, 14}));
  const SoftAtoms s = soft_atoms(f, q, {0.05}, 3.4, 2.83, 10, 1, Context::quiet());
  EXPECT_EQ(s.sets[0].clusters, 1u);
  EXPECT_EQ(s.sets[0].largest, s.sets[0].atoms);
  EXPECT_GT(s.sets[0].peak_ratio.value, 5);
  EXPECT_GT(static_cast<double>(s.sets[0].largest), s.sets[0].largest_random.value + 5 * s.sets[0].largest_random.error);
  std::mt19937_64 random(9);
  for (double& x : q) x = static_cast<double>(random());
  const SoftAtoms none = soft_atoms(f, q, {0.05, 0.2}, 3.4, 2.83, 10, 1, Context::quiet());
  for (const SoftSet& set : none.sets) EXPECT_NEAR(set.peak_ratio.value, 1, 4 * set.peak_ratio.error);
}

}  // namespace
}  // namespace heteroglass::landscape
