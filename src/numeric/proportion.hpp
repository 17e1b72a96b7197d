/// Uncertainties of counted fractions and of means.
///
/// Both take the counted things as independent. Neighbouring atoms of a glass are not, so these errors are lower bounds for
/// a property of the glass; independent samples or spatial blocks say how far.
#pragma once

#include <cstddef>
#include <span>

#include "core/value.hpp"

namespace heteroglass::numeric {

/// Standard deviation of the Jeffreys posterior Beta(k + 1/2, n - k + 1/2) of a binomial fraction: the usual
/// sqrt(p (1 - p) / n) for many counts, and not zero when k = 0 or k = n. NaN for n = 0.
/// Reference: Brown, Cai and DasGupta, Stat. Sci. 16, 101 (2001), doi:10.1214/ss/1009213286.
double proportion_error(std::size_t k, std::size_t n);

/// Mean and s / sqrt(n). NaN entries are left out; the error is NaN for fewer than two values.
Measured mean(std::span<const double> values);

}  // namespace heteroglass::numeric
