#include "numeric/gaussian_mixture.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"
#include "numeric/k_means.hpp"

namespace heteroglass::numeric {
namespace {

/// Normal values of two populations, 30 % at 0 +- 1 and 70 % at 6 +- 2.
std::vector<double> two_humps(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> x;
  for (std::size_t i = 0; i < n; ++i) x.push_back(random() % 10 < 3 ? normal(random) : 6 + 2 * normal(random));
  return x;
}

// One component is the sample itself: mean, standard deviation (divided by n), errors s/sqrt(n) and s/sqrt(2 n).
TEST(GaussianMixture, OneComponentIsTheSample) {
  const std::vector<double> x = {1, 2, 4, 5};
  const GaussianMixture m = gaussian_mixture(points_of(x), {}, 1);
  EXPECT_NEAR(m.mean(0, 0), 3, 1e-12);
  EXPECT_NEAR(m.sd(0, 0), std::sqrt(2.5), 1e-12);
  EXPECT_NEAR(m.log_likelihood, -2 * std::log(2 * M_PI * 2.5) - 2, 1e-10);
  EXPECT_NEAR(m.bic, -2 * m.log_likelihood + 2 * std::log(4.0), 1e-10);
}

TEST(GaussianMixture, FindsTwoPopulationsWithinErrors) {
  const MixtureChoice c = best_gaussian_mixture(points_of(two_humps(2000, 1)), {}, 4);
  ASSERT_EQ(c.best.components(), 2u);
  const GaussianMixture& m = c.best;
  EXPECT_TRUE(m.converged);
  EXPECT_NEAR(m.weight[0], 0.3, 4 * m.weight_error[0]);
  EXPECT_NEAR(m.mean(0, 0), 0, 4 * m.mean_error(0, 0));
  EXPECT_NEAR(m.mean(1, 0), 6, 4 * m.mean_error(1, 0));
  EXPECT_NEAR(m.sd(0, 0), 1, 4 * m.sd_error(0, 0));
  EXPECT_NEAR(m.sd(1, 0), 2, 4 * m.sd_error(1, 0));
  // Well parted, so the errors are those of the two samples alone, a little more.
  EXPECT_NEAR(m.mean_error(0, 0), 1 / std::sqrt(600.0), 0.012);
  EXPECT_NEAR(m.weight_error[0], std::sqrt(0.21 / 2000), 0.003);
  EXPECT_NEAR(m.posterior(std::vector<double>{0})[0], 1, 0.02);
}

// The spread of estimates over samples is what the errors say it is.
TEST(GaussianMixture, ErrorsAreHonest) {
  double chi2 = 0, n = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const GaussianMixture m = gaussian_mixture(points_of(two_humps(500, seed)), {}, 2, {.restarts = 2});
    chi2 += std::pow((m.mean(0, 0) - 0) / m.mean_error(0, 0), 2) + std::pow((m.sd(1, 0) - 2) / m.sd_error(1, 0), 2), n += 2;
  }
  EXPECT_NEAR(chi2 / n, 1, 4 * std::sqrt(2 / n));
}

TEST(GaussianMixture, OneHumpIsOneComponent) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(5, 2);
  std::vector<double> x;
  for (int i = 0; i < 300; ++i) x.push_back(normal(random));
  EXPECT_EQ(best_gaussian_mixture(points_of(x), {}, 4).best.components(), 1u);
  EXPECT_EQ(gap_statistic(points_of(x), 4).chosen, 1u);
}

// A histogram with counts as weights is the sample with repeated values.
TEST(GaussianMixture, WeightsCountPoints) {
  std::vector<double> x, values, counts;
  for (const double v : two_humps(3000, 5)) x.push_back(std::round(v * 4) / 4);
  std::vector<double> sorted = x;
  std::sort(sorted.begin(), sorted.end());
  for (const double v : sorted) {
    if (values.empty() || values.back() != v) values.push_back(v), counts.push_back(0);
    ++counts.back();
  }
  const GaussianMixture a = gaussian_mixture(points_of(x), {}, 2), b = gaussian_mixture(points_of(values), counts, 2);
  EXPECT_NEAR(a.mean(0, 0), b.mean(0, 0), 1e-3);
  EXPECT_NEAR(a.sd(1, 0), b.sd(1, 0), 1e-3);
  EXPECT_NEAR(a.bic, b.bic, 1e-3);
  EXPECT_NEAR(a.mean_error(1, 0), b.mean_error(1, 0), 1e-4);
}

