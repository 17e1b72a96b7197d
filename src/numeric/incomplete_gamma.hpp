/// The regularised upper incomplete gamma function Q(a, x) = Gamma(a, x)/Gamma(a), a > 0, x >= 0: series for small x, continued
/// fraction (Lentz) beyond, relative accuracy about 1e-14.
/// Source: Abramowitz, Stegun, Handbook of Mathematical Functions, 6.5.29 and 6.5.31.
#pragma once

namespace heteroglass::numeric {

double incomplete_gamma_upper(double a, double x);

/// x^(-s) e^x Gamma(s, x) = int_0^infinity (1 + u)^(s - 1) exp(-x u) du for any real s and x > 0, and x = 0 where s < 0: continued
/// fraction from x = 1 on, below it quadrature over ln(1 + u). Relative accuracy about 1e-12.
double incomplete_gamma_tail(double s, double x);

}  // namespace heteroglass::numeric
