#include "probes/electron_correlation.hpp"

namespace heteroglass::probes {

const Fields& ElectronCorrelationOptions::fields() {
  using O = ElectronCorrelationOptions;
  static const Fields table = {
      field<&O::frame_time>("frame_time", "s", "time from frame to frame: one, or one for each series").positive(),
      field<&O::temperature>("temperature", "K", "of each series, for the activation energy").positive(),
      field<&O::pixel_size>("pixel_size", "nm", "edge of a pixel").positive(),
      field<&O::beta>("beta", "1", "stretching exponent to hold; unset: fitted in each pixel").range(0.2, 2),
      field<&O::normalise>("normalise", "", "frame: divide each frame by its mean, against a drift of brightness")
          .one_of({"none", "frame"}),
      field<&O::surface_depth>("surface_depth", "nm", "pixels of the sample nearer to its edge are surface; unset: no edge is looked for")
          .positive(),
      field<&O::threshold>("threshold", "1", "mean intensity from which a pixel is sample; unset: Otsu's"),
      field<&O::memory>("memory", "1", "GB of the series to hold at once; longer series are read several times").positive().not_in_key(),
      field<&O::dataset>("dataset", "", "of HDF5 files: path of the series; unset: the only one of three dimensions"),
      field<&O::surrogates>("surrogates", "1", "phase-randomised maps to compare with; 0: none").range(0, 999),
      field<&O::seed>("seed", "1", "of the surrogates").range(0, 2147483647),
  };
  return table;
}

const Fields& ElectronCorrelation::fields() {
  using R = ElectronCorrelation;
  const char* counted = "counted";
  static const Fields table = {
      field<&R::tau>("tau", "s", "geometric mean of the relaxation time over the sample"),
      field<&R::tau_interior>("tau_interior", "s", "deeper than the surface layer"),
      field<&R::tau_surface>("tau_surface", "s", "in the surface layer"),
      field<&R::surface_ratio>("surface_ratio", "1", "interior over surface"),
      field<&R::beta>("beta", "1", "mean stretching exponent of the pixels"),
      field<&R::spread>("spread", "1", "standard deviation of ln tau from place to place, noise taken out"),
      field<&R::correlation_voxels>("correlation_voxels", "1", "length on which ln tau varies, 1/e [pixel]"),
      field<&R::correlation_length>("correlation_length", "nm", "the same length"),
      field<&R::noise_voxels>("noise_voxels", "1", "1/e length of the noise, the speckle [pixel]"),
      field<&R::reproducibility>("reproducibility", "1", "correlation coefficient of the maps of the two halves")
          .exact("chance values are in `noise`"),
      field<&R::activation_energy>("activation_energy", "eV", "of the interior, from series at several temperatures"),
      field<&R::activation_energy_surface>("activation_energy_surface", "eV", "of the surface"),
      field<&R::log10_tau0>("log10_tau0", "1", "decimal logarithm of the interior's prefactor in s"),
      field<&R::log10_tau0_surface>("log10_tau0_surface", "1", "the same of the surface"),
      field<&R::error_scale>("error_scale", "1", "scatter between the halves over its error; above 1 it multiplies all errors")
          .exact("a check of errors"),
      field<&R::pixels_fitted>("pixels_fitted", "1", "pixels with a time").exact(counted),
      field<&R::pixels_fast>("pixels_fast", "1", "faster than 1.5 frames").exact(counted),
      field<&R::pixels_slow>("pixels_slow", "1", "slower than a third of the series").exact(counted),
      field<&R::pixels_flat>("pixels_flat", "1", "without a decay that noise would not show").exact(counted),
      field<&R::pixels_masked>("pixels_masked", "1", "without intensity").exact(counted),
      field<&R::x>("x", "1", "column [pixel]").exact("position"),
      field<&R::y>("y", "1", "row [pixel]").exact("position"),
      field<&R::tau_map>("tau_map", "s", "relaxation time").map("x", "y"),
      field<&R::tau_map_error>("tau_map_error", "s", "standard error of tau_map").error_for("tau_map"),
      field<&R::beta_map>("beta_map", "1", "stretching exponent").map("x", "y"),
      field<&R::beta_map_error>("beta_map_error", "1", "standard error of beta_map").error_for("beta_map"),
      field<&R::status>("status", "1", "0 fitted, 1 too fast, 2 too slow, 3 no decay, 4 without intensity").map("x", "y").exact("a class"),
      field<&R::intensity>("intensity", "1", "mean intensity").map("x", "y").exact("of the data"),
      field<&R::lag>("lag", "s", "time between frames of a product").exact("chosen").log_axis(),
      field<&R::g2>("g2", "1", "g2 - 1, mean over fitted pixels, corrected for the length of the series").over("lag", Plot::points),
      field<&R::g2_error>("g2_error", "1", "jackknife over blocks of the image").error_for("g2"),
      field<&R::g2_model>("g2_model", "1", "mean of the fitted decays").over("lag").with("g2").exact("of the fits"),
      field<&R::log10_tau>("log10_tau", "1", "decimal logarithm of tau in s").exact("middle of bins"),
      field<&R::pixels>("pixels", "1", "pixels with that time").over("log10_tau", Plot::bars).exact(counted),
      field<&R::distance>("distance", "1", "distance [pixel]").exact("mean of the pairs"),
      field<&R::correlation>("correlation", "1", "of ln tau between the two halves of the series").over("distance"),
      field<&R::correlation_error>("correlation_error", "1", "jackknife over the quarters of the image").error_for("correlation"),
      field<&R::noise_correlation>("noise_correlation", "1", "of the difference of the halves")
          .over("distance")
          .with("correlation")
          .exact("see correlation"),
      field<&R::depth>("depth", "", "profile from the edge of the sample inwards"),
      field<&R::series>("series", "", "means of each series"),
      field<&R::noise>("noise", "", "whether the map comes back in the second half").exact("its own spread is a column"),
  };
  return table;
}

}  // namespace heteroglass::probes
