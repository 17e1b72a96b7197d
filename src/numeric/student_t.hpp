/// Quantiles of Student's t and of the normal distribution, for intervals from few points.
///
/// The cumulative function is a regularised incomplete beta function (continued fraction, Lentz), inverted by Newton steps.
/// Relative accuracy about 1e-12. Source: Abramowitz, Stegun, Handbook of Mathematical Functions, 26.5.8 and 26.7.1.
#pragma once

namespace heteroglass::numeric {

/// P(T <= t) for `freedom` degrees of freedom; infinite freedom: the normal distribution.
double student_t_probability(double t, double freedom);
/// The t with P(T <= t) = probability, 0 < probability < 1.
double student_t_quantile(double probability, double freedom);

}  // namespace heteroglass::numeric
