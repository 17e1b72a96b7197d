/// Mean and true spread of a quantity of many places, each measured with its own error.
///
///     x_i ~ N(m, s^2 + e_i^2)
///
/// m and s by maximum likelihood: s is what is left of the scatter when the errors of measurement are taken out; errors from the Fisher
/// information. Values without an error count with e = 0. Reference: Rukhin, Vangel, J. Am. Stat. Assoc. 93, 303 (1998),
/// doi:10.1080/01621459.1998.10474111.
#pragma once

#include <cmath>
#include <span>

#include "core/value.hpp"

namespace heteroglass::probes {

struct Spread {
  Measured mean, sd;          ///< m, s
  double observed_sd = NAN;   ///< of the values as they are
  double noise_fraction = 0;  ///< mean of e^2 over the observed variance
  std::size_t values = 0;
};

/// NaN values are left out.
Spread spread(std::span<const double> values, std::span<const double> errors);

}  // namespace heteroglass::probes
