/// The stretched exponential in the frequency domain, exact to 1e-10 without tables.
///
///     phi(t) = exp[-(t/tau)^beta],   chi(w) = int_0^inf [-dphi/dt] e^{-iwt} dt = chi' - i chi''
///
/// With t in units of tau and u = (i w)^-beta:
///
///     chi = sum_{n>=1} (-1)^{n+1} Gamma(1 + n beta)/n! u^n          converges for beta < 1, asymptotic for beta > 1
///     1 - chi = -sum_{n>=1} (-i w)^n Gamma(1 + n/beta)/n!           the reverse
///
/// and between them, on the contour t = e^{x - i theta} where both exponentials decay (z = t^beta),
///
///     chi = int dx  i w t e^{-iwt} (1 - e^{-z})           (w above the inverse mean time: no 1 - w Int, nothing cancels)
///     1 - chi = int dx  beta z e^{-z} (1 - e^{-iwt})      (below)
///
/// by the trapezoidal rule, whose error falls as exp(-2 pi d / h), d the half width of the strip in which the integrand decays.
/// theta = d = min(pi, pi/(2 beta))/2. Relative error of chi' and chi'' below 1e-10 for 0.1 <= beta <= 1 (of |chi| for
/// 1 < beta <= 2, where chi' changes sign and chi'' can underflow), any w > 0. Cost: some 30 us for a beta, then 0.1 us (series) to 3 us
/// (contour) for a frequency. An object may be shared between threads.
/// Series: Williams, Watts, Lindsey, Shore, Trans. Faraday Soc. 67, 1323 (1971), doi:10.1039/TF9716701323;
/// quadrature between them: Wuttke, Algorithms 5, 604 (2012), doi:10.3390/a5040604.
#pragma once

#include <complex>
#include <vector>

namespace heteroglass::relaxation {

class KwwTransform {
 public:
  static constexpr double beta_low = 0.1, beta_high = 2;
  /// @throws InputError unless 0.1 <= beta <= 2
  explicit KwwTransform(double beta);

  double beta() const { return beta_; }
  /// chi' - i chi'' at omega tau > 0; chi(0) = 1.
  std::complex<double> susceptibility(double omega_tau) const { return evaluate(omega_tau, nullptr).chi; }
  /// int_0^inf phi(t) e^{-iwt} dt in units of tau: the cosine minus i times the sine integral.
  std::complex<double> fourier(double omega_tau) const;

  struct Derivatives {
    std::complex<double> log_omega;  ///< d chi / d ln(omega tau)
    std::complex<double> beta;       ///< d chi / d beta
  };
  std::complex<double> susceptibility(double omega_tau, Derivatives& d) const { return evaluate(omega_tau, &d).chi; }

 private:
  struct Value {
    std::complex<double> chi, complement;  ///< complement = 1 - chi, without cancellation
  };
  struct Node {
    double log_y, y;
    std::complex<double> weight, weight_beta;  ///< and its derivative by beta
  };
  Value evaluate(double w, Derivatives* d) const;
  Value low_series(double w, Derivatives* d) const;
  Value high_series(double w, Derivatives* d) const;
  Value low_contour(double w, Derivatives* d) const;
  Value high_contour(double w, Derivatives* d) const;
  void make_series();
  void make_contour();

  double beta_;
  double theta_, sine_, cosine_, step_;
  double below_ = 0, above_ = 0, change_ = 0;  ///< series under and over these, and where the contour integrals change
  std::vector<double> low_, low_slope_;        ///< coefficients of w^n and the logarithmic derivative by beta
  std::vector<double> high_, high_slope_, high_cosine_, high_sine_;
  std::vector<Node> low_node_, high_node_;
};

/// Mean relaxation time over tau: Gamma(1/beta)/beta.
double kww_mean_time(double beta);
/// ln(omega tau) of the maximum of chi''.
double kww_loss_peak(const KwwTransform& kww);

}  // namespace heteroglass::relaxation
