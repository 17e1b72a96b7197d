/// Volume and enthalpy against temperature from the rows that a cooling run logged.
///
///     H = E_total + P0 V,   P0 the pressure that the barostat holds
///
/// Not the engine's own enthalpy column, E_total + P V with the instantaneous P: its mean is the same, but P fluctuates far more than
/// E + P0 V, and H(T) would be several times as noisy.
#pragma once

#include <vector>

#include "core/curve.hpp"

namespace heteroglass::sample {

/// Rows of one stage between two program temperatures (equal: held).
struct CoolingPart {
  Curve log;
  double from = 0, to = 0;  ///< [K]
};

struct CoolingCurve {
  std::vector<double> temperature, temperature_error;  ///< [K] mean of a bin, descending
  std::vector<double> volume, volume_error;            ///< [angstrom^3] per atom
  std::vector<double> enthalpy, enthalpy_error;        ///< [eV] per atom
};

/// Means over bins of the program's temperature, of rows of `atoms` atoms. The errors are those of the mean with rows that
/// lie closer than 0.5 ps counted as one; bins cooled through faster than that have the spread of their rows.
/// @param pressure [GPa] P0
CoolingCurve cooling_curve(const std::vector<CoolingPart>& parts, double bin, std::size_t atoms, double pressure);
/// [eV] E_total + P0 V of `energy` [eV], `volume` [angstrom^3], `pressure` [GPa].
double enthalpy(double energy, double volume, double pressure);
/// Mean of members' curves of equal bins, with the standard error of the mean; one member keeps its own errors.
CoolingCurve mean_curve(const std::vector<CoolingCurve>& members);

}  // namespace heteroglass::sample
