#include "relaxation/temperature_law.hpp"
#include "relaxation/temperature_models.hpp"

namespace heteroglass::relaxation {

const ColumnRoles& TemperatureLawOptions::columns() {
  static const ColumnRoles roles = {
      {"temperature", "K", "temperature", true, {"t", "temp"}},
      {"relaxation_time", "s", "relaxation time", false, {"tau", "time", "relaxationtime", "tau_alpha"}},
      {"relaxation_time_error", "s", "its standard error", false, {"tauerror", "tau_error"}},
      {"viscosity", "Pa s", "viscosity", false, {"eta"}},
      {"viscosity_error", "Pa s", "its standard error", false, {"etaerror"}},
      {"ln_a", "1", "natural logarithm of shift factors", false, {"lna", "lnat"}},
      {"ln_a_error", "1", "their standard error", false, {"lnaerror"}},
      {"log10_a", "1", "decimal logarithm of shift factors", false, {"loga", "logat", "log10a", "log10at"}},
      {"log10_a_error", "1", "their standard error", false, {"logaerror", "log10aerror"}},
  };
  return roles;
}

const Fields& TemperatureLawOptions::fields() {
  using O = TemperatureLawOptions;
  static const Fields table = {
      field<&O::model>("model", "", "the law").one_of(law_names()).alias("law"),
      field<&O::compare>("compare", "", "laws fitted beside it").one_of(law_names()),
      field<&O::glass_transition>("glass_transition", "K", "T_g; unset: where the law reaches glass_time or glass_viscosity")
          .positive()
          .alias("tg"),
      field<&O::glass_time>("glass_time", "s", "relaxation time that defines T_g").positive(),
      field<&O::glass_viscosity>("glass_viscosity", "Pa s", "viscosity that defines T_g").positive(),
      field<&O::shear_modulus>("shear_modulus", "GPa", "G, by which a viscosity becomes a time: tau = eta/G").positive(),
      field<&O::reference_temperature>("reference_temperature", "K", "T_r of wlf; unset: the given T_g, or the middle of the data")
          .positive(),
      field<&O::kink>("kink", "", "look for two regimes"),
      field<&O::tau0>("tau0", "s", "without a file: prefactor (wlf: time at T_r); unset: glass_time at T_g").positive(),
      field<&O::energy>("energy", "eV", "without a file: E of arrhenius").positive().alias("activation_energy"),
      field<&O::vft_b>("vft_b", "K", "without a file: B of vft").positive().alias("b"),
      field<&O::vogel_temperature>("vogel_temperature", "K", "without a file: T_0 of vft").non_negative().alias("t0"),
      field<&O::wlf_c1>("wlf_c1", "1", "without a file: C_1").positive(),
      field<&O::wlf_c2>("wlf_c2", "K", "without a file: C_2").positive().difference(),
      field<&O::myega_k>("myega_k", "K", "without a file: K").positive(),
      field<&O::myega_c>("myega_c", "K", "without a file: C").non_negative(),
      field<&O::adam_gibbs_d>("adam_gibbs_d", "K", "without a file: D").positive(),
      field<&O::kauzmann_temperature>("kauzmann_temperature", "K", "without a file: T_K").positive(),
      field<&O::avramov_a>("avramov_a", "K", "without a file: A").positive(),
      field<&O::avramov_exponent>("avramov_exponent", "1", "without a file: a").positive(),
      field<&O::cohen_grest_b>("cohen_grest_b", "K", "without a file: B").positive(),
      field<&O::cohen_grest_t0>("cohen_grest_t0", "K", "without a file: T_0").positive(),
      field<&O::cohen_grest_c>("cohen_grest_c", "K", "without a file: C").positive(),
      field<&O::critical_temperature>("critical_temperature", "K", "without a file: T_c of mode-coupling").positive(),
      field<&O::mode_coupling_gamma>("mode_coupling_gamma", "1", "without a file: exponent").positive(),
      field<&O::temperature>("temperature", "K", "without a file: temperatures to evaluate at").positive(),
  };
  return table;
}

const Fields& TemperatureLaw::fields() {
  using R = TemperatureLaw;
  static const Fields table = {
      field<&R::law>("law", "", "the law"),
      field<&R::quantity>("quantity", "", "what log10_value is the logarithm of"),
      field<&R::glass_transition>("glass_transition", "K", "T_g"),
      field<&R::fragility>("fragility", "1", "m = d log10 tau/d(T_g/T) at T_g"),
      field<&R::activation_energy>("activation_energy", "kJ/mol", "apparent activation energy at T_g, m R T_g ln10"),
      field<&R::activation_energy_ev>("activation_energy_ev", "eV", "the same per particle"),
      field<&R::activation_energy_r_tg>("activation_energy_r_tg", "1", "the same over R T_g"),
      field<&R::parameters>("parameters", "", "parameters of the law with errors and 95 % intervals"),
      field<&R::models>("models", "", "laws beside each other, by AICc"),
      field<&R::kink_temperature>("kink_temperature", "K", "where an Arrhenius law takes over, when AICc favours two regimes"),
      field<&R::energy_below>("energy_below", "eV", "its activation energy"),
      field<&R::kink_aicc_gain>("kink_aicc_gain", "1", "fall of AICc by the kink").exact("of this fit"),
      field<&R::converged>("converged", "", "the fit ended at an optimum"),
      field<&R::aicc>("aicc", "1", "corrected Akaike criterion of the law").exact("of this fit"),
      field<&R::temperature>("temperature", "K", "of the data").exact("as measured"),
      field<&R::log10_value>("log10_value", "1", "log10 of the data").over("temperature", Plot::points),
      field<&R::log10_error>("log10_error", "1", "its error, NaN where the data give none").error_for("log10_value"),
      field<&R::log10_model>("log10_model", "1", "the law").over("temperature").with("log10_value").exact("of this fit"),
      field<&R::residual>("residual", "1", "data minus law in decades")
          .over("temperature", Plot::points)
          .exact("difference of data and law"),
      field<&R::tg_over_t>("tg_over_t", "1", "T_g/T").exact("the abscissa"),
      field<&R::angell>("angell", "1", "log10 of the data in Angell's plot").over("tg_over_t", Plot::points),
      field<&R::angell_error>("angell_error", "1", "its error").error_for("angell"),
      field<&R::angell_model>("angell_model", "1", "the law in Angell's plot").over("tg_over_t").with("angell").exact("of this fit"),
      field<&R::curve_temperature>("curve_temperature", "K", "temperatures of the law's curve").exact("the abscissa"),
      field<&R::curve>("curve", "1", "log10 of the law").over("curve_temperature").exact("of this fit"),
      field<&R::apparent_energy>("apparent_energy", "eV", "d ln tau/d(1/kT)").over("curve_temperature").exact("of this fit"),
  };
  return table;
}

}  // namespace heteroglass::relaxation
