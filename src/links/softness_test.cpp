#include "links/softness.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <random>

#include "core/error.hpp"
#include "crystals.hpp"
#include "links/linear_classifier.hpp"

namespace heteroglass::links {
namespace {

// Two normal clouds of equal spread a distance 2 m apart along one axis: the best plane is half way, across that axis, and its accuracy Phi(m).
TEST(LinearClassifier, OfTwoNormalClouds) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> g;
  const std::size_t n = 4000, features = 3;
  std::vector<double> x;
  std::vector<char> positive;
  for (std::size_t i = 0; i < n; ++i) {
    const bool plus = i % 4 == 0;  // classes of unequal size
    positive.push_back(plus);
    x.insert(x.end(), {(plus ? 1 : -1) + g(random), 5 + 2 * g(random), 7});  // the last is constant
  }
  std::vector<const double*> rows;
  for (std::size_t i = 0; i < n; ++i) rows.push_back(x.data() + features * i);
  const LinearClassifier c = train(rows, features, positive, 1e-6);
  EXPECT_TRUE(c.converged);
  EXPECT_NEAR(c.weight[1] / c.weight[0], 0, 0.05);
  double right[2] = {0, 0}, all[2] = {0, 0};
  for (std::size_t i = 0; i < n; ++i) {
    right[positive[i] != 0] += (c.score({rows[i], features}) > 0) == (positive[i] != 0);
    all[positive[i] != 0] += 1;
  }
  EXPECT_NEAR(0.5 * (right[0] / all[0] + right[1] / all[1]), 0.8413, 0.02);
}

/// Two frames: in the second, atoms with crowded (dense) neighbourhoods are displaced at random, or atoms chosen at random are.
std::vector<Frame> frames(bool by_structure, unsigned seed) {
  Frame f = test::disordered(8, 0.06, seed);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> u(0, 1);
  std::vector<double> crowd(f.size(), 0);
  for (std::size_t i = 0; i < f.size(); ++i) {
    if (!by_structure) {
      crowd[i] = u(random);
      continue;
    }
    for (std::size_t j = 0; j < f.size(); ++j) {
      const double r2 = norm2(f.box.minimum_image(f.position[j] - f.position[i]));
      if (j != i && r2 < 9) ++crowd[i];
    }
    crowd[i] += 1e-3 * u(random);
  }
  std::vector<double> sorted = crowd;
  std::sort(sorted.begin(), sorted.end());
  const double limit = sorted[sorted.size() * 93 / 100];
  Frame g = f;
  for (std::size_t i = 0; i < f.size(); ++i)
    if (crowd[i] >= limit)
      g.position[i] = g.box.wrap(g.position[i] + Vec3{1.5 * (u(random) - 0.5), 1.5 * (u(random) - 0.5), 1.5 * (u(random) - 0.5)});
  return {f, g};
}

TEST(Softness, LearnsWhatStructureDecides) {
  const Softness s = softness(frames(true, 1), {.fraction = 0.07, .r_cut = 3.6});
  EXPECT_GT(s.auc.value, 0.75);
  EXPECT_GT(s.accuracy.value, 0.65);
  EXPECT_GT(s.enhancement.value, 1.5);
  EXPECT_GT(s.soft_probability.back(), 3 * (s.soft_probability.front() + 0.01));
}

// Nothing to learn: the classes are random, so that held-out atoms are guessed as by a coin. Training on all would give far more.
TEST(Softness, LearnsNothingFromChance) {
  const Softness s = softness(frames(false, 2), {.fraction = 0.07, .r_cut = 3.6});
  EXPECT_NEAR(s.auc.value, 0.5, 0.08);
  EXPECT_NEAR(s.accuracy.value, 0.5, 0.08);
}

TEST(Softness, DoesNotDependOnThreads) {
  const auto f = frames(true, 3);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Softness a = softness(f, {.features = "radial", .fraction = 0.07, .r_cut = 3.6});
  omp_set_num_threads(3);
  const Softness b = softness(f, {.features = "radial", .fraction = 0.07, .r_cut = 3.6});
  omp_set_num_threads(before);
  EXPECT_EQ(a.softness, b.softness);
}

// Sites at random on fcc with twelve neighbours percolate at 0.199 (Lorenz, Ziff, Phys. Rev. E 57, 230 (1998)); a small box blurs it.
TEST(Softness, RandomSitesPercolateWhereTheyShould) {
  Frame f = test::disordered(8, 0.06, 5, 0.02), g = f;
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> u(-0.5, 0.5);
  for (Vec3& r : g.position) r = g.box.wrap(r + Vec3{u(random), u(random), u(random)});
  const Softness s = softness(std::vector<Frame>{f, g}, {.features = "radial", .r_cut = 3.6});
  EXPECT_NEAR(s.percolation.find("critical_fraction_random")->number[0], 0.199, 0.04);
}

TEST(Softness, SaysWhatIsWrong) {
  EXPECT_THROW(softness(std::vector<Frame>{test::disordered(3)}), InputError);
  const auto f = frames(true, 1);
  EXPECT_THROW(softness(f, {.samples = 2}), InputError);
}

}  // namespace
}  // namespace heteroglass::links
