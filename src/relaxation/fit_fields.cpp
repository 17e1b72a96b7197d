#include <fmt/format.h>

#include "relaxation/fit.hpp"
#include "relaxation/response_models.hpp"
#include "relaxation/scan_data.hpp"
#include "relaxation/temperature_models.hpp"

namespace heteroglass::relaxation {

const ColumnRoles& FitOptions::columns() { return scan_roles(); }

const Fields& FitOptions::fields() {
  using O = FitOptions;
  static const Fields table = {
      field<&O::model>("model", "",
                       "a shape or a sum, such as kww+cole-cole+constant-loss: " + fmt::format("{}", fmt::join(shape_names(), ", "))),
      field<&O::addition>("addition", "", "what the sum adds up").one_of({"modulus", "compliance"}),
      field<&O::law>("law", "", "tau(T) of each component in temperature scans; unset: vft, then arrhenius").one_of(law_names()),
      field<&O::fix>("fix", "1", "parameters held at a value, in s, GPa, K, eV: beta=0.5,cole-cole.tau=1e-3"),
      field<&O::start>("start", "1", "start values, likewise"),
      field<&O::bound>("bound", "", "bounds: beta=0.3:0.7,tau=1e-3:10"),
      field<&O::free>("free", "", "parameters set free that are fixed by default (shapes in temperature scans)"),
      field<&O::parts>("parts", "", "what is fitted").one_of({"both", "storage", "loss"}),
      field<&O::weights>("weights", "", "residuals relative to the values, absolute, or over given errors")
          .one_of({"relative", "absolute", "given"}),
      field<&O::robust>("robust", "", "loss that outliers are bent by").one_of({"none", "soft-l1", "cauchy", "huber"}),
      field<&O::interval>("interval", "", "method of the 95 % intervals").one_of({"profile", "covariance", "bootstrap"}),
      field<&O::bootstrap>("bootstrap", "1", "resamplings").range(20, 100000),
      field<&O::seed>("seed", "1", "of the resampling").non_negative(),
      field<&O::compare>("compare", "", "models fitted beside it on the same weights"),
      field<&O::glass_transition>("glass_transition", "K", "T_g, for names of peaks and energies over R T_g").positive().alias("tg"),
      field<&O::crystallisation>("crystallisation", "", "rows after a late rise of E'").one_of({"exclude", "keep"}),
  };
  return table;
}

const Fields& Fit::fields() {
  using R = Fit;
  static const Fields table = {
      field<&R::tau>("tau", "s", "relaxation time of the first component"),
      field<&R::strength>("strength", "GPa", "its relaxation strength"),
      field<&R::alpha>("alpha", "1", "symmetric broadening of the first component that has it"),
      field<&R::beta>("beta", "1", "stretching exponent, likewise"),
      field<&R::gamma>("gamma", "1", "asymmetry, likewise"),
      field<&R::interval_method>("interval_method", "", "how the 95 % intervals were found"),
      field<&R::tau_interval>("tau_interval", "s", "its 95 % interval").exact("see interval_method"),
      field<&R::alpha_interval>("alpha_interval", "1", "its 95 % interval").exact("see interval_method"),
      field<&R::beta_interval>("beta_interval", "1", "its 95 % interval").exact("see interval_method"),
      field<&R::gamma_interval>("gamma_interval", "1", "its 95 % interval").exact("see interval_method"),
      field<&R::relaxed>("relaxed", "GPa", "modulus at low frequency"),
      field<&R::unrelaxed>("unrelaxed", "GPa", "modulus at high frequency, M_u"),
      field<&R::parameters>("parameters", "", "all parameters with errors and 95 % intervals"),
      field<&R::components>("components", "", "peak of each component, and whether it is resolved, a shoulder or a wing"),
      field<&R::isotherms>("isotherms", "", "each isotherm of a file with several, for relaxation/temperature_law"),
      field<&R::models>("models", "", "models of --compare"),
      field<&R::at_bound>("at_bound", "", "parameters that ended on a bound"),
      field<&R::converged>("converged", "", "the fit ended at an optimum"),
      field<&R::misfit>("misfit", "", "the runs test says that the model misses structure"),
      field<&R::aicc>("aicc", "1", "corrected Akaike criterion").exact("of this fit"),
      field<&R::bic>("bic", "1", "Bayesian criterion").exact("of this fit"),
      field<&R::condition>("condition", "1", "of the scaled normal matrix").exact("of this fit"),
      field<&R::noise_storage>("noise_storage", "1", "relative scatter of M' about the model").exact("of this fit"),
      field<&R::noise_loss>("noise_loss", "1", "relative scatter of M'' about the model").exact("of this fit"),
      field<&R::runs_storage>("runs_storage", "1", "z of the runs test of M'; below -2.6 the model misses structure")
          .exact("a test statistic"),
      field<&R::runs_loss>("runs_loss", "1", "z of the runs test of M''").exact("a test statistic"),
      field<&R::isochrones>("isochrones", "", "highest loss maximum of each temperature scan"),
      field<&R::peak_energy>("peak_energy", "eV", "activation energy of the loss maxima, ln f against 1/T_p"),
      field<&R::peak_energy_kj>("peak_energy_kj", "kJ/mol", "the same per mole"),
      field<&R::peak_energy_r_tg>("peak_energy_r_tg", "1", "the same over R T_g"),
      field<&R::peak_log10_tau0>("peak_log10_tau0", "1", "log10 of the prefactor in s"),
      field<&R::merging_temperature>("merging_temperature", "K", "where the times of the VFT and the Arrhenius component meet"),
      field<&R::crystallisation_temperature>("crystallisation_temperature", "K", "start of a late rise of E'")
          .exact("the measured row of the minimum"),
      field<&R::omega>("omega", "rad/s", "angular frequencies").log_axis().exact("as measured"),
      field<&R::storage>("storage", "GPa", "M'").over("omega", Plot::points),
      field<&R::storage_error>("storage_error", "GPa", "scatter that the fit assumes").error_for("storage"),
      field<&R::storage_model>("storage_model", "GPa", "model of M'").over("omega").with("storage").exact("of this fit"),
      field<&R::loss>("loss", "GPa", "M''").over("omega", Plot::points).log_axis(),
      field<&R::loss_error>("loss_error", "GPa", "scatter that the fit assumes").error_for("loss"),
      field<&R::loss_model>("loss_model", "GPa", "model of M''").over("omega").with("loss").exact("of this fit"),
      field<&R::storage_residual>("storage_residual", "1", "data minus model over the error that the fit assumes")
          .over("omega", Plot::points)
          .exact("difference of data and model"),
      field<&R::loss_residual>("loss_residual", "1", "data minus model over the error that the fit assumes")
          .over("omega", Plot::points)
          .with("storage_residual")
          .exact("difference of data and model"),
      field<&R::storage_reduced>("storage_reduced", "1", "M'/M_u").over("omega", Plot::line).exact("data over the fitted M_u"),
      field<&R::loss_tangent>("loss_tangent", "1", "tan d = M''/M'").over("omega", Plot::points).log_axis().exact("ratio of the data"),
      field<&R::temperature>("temperature", "K", "of temperature scans").exact("as measured"),
      field<&R::scan_storage>("scan_storage", "GPa", "M'").over("temperature", Plot::points),
      field<&R::scan_storage_error>("scan_storage_error", "GPa", "scatter that the fit assumes").error_for("scan_storage"),
      field<&R::scan_storage_model>("scan_storage_model", "GPa", "model of M'")
          .over("temperature")
          .with("scan_storage")
          .exact("of this fit"),
      field<&R::scan_loss>("scan_loss", "GPa", "M''").over("temperature", Plot::points).log_axis(),
      field<&R::scan_loss_error>("scan_loss_error", "GPa", "scatter that the fit assumes").error_for("scan_loss"),
      field<&R::scan_loss_model>("scan_loss_model", "GPa", "model of M''").over("temperature").with("scan_loss").exact("of this fit"),
      field<&R::scan_storage_residual>("scan_storage_residual", "1", "data minus model over the error that the fit assumes")
          .over("temperature", Plot::points)
          .exact("difference of data and model"),
      field<&R::scan_loss_residual>("scan_loss_residual", "1", "data minus model over the error that the fit assumes")
          .over("temperature", Plot::points)
          .with("scan_storage_residual")
          .exact("difference of data and model"),
      field<&R::scan_storage_reduced>(
          "scan_storage_reduced", "1",
          "E'/E_u, the modulus over the fitted unrelaxed one: the form in which ribbons of unknown section are compared")
          .over("temperature", Plot::line)
          .exact("data over the fitted M_u"),
  };
  return table;
}

}  // namespace heteroglass::relaxation
