/// Red noise at uneven positions: an Ornstein-Uhlenbeck process, its correlation length by maximum likelihood, and samples of it.
///
///     <r(x) r(x')> = s^2 exp(-|x - x'| / l)
///
/// Source: Schulz, Mudelsee, Comput. Geosci. 28, 421 (2002), doi:10.1016/S0098-3004(01)00044-9.
#pragma once

#include <random>
#include <span>
#include <vector>

namespace heteroglass::probes {

struct RedNoise {
  double length = 0;     ///< in the unit of the positions; 0: white
  double deviation = 0;  ///< s
  std::vector<double> sample(std::span<const double> x, std::mt19937_64& random) const;
};

/// @param x ascending
RedNoise red_noise(std::span<const double> x, std::span<const double> y);

}  // namespace heteroglass::probes
