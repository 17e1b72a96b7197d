/// Spectrum of relaxation times H(ln tau), or of activation energies, from dynamic moduli, stress relaxation, creep or scans.
///
///     M'(w) = M_0 + Int H (w tau)^2/(1 + (w tau)^2) dln tau,  M''(w) = Int H w tau/(1 + (w tau)^2) dln tau,  G(t) = G_0 + Int H e^{-t/tau} dln tau
///     J(t) = J_g + Int L (1 - e^{-t/tau}) dln tau + t/eta
///
/// The inversion is ill posed; H >= 0 and one of three priors make it definite: `tikhonov`, least curvature of H, relative
/// to its local roughness (numeric/inversion.hpp),
/// its weight lambda from the data by the Bayesian evidence, GCV or the L-curve; `maximum-entropy`; `discrete`, the fewest lines that
/// describe the data (non-negative least squares, refined in time, pruned by the Bayesian information criterion), as metallic glasses often show.
/// lambda is always given, with the evidence of others. It counts H in units of the largest value of the data, ln tau in units of one.
///
/// Energies: with `tau0` and `temperature`, tau = tau0 exp(E/kT) gives the spectrum over E = kT ln(tau/tau0). Scans of a modulus (with the
/// modulus of the relaxed or crystalline state as `reference`, or its `reference_slope`) or of a heat flow (with its `reference`, endotherm
/// positive) are inverted with the first-order kinetics of heating at `rate` with `attempt_frequency` nu: states of energy E are left at T by
/// theta(E, T) = exp[-(nu/q) Int e^{-E/kT'} dT'], a step at E = A T, A = k ln(nu k T^2/(q E)) (about 3e-3 eV/K), kT wide.
///     modulus:   c(T) = ln(M_ref/M) / beta = c_0 + Int n(E) theta dE          heat: (W_ref - W)/q = Q Int n(E) (-dtheta/dT) dE
///
/// The band is a 95 % credible interval given the prior; a kink sharper than `resolution` lies outside it. tau outside [1/w_max, 1/w_min] (or
/// the times measured) is flagged in `inside`: there the spectrum is the prior's. Weights: relative errors of one unknown size, or absolute.
/// Without a file: the exact spectrum of Havriliak-Negami relaxation.
/// Cost: below a second for 500 points. Not for data that break Kramers-Kronig: see relaxation/kramers_kronig.
/// References: Honerkamp, Weese, Rheol. Acta 32, 65 (1993), doi:10.1007/BF00396678 (regularisation of spectra); Hansen (L-curve),
/// doi:10.1137/0914086; Wahba (evidence), doi:10.1214/aos/1176349743; Primak, Phys. Rev. 100, 1677 (1955), doi:10.1103/PhysRev.100.1677 (E = A T).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct SpectrumOptions {
  std::string method = "tikhonov";
  std::string smoothness = "evidence";
  std::optional<double> lambda = {};  ///< [1] given: held
  bool adaptive = true;               ///< least curvature relative to the local roughness
  std::string weights = "relative";
  double points_per_decade = 8;                      ///< at most; fewer over many decades
  double margin = 1;                                 ///< [1] decades beyond the measured range
  std::optional<double> tau_min = {}, tau_max = {};  ///< [s]
  bool plateau = true;
  bool flow = true;
  int samples = 200;
  int seed = 1;
  std::optional<double> tau0 = {};             ///< [s] for energies
  std::optional<double> temperature = {};      ///< [K] for energies
  double attempt_frequency = 1e13;             ///< [1/s] scans
  std::optional<double> rate = {};             ///< [K/min] scans
  std::optional<double> reference_slope = {};  ///< [1/K] dln M/dT of the reference
  double susceptibility = 1;                   ///< beta of c = ln(M_ref/M)/beta
  double alpha = 1, gamma = 1;                 ///< Havriliak-Negami, without a file
  double relaxation_time = 1;                  ///< [s]
  double strength = 1;                         ///< [GPa]
  static constexpr bool one_curve = true;
  static const ColumnRoles& columns();
  static const Fields& fields();
};

struct Spectrum {
  Measured lambda;                ///< [1]
  Measured misfit;                ///< [1]
  double degrees_of_freedom = 0;  ///< [1]
  Measured plateau;               ///< [GPa] M_0 or G_0
  Measured glassy_compliance;     ///< [1/GPa]
  Measured fluidity;              ///< [1/(GPa s)]
  Measured strength;              ///< [GPa] integral of the spectrum inside the measured range
  Measured heat;                  ///< [J/g] heat released in the range
  Measured concentration;         ///< [1] change of c in the range
  std::vector<double> tau, spectrum, spectrum_error, spectrum_low, spectrum_high;                                 ///< [s, GPa, (grid)]
  std::vector<double> retardation, retardation_error, retardation_low, retardation_high;                          ///< [1/GPa, (grid)]
  std::vector<int> inside;                                                                                        ///< [1, (grid)]
  std::vector<double> resolution;                                                                                 ///< [1, (grid)] decades
  std::vector<double> energy, energy_spectrum, energy_spectrum_error, energy_spectrum_low, energy_spectrum_high;  ///< [eV, 1/eV, (grid)]
  Table lines;
  std::vector<double> lambda_grid, ln_evidence;                                 ///< [1]
  std::vector<double> angular_frequency, storage, storage_fit, loss, loss_fit;  ///< [rad/s, GPa]
  std::vector<double> time, modulus, modulus_fit, compliance, compliance_fit;   ///< [s, GPa, 1/GPa]
  std::vector<double> scan_temperature, scan, scan_fit;                         ///< [K, 1 or J/(g K)]
  static const Fields& fields();
};

/// @throws InputError for unknown columns, fewer than 4 points, or a scan without rate and reference.
Spectrum spectrum(std::span<const Curve> curves, const SpectrumOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
