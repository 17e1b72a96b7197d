#include "numeric/spherical_bessel_transform.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace heteroglass::numeric {
namespace {

constexpr double pi = std::numbers::pi;

struct Points {
  std::vector<double> q, f;
};

Points random_points(std::size_t n, double top) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  Points p;
  for (std::size_t i = 0; i < n; ++i) p.q.push_back(top * uniform(random)), p.f.push_back(uniform(random) - 0.5);
  std::sort(p.q.begin(), p.q.end());
  p.q.front() = 0;
  return p;
}

TEST(SphericalBesselTransform, SumsAreThoseOfTheLibrarySines) {
  const Points p = random_points(777, 30);
  const EqualSteps r{0.37, 0.013, 1000};
  const auto sine = sine_sums(p.q, p.f, r), cosine = cosine_sums(p.q, p.f, r);
  for (std::size_t k = 0; k < r.count; k += 37) {
    double s = 0, c = 0;
    for (std::size_t i = 0; i < p.q.size(); ++i) s += p.f[i] * std::sin(p.q[i] * r[k]), c += p.f[i] * std::cos(p.q[i] * r[k]);
    EXPECT_NEAR(sine[k], s, 1e-11);
    EXPECT_NEAR(cosine[k], c, 1e-11);
  }
}

TEST(SphericalBesselTransform, BesselSumsAreThoseOfTheLibraryAtAllArguments) {
  const Points p = random_points(1500, 40);
  for (const double first : {0.0, 1e-3, 0.5}) {
    const EqualSteps r{first, 0.01, 700};
    const auto two = bessel_sums(2, p.q, p.f, r), zero = bessel_sums(0, p.q, p.f, r);
    for (std::size_t k = 0; k < r.count; k += 29) {
      double j2 = 0, j0 = 0;
      for (std::size_t i = 0; i < p.q.size(); ++i) {
        j2 += p.f[i] * std::sph_bessel(2, p.q[i] * r[k]);
        j0 += p.f[i] * std::sph_bessel(0, p.q[i] * r[k]);
      }
      EXPECT_NEAR(two[k], j2, 1e-12) << r[k];
      EXPECT_NEAR(zero[k], j0, 1e-11) << r[k];
    }
  }
}

// j_2 ~ x^2 / 15 for small x: no digits are lost, and the two forms meet.
TEST(SphericalBesselTransform, SmallArgumentsKeepTheirDigits) {
  EXPECT_NEAR(spherical_bessel_2(1e-6) / (1e-12 / 15), 1, 1e-12);
  EXPECT_NEAR(spherical_bessel_2(0.999999999), spherical_bessel_2(1.000000001), 1e-9);
  const std::vector<double> q = {1e-5}, f = {1};
  EXPECT_NEAR(bessel_sums(2, q, f, {0.1, 0.1, 1})[0] / (1e-12 / 15), 1, 1e-12);
}

TEST(SphericalBesselTransform, BackIsTheTransposeOfForth) {
  const Points p = random_points(600, 20);
  const EqualSteps r{0.02, 0.02, 500};
  std::vector<double> g(r.count);
  for (std::size_t k = 0; k < g.size(); ++k) g[k] = std::cos(0.1 * static_cast<double>(k));
  const auto forth = sine_sums(p.q, p.f, r), back = sine_sums_back(r, g, p.q);
  double a = 0, b = 0;
  for (std::size_t k = 0; k < g.size(); ++k) a += g[k] * forth[k];
  for (std::size_t i = 0; i < p.q.size(); ++i) b += p.f[i] * back[i];
  EXPECT_NEAR(a, b, 1e-10);
}

// int_0^inf q exp(-q^2 / 2) sin(q r) dq = sqrt(pi / 2) r exp(-r^2 / 2); the trapezoid rule is exact to rounding for it.
TEST(SphericalBesselTransform, GaussianTransformsToGaussian) {
  std::vector<double> q, f;
  for (int i = 0; i <= 600; ++i) q.push_back(0.02 * i);
  const auto w = trapezoid_weights(q);
  for (std::size_t i = 0; i < q.size(); ++i) f.push_back(w[i] * q[i] * std::exp(-q[i] * q[i] / 2));
  const EqualSteps r{0, 0.1, 50};
  const auto y = sine_sums(q, f, r);
  for (std::size_t k = 0; k < r.count; ++k) EXPECT_NEAR(y[k], std::sqrt(pi / 2) * r[k] * std::exp(-r[k] * r[k] / 2), 1e-12);
}

TEST(SphericalBesselTransform, DoesNotDependOnTheNumberOfThreads) {
  const Points p = random_points(900, 25);
  const EqualSteps r{0, 0.01, 900};
  const std::vector<double> g(r.count, 0.3);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const auto s1 = sine_sums(p.q, p.f, r), b1 = bessel_sums(2, p.q, p.f, r), t1 = sine_sums_back(r, g, p.q);
  omp_set_num_threads(3);
  EXPECT_EQ(s1, sine_sums(p.q, p.f, r));
  EXPECT_EQ(b1, bessel_sums(2, p.q, p.f, r));
  EXPECT_EQ(t1, sine_sums_back(r, g, p.q));
  omp_set_num_threads(before);
}

}  // namespace
}  // namespace heteroglass::numeric
