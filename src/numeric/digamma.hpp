/// The digamma function psi(x) = d ln Gamma / dx for x > 0, to 1e-14: recurrence up to x >= 10, then the asymptotic series.
/// Source: Abramowitz, Stegun, Handbook of Mathematical Functions, 6.3.5 and 6.3.18.
#pragma once

namespace heteroglass::numeric {

double digamma(double x);

}  // namespace heteroglass::numeric
