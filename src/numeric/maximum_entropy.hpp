/// Maximum-entropy solutions of ill-posed linear equations: positive everywhere, no structure that the data do not ask for.
///
///     minimise  |A x - b|^2 / 2 - lambda S,   S = sum_j x_j - m_j - x_j ln(x_j / m_j)
///
/// m is the default, to which x returns where the data say nothing. lambda by the evidence (Gull's classic maximum entropy, the noise factor
/// integrated out) or fixed. Band: samples of the Gaussian about the optimum in the variables sqrt(x), in which the entropy metric is flat;
/// lambda is held. Where peaks are sharp, maximum entropy shows them narrower and with more ripple beside them than a smoothness prior does.
/// Cost O(m^3) a Newton step. Reference: Skilling, Bryan, Mon. Not. R. Astron. Soc. 211, 111 (1984), doi:10.1093/mnras/211.1.111.
#pragma once

#include <span>

#include "numeric/inversion.hpp"

namespace heteroglass::numeric {

/// `standard` (unknowns, positive): the default m. Choice evidence or fixed. @throws NumericalError
Inversion maximum_entropy(const LinearProblem& problem, std::span<const double> standard, const InversionSettings& settings);

}  // namespace heteroglass::numeric
