/// Sine and spherical Bessel sums between any points q and equally spaced r, fast.
///
///     sine_sums           y_k = sum_i f_i sin(q_i r_k)           at equal steps of r
///     sine_sums_back      y_i = sum_k f_k sin(q_i r_k)           at any q
///     bessel_sums         y_k = sum_i f_i j_l(q_i r_k),  l = 0 or 2,  j_2(x) = (3/x^3 - 1/x) sin x - 3/x^2 cos x
///
/// Integrals are these sums with trapezoid weights in f. Method: for each q the sine and cosine step from r to r + dr by a rotation,
/// exact ones being taken anew every 128 steps; j_2 is summed from its sine and cosine parts for q r >= 1, and below, where these
/// cancel, from its power series with running moments of f. Errors stay below 1e-12 of sum |f_i|.
/// Cost O(points q x points r), about 0.2 ns each; threaded over r (over q for `back`), bitwise the same for any number of threads.
/// Not for values of f that oscillate faster than their points resolve: sums repeat beyond r = pi / dq.
/// Source of j_l: NIST DLMF, sections 10.49 and 10.53, https://dlmf.nist.gov/10.49.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace heteroglass::numeric {

/// first, first + step, ..., `count` values.
struct EqualSteps {
  double first = 0, step = 1;
  std::size_t count = 0;
  double operator[](std::size_t k) const { return first + static_cast<double>(k) * step; }
};

/// Half the distance between the neighbours of each x (of the only neighbour, at the ends): integral f dx = sum weight f.
std::vector<double> trapezoid_weights(std::span<const double> x);

/// @param q any values >= 0
std::vector<double> sine_sums(std::span<const double> q, std::span<const double> f, const EqualSteps& r);
std::vector<double> sine_sums_back(const EqualSteps& r, std::span<const double> f, std::span<const double> q);
/// sum_i f_i cos(q_i r_k), for the variance of sine sums: sin^2 x = (1 - cos 2x) / 2.
std::vector<double> cosine_sums(std::span<const double> q, std::span<const double> f, const EqualSteps& r);
/// @param q ascending, >= 0 @param order 0 or 2
std::vector<double> bessel_sums(int order, std::span<const double> q, std::span<const double> f, const EqualSteps& r);
/// j_2 at one point.
double spherical_bessel_2(double x);

}  // namespace heteroglass::numeric
