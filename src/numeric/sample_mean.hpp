/// Means with their standard errors: of independent samples, and of a correlated series by blocks.
#pragma once

#include <span>
#include <string>

#include "core/value.hpp"

namespace heteroglass::numeric {

/// Mean and s/sqrt(n) of independent values; a single value has no error and `alone` as its note.
Measured sample_mean(std::span<const double> values, const std::string& alone);

/// Mean of a stationary series and its error from the spread of `blocks` successive block means: right when a block is longer
/// than the correlation time. Rows that do not fill the blocks are left out at the beginning.
/// Reference: Flyvbjerg, Petersen, J. Chem. Phys. 91, 461 (1989), doi:10.1063/1.457480.
Measured block_mean(std::span<const double> series, std::size_t blocks = 5);

}  // namespace heteroglass::numeric
