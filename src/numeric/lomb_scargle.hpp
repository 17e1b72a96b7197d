/// Periodogram of unevenly spaced points with a free mean, for one series or many at the same positions.
///
///     p(f) = 1 - chi^2(f) / chi^2_0      share of the variance that a sine of frequency f takes, 0 to 1
///
/// False alarms under white noise after Baluev's bound, with all points' errors alike,
///
///     FAP = 1 - [1 - (1 - p)^((n-3)/2)] exp(-tau),   tau = gamma W (1 - p)^((n-4)/2) sqrt((n-1) p / 2),   W = f_max sqrt(4 pi var x)
///
/// Cost O(points frequencies), threaded over frequencies.
/// References: Zechmeister, Kuerster, Astron. Astrophys. 496, 577 (2009), doi:10.1051/0004-6361:200811296, eqs 4-15; Baluev, Mon. Not. R.
/// Astron. Soc. 385, 1279 (2008), doi:10.1111/j.1365-2966.2008.12689.x.
#pragma once

#include <span>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

/// @param series (series, points) @return (series, frequencies)
Matrix lomb_scargle(std::span<const double> x, const Matrix& series, std::span<const double> frequency);

/// Probability that white noise has a peak of p somewhere up to f_max.
double false_alarm(double p, std::span<const double> x, double f_max);

/// The best sine at one frequency: y = mean + a cos(2 pi f x) + b sin(2 pi f x).
struct Sine {
  double mean = 0, a = 0, b = 0;
  double at(double x, double f) const;
  double amplitude() const;
};
Sine best_sine(std::span<const double> x, std::span<const double> y, double f);

}  // namespace heteroglass::numeric
