#include "mechanics/corrugation.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/propagation.hpp"

namespace heteroglass::mechanics {
namespace {

constexpr double pi = std::numbers::pi;
// (J/m^2) / GPa is exactly 1 nm, so lengths come out in nm.

Corrugation evaluated(const CorrugationOptions& o) {
  Corrugation r;
  const double strength = o.youngs_modulus / 10, stress = o.crack_tip_stress.value_or(strength);
  r.theoretical_strength.value = strength;
  r.wavelength_eq_5_7.value = 2 * pi * std::sqrt(o.surface_energy * o.interaction_range / strength);
  const double unit = 12 * pi * pi * o.surface_energy / stress;
  if (o.flow_factor)
    r.wavelength_steady_state.value = unit * *o.flow_factor;
  else
    r.wavelength_steady_state.note = "needs --flow-factor";
  if (o.observed) {
    r.flow_factor_observed.value = *o.observed / unit;
    r.observed_over_eq_5_7.value = *o.observed / r.wavelength_eq_5_7.value;
  } else {
    r.flow_factor_observed.note = r.observed_over_eq_5_7.note = "needs --observed";
  }
  return r;
}

}  // namespace

Corrugation corrugation(const CorrugationOptions& o, Context&) {
  Corrugation r = propagated<Corrugation>(o, o.errors, evaluated);
  r.discrepancy = fmt::format(
      "eq. 5.7 as printed gives {:.2f} nm; the 65 nm (Dy) and 92 nm (Mg) quoted beside it follow from the steady state with a crack-tip "
      "stress "
      "well below E/10",
      r.wavelength_eq_5_7.value);
  return r;
}

const Fields& CorrugationOptions::fields() {
  using O = CorrugationOptions;
  static const Fields table = {
      field<&O::youngs_modulus>("youngs_modulus", "GPa", "Young's modulus; a tenth of it is the theoretical strength").positive(),
      field<&O::surface_energy>("surface_energy", "J/m^2", "surface energy").positive(),
      field<&O::interaction_range>("interaction_range", "nm", "range of the surface forces, 0.1 to 0.4 nm").positive(),
      field<&O::crack_tip_stress>("crack_tip_stress", "GPa", "stress at the crack tip in the steady state; unset: the theoretical strength")
          .positive(),
      field<&O::flow_factor>("flow_factor", "1", "A(n) of Argon and Salama's steady state").positive(),
      field<&O::observed>("observed", "nm", "wavelength seen on a fracture surface").positive(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const Fields& Corrugation::fields() {
  using R = Corrugation;
  static const Fields table = {
      field<&R::theoretical_strength>("theoretical_strength", "GPa", "E/10"),
      field<&R::wavelength_eq_5_7>("wavelength_eq_5_7", "nm", "onset of the meniscus instability, as printed in the review"),
      field<&R::wavelength_steady_state>("wavelength_steady_state", "nm", "Argon and Salama's steady state"),
      field<&R::flow_factor_observed>("flow_factor_observed", "1", "A(n) that the observed wavelength needs"),
      field<&R::observed_over_eq_5_7>("observed_over_eq_5_7", "1", "observed wavelength over that of eq. 5.7"),
      field<&R::discrepancy>("discrepancy", "", "where the two relations disagree").exact("words"),
  };
  return table;
}

const Analysis& corrugation_analysis() {
  static const Analysis entry =
      analysis<&corrugation>("mechanics", "corrugation", "wavelength of corrugations on fracture surfaces",
                             {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019), eq. 5.7", "10.1016/j.pmatsci.2019.04.005"},
                              {"Argon, Salama, Mater. Sci. Eng. 23, 219 (1976)", "10.1016/0025-5416(76)90198-1"}});
  return entry;
}

}  // namespace heteroglass::mechanics
