#include "relaxation/stress_relaxation.hpp"

namespace heteroglass::relaxation {

const ColumnRoles& StressRelaxationOptions::columns() {
  static const ColumnRoles roles = {
      {"time", "s", "time", true, {"t", "steptime", "reducedtime"}},
      {"stress", "GPa", "stress at constant strain", false, {"sigma"}},
      {"modulus", "GPa", "relaxation modulus", false, {"relaxationmodulus", "erelax", "grelax", "e", "g", "g(t)", "gt", "e(t)"}},
      {"compliance", "1/GPa", "creep compliance", false, {"creepcompliance", "j", "d", "j(t)", "jt"}},
      {"temperature", "K", "temperature of the row", false, {"temp", "sampletemperature"}},
  };
  return roles;
}

const Fields& StressRelaxationOptions::fields() {
  using O = StressRelaxationOptions;
  static const Fields table = {
      field<&O::steps>("steps", "1", "stretched exponentials: 1 or 2").range(1, 2),
      field<&O::ramp>("ramp", "s", "length of a loading ramp of constant rate that ended at time zero").non_negative(),
      field<&O::time_zero>("time_zero", "s", "time in the file at which loading ended"),
      field<&O::drift>("drift", "", "fit a linear drift of the stress too"),
      field<&O::remnant>("remnant", "1", "remnant stress as a part of the first value, held fixed; unset: fitted, not negative")
          .range(0, 1),
      field<&O::fix_beta>("fix_beta", "1", "beta held fixed").range(0.05, 2),
      field<&O::unload_time>("unload_time", "s", "creep: time at which the load was taken off").positive(),
      field<&O::flow>("flow", "", "creep: with viscous flow t/eta"),
      field<&O::tau>("tau", "s", "without a file: relaxation time").positive(),
      field<&O::beta>("beta", "1", "without a file: stretching exponent").range(0.05, 2),
      field<&O::strength>("strength", "GPa", "without a file: part that relaxes").positive(),
      field<&O::time>("time", "s", "without a file: times to evaluate at").non_negative(),
  };
  return table;
}

const Fields& StressRelaxation::fields() {
  using R = StressRelaxation;
  static const Fields table = {
      field<&R::quantity>("quantity", "", "what was measured"),
      field<&R::tau>("tau", "s", "relaxation time of the stretched exponential (the faster, of two)"),
      field<&R::beta>("beta", "1", "its stretching exponent"),
      field<&R::mean_tau>("mean_tau", "s", "tau Gamma(1/beta)/beta"),
      field<&R::strength>("strength", "GPa", "part that relaxes"),
      field<&R::remnant>("remnant", "GPa", "part that remains, sigma_r"),
      field<&R::delayed_compliance>("delayed_compliance", "1/GPa", "dJ of creep"),
      field<&R::unrelaxed_compliance>("unrelaxed_compliance", "1/GPa", "J_u of creep"),
      field<&R::tau_interval>("tau_interval", "s", "95 % profile-likelihood interval of tau").exact("profile likelihood"),
      field<&R::beta_interval>("beta_interval", "1", "95 % profile-likelihood interval of beta").exact("profile likelihood"),
      field<&R::tau_2>("tau_2", "s", "the slower of two steps"),
      field<&R::beta_2>("beta_2", "1", "its exponent"),
      field<&R::fraction_2>("fraction_2", "1", "its part of both strengths"),
      field<&R::drift>("drift", "GPa/s", "linear drift, when asked for"),
      field<&R::viscosity>("viscosity", "Pa s", "of creep"),
      field<&R::decades_covered>("decades_covered", "1", "decades from the first time after zero to the last").exact("of the time column"),
      field<&R::fraction_relaxed>("fraction_relaxed", "1", "1 - sigma(t_end)/sigma(0) of the model"),
      field<&R::liquid_fraction>("liquid_fraction", "1", "F = dsigma/(dsigma + sigma_r)"),
      field<&R::tau_change>("tau_change", "1", "relative change of tau when time zero moves by the ramp (or the first time)")
          .exact("of two fits"),
      field<&R::beta_change>("beta_change", "1", "change of beta likewise").exact("of two fits"),
      field<&R::runs>("runs", "1", "z of the runs test; below -2.6 the model misses structure").exact("a test statistic"),
      field<&R::aicc>("aicc", "1", "corrected Akaike criterion").exact("of this fit"),
      field<&R::misfit>("misfit", "", "the runs test says that the model misses structure"),
      field<&R::converged>("converged", "", "the fit ended at an optimum"),
      field<&R::at_bound>("at_bound", "", "parameters on a bound"),
      field<&R::models>("models", "", "one and two stretched, one and two simple exponentials").exact("of these fits"),
      field<&R::family>("family", "", "every isotherm of the file"),
      field<&R::stages>("stages", "", "stages of beta(T)").exact("of these fits"),
      field<&R::temperature>("temperature", "K", "of the isotherms").exact("as measured"),
      field<&R::family_beta>("family_beta", "1", "beta(T)").over("temperature", Plot::points),
      field<&R::family_beta_error>("family_beta_error", "1", "its error").error_for("family_beta"),
      field<&R::family_fraction>("family_fraction", "1", "liquid-like fraction F(T)").over("temperature", Plot::points),
      field<&R::family_fraction_error>("family_fraction_error", "1", "its error").error_for("family_fraction"),
      field<&R::time>("time", "s", "after time zero").log_axis().exact("as measured"),
      field<&R::stress>("stress", "GPa", "stress or modulus").over("time", Plot::points),
      field<&R::stress_error>("stress_error", "GPa", "scatter that the fit found").error_for("stress"),
      field<&R::stress_model>("stress_model", "GPa", "the fit").over("time").with("stress").exact("of this fit"),
      field<&R::stress_residual>("stress_residual", "GPa", "data minus fit").over("time", Plot::points).exact("difference of data and fit"),
      field<&R::compliance>("compliance", "1/GPa", "creep compliance").over("time", Plot::points),
      field<&R::compliance_error>("compliance_error", "1/GPa", "scatter that the fit found").error_for("compliance"),
      field<&R::compliance_model>("compliance_model", "1/GPa", "the fit").over("time").with("compliance").exact("of this fit"),
      field<&R::compliance_residual>("compliance_residual", "1/GPa", "data minus fit")
          .over("time", Plot::points)
          .exact("difference of data and fit"),
  };
  return table;
}

}  // namespace heteroglass::relaxation
