/// How a spectrum of relaxation times or activation energies makes the curves that are measured, and exact spectra to test with.
///
///     M'(w) = M_0 + Int H (w tau)^2 / (1 + (w tau)^2) dln tau,   M''(w) = Int H w tau / (1 + (w tau)^2) dln tau
///     G(t) = G_0 + Int H e^{-t/tau} dln tau,                     J(t) = J_g + Int L (1 - e^{-t/tau}) dln tau + t / eta
///     c(T) = c_0 + Int n(E) theta(E, T) dE,   theta = exp[-(nu / q) Int_{T_1}^{T} e^{-E/kT'} dT']     (heated at the rate q from T_1)
///
/// Times on an equidistant grid of ln tau (or E), integrals by the trapezoidal rule, which is exact to 1e-7 for these kernels at four
/// points a decade. Reference for the Havriliak-Negami spectrum: Zorn, J. Polym. Sci. B 37, 1043 (1999),
/// doi:10.1002/(SICI)1099-0488(19990515)37:10<1043::AID-POLB9>3.0.CO;2-H.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "numeric/inversion.hpp"

namespace heteroglass::relaxation {

/// Measured values with their weights, in rows of one linear problem.
struct Measurement {
  std::string channel;               ///< storage | loss | modulus | compliance | deficit | heat
  std::vector<double> x, y, weight;  ///< x: w, t or T; weight: 1 / error up to a common factor
};

/// Columns beyond the spectrum: a plateau of storage, modulus, compliance or deficit; the flow t / t_max.
struct ExtraColumns {
  bool plateau = true, flow = false;
  std::size_t count() const { return (plateau ? 1u : 0u) + (flow ? 1u : 0u); }
};

/// Heating: E relaxes at T = E / (k ln(nu k T^2 / (q E))).
struct Heating {
  double attempt_frequency = 1e13;  ///< [1/s]
  double rate = 1;                  ///< [K/s]
  double start = 300;               ///< [K]
  /// Energy whose states relax at T. [eV]
  double energy_at(double temperature) const;
  /// Fraction of the states of energy E that is left at T, and its derivative with respect to T.
  double left(double energy, double temperature) const;
  double loss_rate(double energy, double temperature) const;
};

/// Unknowns: H times the scale at each grid point, then the extra columns. `scale` multiplies unknowns to give the units of y.
numeric::LinearProblem spectrum_problem(std::span<const Measurement> data, std::span<const double> grid, const ExtraColumns& extra,
                                        const Heating& heating, double scale);

/// H(ln tau) / Delta M of Havriliak-Negami, chi = [1 + (i w tau_0)^a]^-g; a = 1: Cole-Davidson, g = 1: Cole-Cole.
double havriliak_negami_spectrum(double tau_over_tau0, double alpha, double gamma);

}  // namespace heteroglass::relaxation
