/// The regularised upper incomplete gamma function Q(a, x) = Gamma(a, x)/Gamma(a), a > 0, x >= 0: series for small x, continued
/// fraction (Lentz) beyond, relative accuracy about 1e-14.
/// Source: Abramowitz, Stegun, Handbook of Mathematical Functions, 6.5.29 and 6.5.31.
#pragma once

namespace heteroglass::numeric {

double incomplete_gamma_upper(double a, double x);

}  // namespace heteroglass::numeric
