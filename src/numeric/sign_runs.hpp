/// The runs test of Wald and Wolfowitz: do residuals change their sign as often as chance would have it?
///
///     z = (runs - mu)/sigma,  mu = 1 + 2 n+ n-/n,  sigma^2 = (mu - 1)(mu - 2)/(n - 1)
///
/// Far below zero the residuals keep one sign for long stretches: the model misses structure. -2.6 is passed by chance in 1 of 200.
/// Reference: Wald, Wolfowitz, Ann. Math. Stat. 11, 147 (1940), doi:10.1214/aoms/1177731909.
#pragma once

#include <span>

namespace heteroglass::numeric {

/// z of a sequence in its order; a zero has the sign of its predecessor. NaN below 8 values, -sqrt(n) when all have one sign.
double sign_runs(std::span<const double> residual);

}  // namespace heteroglass::numeric
