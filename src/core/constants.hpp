/// Physical constants in the program's units. CODATA 2018 (exact where the SI defines them), doi:10.1103/RevModPhys.93.025010.
#pragma once

namespace heteroglass::constants {

inline constexpr double boltzmann = 8.617333262145179e-5;            ///< [eV/K]
inline constexpr double elementary_charge = 1.602176634e-19;         ///< [C], so also [J/eV]
inline constexpr double avogadro = 6.02214076e23;                    ///< [1/mol]
inline constexpr double gas_constant = 8.31446261815324;             ///< [J/(mol K)]
inline constexpr double atomic_mass = 1.66053906660e-27;             ///< [kg]
inline constexpr double ev_per_cubic_angstrom_in_gpa = 160.2176634;  ///< [GPa/(eV/angstrom^3)]
inline constexpr double bar_in_gpa = 1e-4;                           ///< [GPa/bar]
/// [g/cm^3 / (g/mol/angstrom^3)]
inline constexpr double density_factor = 1e24 / avogadro;

}  // namespace heteroglass::constants
