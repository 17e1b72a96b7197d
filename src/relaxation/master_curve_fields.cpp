// Tables of options and results of relaxation/master_curve.
#include "relaxation/isotherms.hpp"
#include "relaxation/master_curve.hpp"

namespace heteroglass::relaxation {

const ColumnRoles& MasterCurveOptions::columns() { return modulus_roles(); }

const Fields& MasterCurveOptions::fields() {
  using O = MasterCurveOptions;
  static const Fields table = {
      field<&O::reference_temperature>("reference_temperature", "K", "where ln a = 0; unset: the isotherm in the middle").positive(),
      field<&O::vertical>("vertical", "", "vertical shifts: none, fitted, or by temperature and density")
          .one_of({"none", "free", "density"}),
      field<&O::expansion>("expansion", "1/K", "volume expansion for vertical shifts by density").non_negative(),
      field<&O::follow>("follow", "", "the modulus that decides the shifts").one_of({"all", "storage", "loss"}),
      field<&O::temperature_tolerance>("temperature_tolerance", "K", "rows within it are one isotherm").positive().difference(),
      field<&O::tolerance>("tolerance", "1", "relative misfit of overlaps that is accepted whatever the noise").non_negative(),
      field<&O::temperature_error>("temperature_error", "K", "standard error of the temperature of each isotherm, added to that of ln a")
          .non_negative()
          .difference(),
      field<&O::start>("start", "1", "log10 a to begin with, one for each isotherm from the coldest; empty: by closed form"),
      field<&O::bootstrap>("bootstrap", "1", "resamplings for the second estimate of the errors; 0: none").range(0, 10000),
      field<&O::seed>("seed", "1", "of the resampling").non_negative(),
      field<&O::temperatures>("temperatures", "K", "where the WLF equation is evaluated when there is no file"),
      field<&O::wlf_c1>("wlf_c1", "1", "c1 of the WLF equation when there is no file").alias("c1"),
      field<&O::wlf_c2>("wlf_c2", "K", "c2 of the WLF equation when there is no file").difference().alias("c2"),
  };
  return table;
}

const Fields& MasterCurve::fields() {
  using M = MasterCurve;
  static const Fields table = {
      field<&M::reference_temperature>("reference_temperature", "K", "where ln a = 0").exact("chosen"),
      field<&M::superposition_holds>("superposition_holds", "", "whether one curve describes all isotherms within their noise"),
      field<&M::temperature>("temperature", "K", "of the isotherms").exact("as read"),
      field<&M::ln_a>("ln_a", "1", "natural logarithm of the shift factors").over("temperature", Plot::points),
      field<&M::ln_a_error>("ln_a_error", "1", "of the joint fit, widened where residuals are correlated").error_for("ln_a"),
      field<&M::ln_a_bootstrap>("ln_a_bootstrap", "1", "standard deviation of ln_a over resampled residuals")
          .over("temperature", Plot::none)
          .exact("an error itself"),
      field<&M::log10_a>("log10_a", "1", "decimal logarithm of the shift factors").over("temperature", Plot::none),
      field<&M::log10_a_error>("log10_a_error", "1", "ln_a_error / ln 10").error_for("log10_a"),
      field<&M::ln_b>("ln_b", "1", "natural logarithm of the vertical shifts").over("temperature", Plot::points),
      field<&M::ln_b_error>("ln_b_error", "1", "of the joint fit; 0 when not fitted").error_for("ln_b"),
      field<&M::overlap_residual>("overlap_residual", "1", "relative misfit of each isotherm where it overlaps with others")
          .over("temperature", Plot::none)
          .exact("a misfit itself"),
      field<&M::noise>("noise", "1", "relative scatter of the isotherms about smooth curves, the largest of the columns"),
      field<&M::van_gurp_palmen_residual>("van_gurp_palmen_residual", "deg",
                                          "difference of loss angles of neighbouring isotherms at equal |M*|"),
      field<&M::law>("law", "", "the law that describes ln_a best by AICc"),
      field<&M::activation_energy>("activation_energy", "eV", "d ln a/d(1/kT) at the reference temperature, of that law"),
      field<&M::kink_temperature>("kink_temperature", "K", "below it an Arrhenius law"),
      field<&M::energy_below>("energy_below", "eV", "activation energy below the kink"),
      field<&M::laws>("laws", "", "parameters of all laws (vft: B and T0 in K; wlf at the reference temperature)")
          .exact("each row has its value_error"),
      field<&M::law_models>("law_models", "", "laws ranked by AICc").exact("criteria"),
      field<&M::law_temperature>("law_temperature", "K", "of law_ln_a").exact("a grid"),
      field<&M::law_ln_a>("law_ln_a", "1", "the law").over("law_temperature").with("ln_a").exact("see laws"),
      field<&M::ln_a_covariance>("ln_a_covariance", "1", "covariance of ln_a between isotherms").exact("a variance itself"),
      field<&M::reduced_frequency>("reduced_frequency", "rad/s", "w a_T of the points").exact("see ln_a_error").log_axis(),
      field<&M::storage>("storage", "GPa", "storage modulus divided by b_T").over("reduced_frequency", Plot::points).log_axis(),
      field<&M::storage_error>("storage_error", "GPa", "scatter about the master curve").error_for("storage"),
      field<&M::loss>("loss", "GPa", "loss modulus divided by b_T").over("reduced_frequency", Plot::points).log_axis(),
      field<&M::loss_error>("loss_error", "GPa", "scatter about the master curve").error_for("loss"),
      field<&M::reduced_time>("reduced_time", "s", "t / a_T of the points").exact("see ln_a_error").log_axis(),
      field<&M::modulus>("modulus", "GPa", "relaxation modulus divided by b_T").over("reduced_time", Plot::points).log_axis(),
      field<&M::modulus_error>("modulus_error", "GPa", "scatter about the master curve").error_for("modulus"),
      field<&M::compliance>("compliance", "1/GPa", "creep compliance times b_T").over("reduced_time", Plot::points).log_axis(),
      field<&M::compliance_error>("compliance_error", "1/GPa", "scatter about the master curve").error_for("compliance"),
      field<&M::curve_frequency>("curve_frequency", "rad/s", "reduced frequency of the smooth curve").exact("a grid").log_axis(),
      field<&M::curve_storage>("curve_storage", "GPa", "master curve of the storage modulus")
          .over("curve_frequency")
          .with("storage")
          .log_axis(),
      field<&M::curve_storage_error>("curve_storage_error", "GPa", "of the joint fit").error_for("curve_storage"),
      field<&M::curve_loss>("curve_loss", "GPa", "master curve of the loss modulus").over("curve_frequency").with("loss").log_axis(),
      field<&M::curve_loss_error>("curve_loss_error", "GPa", "of the joint fit").error_for("curve_loss"),
      field<&M::curve_time>("curve_time", "s", "reduced time of the smooth curve").exact("a grid").log_axis(),
      field<&M::curve_modulus>("curve_modulus", "GPa", "master curve of the relaxation modulus")
          .over("curve_time")
          .with("modulus")
          .log_axis(),
      field<&M::curve_modulus_error>("curve_modulus_error", "GPa", "of the joint fit").error_for("curve_modulus"),
      field<&M::curve_compliance>("curve_compliance", "1/GPa", "master curve of the creep compliance")
          .over("curve_time")
          .with("compliance")
          .log_axis(),
      field<&M::curve_compliance_error>("curve_compliance_error", "1/GPa", "of the joint fit").error_for("curve_compliance"),
      field<&M::complex_modulus>("complex_modulus", "GPa", "|M*| divided by b_T").exact("of this point").log_axis(),
      field<&M::loss_angle>("loss_angle", "deg", "atan(M''/M'), a curve of its own when superposition holds")
          .over("complex_modulus", Plot::points),
      field<&M::loss_angle_error>("loss_angle_error", "deg", "from the noise").error_for("loss_angle"),
  };
  return table;
}

}  // namespace heteroglass::relaxation
