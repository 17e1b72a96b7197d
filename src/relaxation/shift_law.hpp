/// Laws fitted to shift factors, with the full covariance between them, and the search for a kink.
///
///     ln a(T) = ln10 [log10 tau(T) - log10 tau(T_r)],   minimise (ln a - model)^T C^-1 (ln a - model)
///
/// Arrhenius, VFT (and its other form, WLF) and, with enough isotherms, an Arrhenius law below a temperature T_k that goes over into
/// VFT or another Arrhenius law above. Models are ranked by AICc = n ln(chi^2/n) + 2 p + 2 p (p + 1)/(n - p - 1); a kink is accepted when it
/// lowers AICc by more than 6. Errors are widened by chi^2/(n - p) where that exceeds one. Laws: temperature_models.hpp.
#pragma once

#include <string>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::relaxation {

/// Shift factors relative to one isotherm.
struct ShiftFactors {
  std::vector<double> temperature, ln_a;  ///< [K], (isotherms)
  Matrix covariance;                      ///< row and column of the reference are 0
  std::size_t reference = 0;
};

struct ShiftLaws {
  Table parameters;                                   ///< law, parameter, unit, value, value_error
  Table models;                                       ///< law, parameters, aicc, misfit
  double chi2_per_freedom = 0;                        ///< of the best law; 0: no degree of freedom
  std::string best;                                   ///< empty: too few isotherms
  Measured activation_energy;                         ///< [eV] d ln a/d(1/kT) at `at`
  Measured kink_temperature, energy_below;            ///< [K], [eV]
  std::vector<double> curve_temperature, curve_ln_a;  ///< of the best law, relative to `at`
};

/// @param at temperature to which the results refer. [K]
ShiftLaws shift_laws(const ShiftFactors& shifts, double at);

}  // namespace heteroglass::relaxation
