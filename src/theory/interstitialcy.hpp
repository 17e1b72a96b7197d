/// Granato's interstitialcy theory: a glass is a crystal's liquid frozen in, with a concentration c of dumb-bell interstitials.
///
///     G = mu exp(-a b c)                                      G unrelaxed modulus of the glass, mu of the crystal        (4.2)
///     H_f = a G Omega                                         formation enthalpy, Omega volume per atom                  (4.3)-(4.5)
///     W = (q / (b rho)) [ (G/mu) dmu/dT - dG/dT ]             heat flow per mass at heating rate q, endotherm positive   (4.6)
///     rho dU = (mu / b) (1 - G/mu)                            stored energy; rho Q on crystallisation                    (4.7)
///     drho/rho = ((a_i - 1) / (a b)) ln(G / G0)               density change on relaxation from G0 to G                  (4.8)
///     n0(E) = -(1/A) dc/dT,   E = A T,   A = k ln(nu tau)     activation-energy spectrum of the defects that anneal
///
/// b is the shear susceptibility (15 to 21), a about 1, a_i the relaxation volume of a defect over Omega. c is per atom. (4.6) integrates to
/// (4.7) at constant mu only: with mu(T) the derivative of (4.7) exceeds it by (1 - G/mu) (dmu/dT)/b, the change at fixed c.
/// With files G(T), mu(T) (of the crystallised sample) and heat flow may stand in one table or several; c(T), the predicted heat flow beside
/// the measured one, b by regression of (4.6) where `beta` is not given, n0(E) from the modulus and from the heat flow, and the heat of
/// crystallisation at the upper end of the range are found. Heat flow is that in excess of the crystal: give crystal_heat_flow, or subtract it.
/// The crystal: c(T) in equilibrium, ln[c/(1-c)] = s_f/k - a mu Omega exp(-a b c)/(k T), has two branches that meet at the temperature
/// where the crystal becomes unstable. The liquid: with its G the melting point is where the Gibbs energies are equal,
/// T_m = (mu Omega/b) (1 - G/mu) / [s_f c + k s_mix(c)], c = ln(mu/G)/(a b); Lindemann's ratio and the fragility
/// m = log10(tau_g/tau_0) (1 - dlnG/dlnT) of an activation energy proportional to G follow. b = -(1/4G) d2G/deps2 from a simulation.
/// Only about a tenth of the defects anneal below crystallisation. Not for relaxed (low-frequency) moduli: G must be unrelaxed.
/// Errors: of data from lines through the points within `smoothing`; of options from `errors`. Cost O(points).
/// References: Granato, Phys. Rev. Lett. 68, 974 (1992), doi:10.1103/PhysRevLett.68.974; Granato, Khonik, Phys. Rev. Lett. 93, 155502 (2004),
/// doi:10.1103/PhysRevLett.93.155502; Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005, eqs (4.2)-(4.8).
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::theory {

struct InterstitialcyOptions {
  static constexpr bool joins_files = true;
  std::optional<double> beta = {};                                    ///< [1] shear susceptibility b
  double alpha = 1;                                                   ///< [1] a
  std::optional<double> glass_to_crystal = {};                        ///< [1] G/mu
  std::optional<double> glass_modulus = {}, crystal_modulus = {};     ///< [GPa]
  double crystal_slope = 0;                                           ///< [GPa/K] dmu/dT
  std::optional<double> relaxed_to_initial = {};                      ///< [1] G/G0
  std::optional<double> relaxation_volume = {};                       ///< [1] a_i
  std::optional<double> density = {};                                 ///< [g/cm^3]
  std::string composition = {};                                       ///< with the density gives Omega
  std::optional<double> atomic_volume = {};                           ///< [angstrom^3] Omega
  std::optional<double> temperature = {};                             ///< [K] of the crystal's equilibrium
  double formation_entropy = 15;                                      ///< [1] s_f in k
  std::optional<double> liquid_modulus = {};                          ///< [GPa] of the liquid at the melting point
  std::optional<double> glass_transition = {};                        ///< [K]
  std::optional<double> modulus_slope = {};                           ///< [GPa/K] dG/dT of the liquid at T_g
  double time_decades = 16;                                           ///< [1] log10(tau_g/tau_0)
  std::optional<double> strain_curvature = {};                        ///< [GPa] d2G/deps2
  std::optional<double> rate = {};                                    ///< [K/min]
  std::optional<double> temperature_low = {}, temperature_high = {};  ///< [K] range of the data used
  std::optional<double> smoothing = {};                               ///< [K] half width of the lines that give slopes
  double attempt_frequency = 1e13;                                    ///< [1/s] nu
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct Interstitialcy {
  Measured concentration;                                                                  ///< [1]
  Measured stored_energy;                                                                  ///< [GPa]
  Measured stored_energy_mass, stored_energy_atom;                                         ///< [J/g], [eV]
  Measured formation_enthalpy;                                                             ///< [eV]
  Measured density_change, density_slope;                                                  ///< [1]
  Measured beta, beta_anharmonic;                                                          ///< [1]
  Measured equilibrium_concentration, instability_temperature, instability_concentration;  ///< [1], [K], [1]
  Measured liquid_concentration, melting_temperature, melting_entropy;                     ///< [1], [K], [1] in k per atom
  Measured lindemann_ratio, melting_modulus_ratio;                                         ///< [1] mu Omega / (k T_m)
  Measured fragility;                                                                      ///< [1]
  Measured crystallisation_heat;                                                           ///< [J/g] at the upper end of the data
  Measured concentration_start, concentration_end, annealed;                               ///< [1]
  double energy_per_temperature = 0;                                                       ///< [eV/K] A
  std::vector<double> temperature;                                                         ///< [K]
  std::vector<double> modulus, crystal;                                                    ///< [GPa]
  std::vector<double> defects, defects_error;                                              ///< [1] c(T)
  std::vector<double> heat_flow, heat_flow_predicted, heat_flow_predicted_error;           ///< [W/g]
  std::vector<double> energy;                                                              ///< [eV]
  std::vector<double> spectrum, spectrum_error, spectrum_heat;                             ///< [1/eV] from G, from the heat flow
  std::vector<double> branch_temperature, crystal_branch, unstable_branch;                 ///< [K], [1]
  static const Fields& fields();
};

/// @throws InputError when nothing can be computed, a modulus is not positive or the data lack G or mu
Interstitialcy interstitialcy(std::span<const Curve> curves, const InterstitialcyOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::theory
