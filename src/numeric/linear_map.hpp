/// A symmetric matrix known by what it does to vectors, and the sums over long vectors that iterative methods need.
///
/// `vectors` vectors stand one after the other in x and y. dot() adds in fixed chunks: its value does not depend on the number
/// of threads.
#pragma once

#include <functional>
#include <span>

namespace heteroglass::numeric {

/// y = A x for `vectors` vectors at once.
using LinearMap = std::function<void(std::span<const double> x, std::span<double> y, std::size_t vectors)>;

double dot(std::span<const double> a, std::span<const double> b);
/// y += s x
void add_scaled(double s, std::span<const double> x, std::span<double> y);
/// Fills with independent +1 and -1, the same for the same seed.
void random_signs(std::span<double> v, unsigned long seed);
/// Removes from v its parts along the orthonormal rows of `basis` (vectors of the length of v, one after the other).
void project_out(std::span<const double> basis, std::span<double> v);

}  // namespace heteroglass::numeric