// In two dimensions, with a correlation of 0.8 in one of the two populations; units of the second coordinate do not matter.
TEST(GaussianMixture, HandlesSeveralDimensions) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  Matrix x(1500, 2);
  for (std::size_t i = 0; i < x.rows; ++i) {
    const double u = normal(random), v = normal(random);
    const bool first = i % 3 == 0;
    x(i, 0) = first ? u : 5 + u;
    x(i, 1) = 1000 * (first ? 0.8 * u + 0.6 * v : 2 * v);
  }
  const MixtureChoice c = best_gaussian_mixture(x, {}, 3);
  ASSERT_EQ(c.best.components(), 2u);
  EXPECT_NEAR(c.best.weight[0], 1 / 3.0, 0.01);
  EXPECT_NEAR(c.best.covariance[0](0, 1), 800, 130);
  EXPECT_NEAR(c.best.sd(1, 1), 2000, 4 * c.best.sd_error(1, 1));
  EXPECT_NEAR(c.best.mean_error(1, 0), 1 / std::sqrt(1000.0), 0.003);
}

TEST(GaussianMixture, DoesNotShrinkOntoRepeatedValues) {
  std::vector<double> x = two_humps(200, 2);
  for (int i = 0; i < 20; ++i) x.push_back(3.0);
  const MixtureChoice c = best_gaussian_mixture(points_of(x), {}, 4);
  for (std::size_t g = 0; g < c.best.components(); ++g) EXPECT_GT(c.best.sd(g, 0), 0.01);
}

TEST(GaussianMixture, RefusesWhatCannotBeFitted) {
  EXPECT_THROW(gaussian_mixture(points_of(std::vector<double>{1, 2, 3}), {}, 2), InputError);
  EXPECT_THROW(gaussian_mixture(points_of(std::vector<double>{2, 2, 2}), {}, 1), InputError);
}

TEST(KMeans, FindsTheBestGroups) {
  const std::vector<double> x = {0, 1, 2, 10, 11, 12, 30};
  const KMeans m = k_means(points_of(x), {}, 3);
  EXPECT_EQ(m.label, (std::vector<int>{0, 0, 0, 1, 1, 1, 2}));
  EXPECT_NEAR(m.within, 4, 1e-12);
  EXPECT_NEAR(m.mean(1, 0), 11, 1e-12);
}

// Points 0, 1 and 10, 11: a = 1, b = 10.5 for the outer points, 9.5 for the inner ones.
TEST(KMeans, SilhouetteOfFourPoints) {
  const std::vector<double> x = {0, 1, 10, 11};
  const std::vector<int> label = {0, 0, 1, 1};
  EXPECT_NEAR(silhouette(points_of(x), label, 2), (9.5 / 10.5 + 8.5 / 9.5) / 2, 1e-12);
  EXPECT_TRUE(std::isnan(silhouette(points_of(x), label, 1)));
}

TEST(KMeans, GapFindsThreeGroups) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  Matrix x(150, 2);
  for (std::size_t i = 0; i < x.rows; ++i) x(i, 0) = 10.0 * double(i % 3) + normal(random), x(i, 1) = normal(random);
  const GapStatistic g = gap_statistic(x, 5);
  EXPECT_EQ(g.chosen, 3u);
  EXPECT_GT(silhouette(x, k_means(x, {}, 3).label, 3), 0.7);
}

TEST(KMeans, RefusesMoreGroupsThanPoints) {
  EXPECT_THROW(k_means(points_of(std::vector<double>{1, 2}), {}, 3), InputError);
  EXPECT_THROW(k_means(points_of(std::vector<double>{1, 1, 1}), {}, 2), InputError);
}

}  // namespace
}  // namespace heteroglass::numeric
