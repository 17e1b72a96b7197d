/// Random first-order transition theory: a liquid rearranges by droplets whose surface costs less than their entropy gains.
///
///     F(r)/kT = 4 pi x (r/a)^th - (4 pi/3) (s_c/k) (r/a)^3,   x = sigma_0 a^2/kT,  th = d/2 = 3/2
///     barrier F*/kT = 3 pi x^2 k/s_c  (th = 3/2) = 32 k/s_c for x = 1.84;   tau = tau_0 exp(F*/kT)
///     r*/a = (th x k/s_c)^{1/(3-th)},   xi/a = (3 x k/s_c)^{1/(3-th)},   m = (32/ln 10) (Dc_p/k) (k/s_c)^2 at T_g
///
/// s_c is the configurational entropy per bead (about an atom of a metallic glass), a the bead size. `barrier` is the free energy at the top of F(r) in
/// units of kT: a pure number that goes into the exponent as it is; `barrier_energy` is that times kT, at a temperature. xi is where F
/// comes back to zero, the size of a region that can rearrange; it holds (4 pi/3)(xi/a)^3 beads, about 100 at T_g.
/// s_c(T) from Dc_p and T_K (configurational_entropy.hpp), or `entropy` as it is. The glass keeps the length of T_g: xi ~ (T_g - T_K)^{-1/(d-th)}
/// (5.9) diverges as T_g approaches T_K. With a file of relaxation times the prefactor 32 is fitted, the one number the theory predicts.
/// Not near the mode-coupling temperature, where the droplet is no longer large. Errors: covariance of the fit, or carried from `errors`.
/// Cost O(points). References: Kirkpatrick, Thirumalai, Wolynes, Phys. Rev. A 40, 1045 (1989), doi:10.1103/PhysRevA.40.1045; Xia, Wolynes,
/// Proc. Natl. Acad. Sci. 97, 2990 (2000), doi:10.1073/pnas.97.7.2990; Lubchenko, Wolynes, Annu. Rev. Phys. Chem. 58, 235 (2007),
/// doi:10.1146/annurev.physchem.58.032806.104653.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::theory {

struct RfotOptions {
  static constexpr bool one_curve = true;
  std::optional<double> entropy = {};               ///< [1] s_c per bead in k
  std::optional<double> surface_tension = {};       ///< [1] x; unset: what gives the prefactor
  double prefactor = 32;                            ///< [1] of barrier = prefactor k/s_c at theta = 3/2
  double theta = 1.5;                               ///< [1]
  std::optional<double> temperature = {};           ///< [K]
  std::optional<double> cp_step = {};               ///< [1] Dc_p per bead at T_g in k
  std::optional<double> glass_transition = {};      ///< [K]
  std::optional<double> kauzmann_temperature = {};  ///< [K]
  std::string heat_capacity = "hyperbolic";         ///< hyperbolic | constant
  std::optional<double> bead_size = {};             ///< [angstrom] a
  double tau0 = 1e-12;                              ///< [s]
  double tau_glass = 100;                           ///< [s]
  std::optional<double> shear_modulus = {};         ///< [GPa] makes times of viscosities
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct Rfot {
  Measured barrier;                                                     ///< [1] F*/kT
  Measured barrier_energy;                                              ///< [eV]
  Measured log10_relaxation_time;                                       ///< [1] of s
  Measured entropy;                                                     ///< [1] s_c per bead in k
  Measured entropy_glass;                                               ///< [1] at which tau is tau_glass
  Measured surface_tension;                                             ///< [1] x
  Measured prefactor;                                                   ///< [1] barrier s_c/k
  Measured critical_radius;                                             ///< [1] r*/a
  Measured correlation_length;                                          ///< [1] xi/a
  Measured correlation_length_angstrom;                                 ///< [angstrom]
  Measured region_beads;                                                ///< [1]
  Measured fragility;                                                   ///< [1]
  Measured kauzmann_temperature;                                        ///< [K]
  Measured log10_tau0;                                                  ///< [1]
  double rms = 0;                                                       ///< [1] of ln tau
  std::vector<double> radius, free_energy;                              ///< [1] r/a, F/kT
  std::vector<double> temperature, log10_tau, log10_tau_model, length;  ///< [K], [1], [1], [1] xi/a
  static const Fields& fields();
};

/// @throws InputError when s_c is neither given nor follows from Dc_p, T_g, T_K
Rfot rfot(std::span<const Curve> curves, const RfotOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::theory
