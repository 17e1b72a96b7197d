/// Diffusion against temperature: laws, two regimes, and how far Stokes and Einstein hold.
///
///     D = D_0 exp(-Q/kT),   D = D_0 exp[-B/(T - T_0)],   D_SE = kT/(c pi eta r),  c = 4 (slip) or 6 (stick)
///
/// Input: a table with a temperature, one column of diffusivity for each species (its name is the species), and, if known, a column of viscosity.
/// Each species is fitted by both laws, and by an Arrhenius law below a kink with either above (two regimes), ranked by AICc; the kink is accepted
/// when it lowers AICc by more than 6. Fits are in log10 D, all points with the same relative error, which the scatter gives.
/// With a viscosity: the radius that D eta/T gives (slip or stick), the decoupling D eta/T relative to the hottest point, the exponent of
/// D ~ (eta/T)^-xi (1 where Stokes-Einstein holds), and the temperature of breakdown, a kink of ln(D eta/T) against ln(eta/T) below which decoupling grows
/// (in glasses below about 1.2 Tg). Without a file: Stokes-Einstein for given radius, viscosity and temperature.
/// Not for D of collective origin in a glass that ages while it is measured. Cost: none.
/// References: Einstein, Ann. Phys. 322, 549 (1905), doi:10.1002/andp.19053220806; Faupel et al., Rev. Mod. Phys. 75, 237 (2003),
/// doi:10.1103/RevModPhys.75.237 (diffusion in metallic glasses and melts).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct DiffusionOptions {
  std::string boundary = "slip";
  std::optional<double> radius = {};            ///< [angstrom] unset: from the hottest point
  std::optional<double> glass_transition = {};  ///< [K] gives energies in R Tg
  std::optional<double> temperature = {};       ///< [K] without a file
  std::optional<double> viscosity = {};         ///< [Pa s] without a file
  static const Fields& fields();
};

struct Diffusion {
  Measured diffusivity;                 ///< [m^2/s] Stokes-Einstein, without a file
  Table laws;                           ///< species, law, parameter, unit, value, value_error
  Table species;                        ///< one row each: best law, activation energy, kink
  Table stokes_einstein;                ///< species, radius, exponent, breakdown
  std::vector<std::string> name;        ///< (species)
  std::vector<double> temperature;      ///< [K, (points)]
  Matrix ln_d, ln_d_error, ln_d_fit;    ///< [1, (species, points)] ln(D s/m^2)
  Matrix decoupling, decoupling_error;  ///< [1, (species, points)]
  static const Fields& fields();
};

/// @throws InputError for columns without units, values that are not positive, or too few points
Diffusion diffusion(std::span<const Curve> curves, const DiffusionOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
