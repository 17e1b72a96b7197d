/// Free volume: viscosity and flow of a glass through the places where atoms have room.
///
///     c_f = exp(-a v*/v_f)                                                  concentration of flow defects
///     gdot = 2 c_f nu exp(-dG/kT) sinh(tau W / 2kT)                         shear rate at shear stress tau
///     dv_f/dt = v* nu exp(-a v*/v_f - dG/kT) { (2 a kT/(v_f S)) [cosh(tau W/2kT) - 1] - 1/n_D },   S = (2/3) mu (1 + p)/(1 - p)
///     eta = (kT / (c_f nu W)) exp(dG/kT) for small tau;   eta = A exp(B V_0/V_f) (Doolittle), which is VFT when V_f grows as T - T_0
///
/// v_f is the free volume per atom, v* that needed for a jump, a the overlap (0.5 to 1), dG the barrier of the jump, W the activation volume, mu
/// the shear modulus, p Poisson's ratio, n_D the jumps that annihilate one v* (3 to 10). Stress creates free volume, jumps annihilate it: the
/// balance gives v_f in steady flow. `applied_rate` integrates a test at constant shear rate, dtau/dt = mu (rate - gdot): its overshoot is
/// the free volume catching up. With a file of relaxation times (or viscosities) T_0 and the reduced free volume (T - T_0)/B are fitted. The
/// formation energy of free volume is the enthalpy of relaxation per atom over the fractional change of volume.
/// Free volume is a parameter here, not a measured volume. Not for temperatures where a single barrier does not describe the jump.
/// Errors: carried from `errors`, or covariance of the fit. Cost O(steps). References: Doolittle, J. Appl. Phys. 22, 1471 (1951),
/// doi:10.1063/1.1699894; Cohen, Turnbull, J. Chem. Phys. 31, 1164 (1959), doi:10.1063/1.1730566; Spaepen, Acta Metall. 25, 407 (1977),
/// doi:10.1016/0001-6160(77)90232-2; Steif, Spaepen, Hutchinson, Acta Metall. 30, 447 (1982), doi:10.1016/0001-6160(82)90225-5.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::theory {

struct FreeVolumeOptions {
  static constexpr bool one_curve = true;
  std::optional<double> temperature = {};       ///< [K]
  std::optional<double> free_volume = {};       ///< [angstrom^3] v_f per atom
  double critical_volume = 16;                  ///< [angstrom^3] v*
  double overlap = 1;                           ///< [1] a
  double migration_barrier = 0.5;               ///< [eV] dG
  double attempt_frequency = 1e13;              ///< [1/s] nu
  double activation_volume = 20;                ///< [angstrom^3] W
  double stress = 0;                            ///< [GPa] shear stress
  double shear_modulus = 35;                    ///< [GPa]
  double poisson = 0.36;                        ///< [1]
  double annihilation_jumps = 5;                ///< [1] n_D
  std::optional<double> applied_rate = {};      ///< [1/s] shear rate of a test
  double strain_max = 0.2;                      ///< [1] shear strain of the test
  std::optional<double> enthalpy_change = {};   ///< [kJ/mol] of relaxation, per mole of atoms
  std::optional<double> volume_change = {};     ///< [1] fractional
  std::optional<double> glass_transition = {};  ///< [K] for the reduced free volume of a fit
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct FreeVolume {
  Measured defect_concentration;                                ///< [1] c_f
  Measured log10_newtonian_viscosity, log10_viscosity;          ///< [1] of Pa s, at zero stress and at `stress`
  Measured strain_rate;                                         ///< [1/s]
  Measured creation_rate, annihilation_rate;                    ///< [angstrom^3/s]
  Measured steady_free_volume;                                  ///< [angstrom^3] where they balance
  Measured formation_energy;                                    ///< [eV]
  Measured vogel_temperature, doolittle_temperature;            ///< [K] T_0, B of (T - T_0)/B
  Measured log10_tau0;                                          ///< [1] of s
  Measured reduced_free_volume;                                 ///< [1] at T_g
  double rms = 0;                                               ///< [1] of ln tau
  double peak_stress = 0, flow_stress = 0;                      ///< [GPa] of the test
  std::vector<double> temperature, log10_tau, log10_tau_model;  ///< [K], [1]
  std::vector<double> strain, stress, free_volume;              ///< [1], [GPa], [angstrom^3] of the test
  static const Fields& fields();
};

/// @throws InputError when neither temperature and free volume, nor an enthalpy with a volume, nor a file is given
FreeVolume free_volume(std::span<const Curve> curves, const FreeVolumeOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::theory
