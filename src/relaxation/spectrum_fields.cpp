// Tables of options and results of relaxation/spectrum.
#include "relaxation/spectrum.hpp"

namespace heteroglass::relaxation {

const Fields& SpectrumOptions::fields() {
  using O = SpectrumOptions;
  static const Fields table = {
      field<&O::method>("method", "", "what makes the inversion definite").one_of({"tikhonov", "maximum-entropy", "discrete"}),
      field<&O::smoothness>("smoothness", "", "how lambda is found (maximum-entropy: evidence)").one_of({"evidence", "gcv", "l-curve"}),
      field<&O::lambda>("lambda", "1", "weight of the smoothing, held; unset: found by --smoothness").positive(),
      field<&O::adaptive>("adaptive", "", "smoothness relative to the local roughness of the spectrum, instead of alike everywhere"),
      field<&O::weights>("weights", "", "errors of moduli and compliances (scans: absolute)").one_of({"relative", "absolute"}),
      field<&O::points_per_decade>("points_per_decade", "1", "of the grid of times; fewer when it would have more than 161 points")
          .range(3, 100),
      field<&O::margin>("margin", "1", "decades by which the grid exceeds the measured range (energies: tenths of it)").non_negative(),
      field<&O::tau_min>("tau_min", "s", "shortest time of the grid").positive(),
      field<&O::tau_max>("tau_max", "s", "longest time of the grid").positive(),
      field<&O::plateau>("plateau", "", "a relaxed modulus or glassy compliance beside the spectrum"),
      field<&O::flow>("flow", "", "viscous flow t/eta beside the spectrum of a creep compliance"),
      field<&O::samples>("samples", "1", "of the posterior, for the band; 0: none").range(0, 100000),
      field<&O::seed>("seed", "1", "of the samples").non_negative(),
      field<&O::tau0>("tau0", "s", "tau = tau0 exp(E/kT) turns times into energies").positive(),
      field<&O::temperature>("temperature", "K", "of the measurement, for energies").positive(),
      field<&O::attempt_frequency>("attempt_frequency", "1/s", "nu of states that relax in a scan").positive(),
      field<&O::rate>("rate", "K/min", "heating rate of a scan; unset: from the file").positive(),
      field<&O::reference_slope>("reference_slope", "1/K", "dln M/dT without relaxation, where a modulus scan has no reference"),
      field<&O::susceptibility>("susceptibility", "1", "beta of c = ln(M_ref/M)/beta; 15-21 for interstitialcies").positive(),
      field<&O::alpha>("alpha", "1", "of Havriliak-Negami, without a file").range(0.01, 1),
      field<&O::gamma>("gamma", "1", "of Havriliak-Negami, without a file").range(0.01, 100),
      field<&O::relaxation_time>("relaxation_time", "s", "of Havriliak-Negami, without a file").positive().alias("tau"),
      field<&O::strength>("strength", "GPa", "of Havriliak-Negami, without a file").positive(),
  };
  return table;
}

const Fields& Spectrum::fields() {
  using S = Spectrum;
  const char* const bound = "a bound of the 95 % credible band";
  const char* const model = "the model at the data";
  static const Fields table = {
      field<&S::lambda>("lambda", "1", "weight of the smoothing"),
      field<&S::misfit>("misfit", "1", "size of the residuals"),
      field<&S::degrees_of_freedom>("degrees_of_freedom", "1", "how many numbers the data determine").exact("a count"),
      field<&S::plateau>("plateau", "GPa", "relaxed modulus beside the spectrum"),
      field<&S::glassy_compliance>("glassy_compliance", "1/GPa", "compliance at t = 0"),
      field<&S::fluidity>("fluidity", "1/GPa/s", "1/eta"),
      field<&S::strength>("strength", "GPa", "integral of the spectrum over the measured range"),
      field<&S::heat>("heat", "J/g", "released in the scan by the spectrum"),
      field<&S::concentration>("concentration", "1", "integral of the energy spectrum over the scan, in units of ln(M_ref/M)/beta"),
      field<&S::tau>("tau", "s", "relaxation time").exact("a grid").log_axis(),
      field<&S::spectrum>("spectrum", "GPa", "H(ln tau); for discrete lines their strengths").over("tau"),
      field<&S::spectrum_error>("spectrum_error", "GPa", "standard deviation of posterior samples").error_for("spectrum"),
      field<&S::spectrum_low>("spectrum_low", "GPa", "lower end of the 95 % band").over("tau").with("spectrum").exact(bound),
      field<&S::spectrum_high>("spectrum_high", "GPa", "upper end of the 95 % band").over("tau").with("spectrum").exact(bound),
      field<&S::retardation>("retardation", "1/GPa", "L(ln tau) of a creep compliance").over("tau"),
      field<&S::retardation_error>("retardation_error", "1/GPa", "standard deviation of posterior samples").error_for("retardation"),
      field<&S::retardation_low>("retardation_low", "1/GPa", "lower end of the 95 % band").over("tau").with("retardation").exact(bound),
      field<&S::retardation_high>("retardation_high", "1/GPa", "upper end of the 95 % band").over("tau").with("retardation").exact(bound),
      field<&S::inside>("inside", "1", "1 where the data determine the spectrum: tau within the times or 1/w measured").exact("a flag"),
      field<&S::resolution>("resolution", "1", "width over which the spectrum is averaged, in decades (scans: eV)").exact("a width"),
      field<&S::energy>("energy", "eV", "activation energy").exact("a grid"),
      field<&S::energy_spectrum>("energy_spectrum", "1/eV", "relative to the unrelaxed modulus, c or the heat").over("energy"),
      field<&S::energy_spectrum_error>("energy_spectrum_error", "1/eV", "standard deviation of posterior samples")
          .error_for("energy_spectrum"),
      field<&S::energy_spectrum_low>("energy_spectrum_low", "1/eV", "lower end of the 95 % band")
          .over("energy")
          .with("energy_spectrum")
          .exact(bound),
      field<&S::energy_spectrum_high>("energy_spectrum_high", "1/eV", "upper end of the 95 % band")
          .over("energy")
          .with("energy_spectrum")
          .exact(bound),
      field<&S::lines>("lines", "", "discrete relaxation times and strengths, with columns x_error"),
      field<&S::lambda_grid>("lambda_grid", "1", "values of lambda tried").exact("a grid").log_axis(),
      field<&S::ln_evidence>("ln_evidence", "1", "logarithm of their evidence, relative to the largest")
          .over("lambda_grid")
          .exact("a criterion"),
      field<&S::angular_frequency>("angular_frequency", "rad/s", "of the data").exact("as read").log_axis(),
      field<&S::storage>("storage", "GPa", "data").over("angular_frequency", Plot::points).exact("as read").log_axis(),
      field<&S::storage_fit>("storage_fit", "GPa", "from the spectrum").over("angular_frequency").with("storage").exact(model).log_axis(),
      field<&S::loss>("loss", "GPa", "data").over("angular_frequency", Plot::points).exact("as read").log_axis(),
      field<&S::loss_fit>("loss_fit", "GPa", "from the spectrum").over("angular_frequency").with("loss").exact(model).log_axis(),
      field<&S::time>("time", "s", "of the data").exact("as read").log_axis(),
      field<&S::modulus>("modulus", "GPa", "data").over("time", Plot::points).exact("as read").log_axis(),
      field<&S::modulus_fit>("modulus_fit", "GPa", "from the spectrum").over("time").with("modulus").exact(model).log_axis(),
      field<&S::compliance>("compliance", "1/GPa", "data").over("time", Plot::points).exact("as read").log_axis(),
      field<&S::compliance_fit>("compliance_fit", "1/GPa", "from the spectrum").over("time").with("compliance").exact(model).log_axis(),
      field<&S::scan_temperature>("scan_temperature", "K", "of the data").exact("as read"),
      field<&S::scan>("scan", "1", "ln(M_ref/M)/beta, or released heat per kelvin in J/(g K)")
          .over("scan_temperature", Plot::points)
          .exact("as read"),
      field<&S::scan_fit>("scan_fit", "1", "from the spectrum").over("scan_temperature").with("scan").exact(model),
  };
  return table;
}

}  // namespace heteroglass::relaxation
