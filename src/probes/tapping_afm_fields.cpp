#include "core/propagation.hpp"
#include "numeric/map_levelling.hpp"
#include "probes/tapping_afm.hpp"

namespace heteroglass::probes {

const Fields& TappingAfmOptions::fields() {
  using O = TappingAfmOptions;
  static const Fields table = {
      field<&O::spring_constant>("spring_constant", "N/m", "spring constant of the lever; unset: of the file").positive(),
      field<&O::quality>("quality", "1", "quality factor of the free resonance; unset: of the file").positive(),
      field<&O::free_amplitude>("free_amplitude", "nm", "free amplitude; unset: of the file").positive(),
      field<&O::resonance_width>("resonance_width", "kHz", "full width at half maximum of the power at resonance: gives Q = f0/width")
          .positive(),
      field<&O::amplitude_sensitivity>("amplitude_sensitivity", "nm/V", "makes an amplitude in V one in nm; unset: of the file").positive(),
      field<&O::amplitude>("amplitude", "nm", "amplitude, without an image or where the image has no such channel").positive(),
      field<&O::phase>("phase", "deg", "phase as recorded, without an image"),
      field<&O::frequency_ratio>("frequency_ratio", "1", "drive over resonance frequency; unset: 1").range(0.5, 1.5),
      field<&O::drive_frequency>("drive_frequency", "kHz", "of the drive, for the barrier; unset: of the file").positive(),
      field<&O::phase_convention>("phase_convention", "", "lag: 90 deg free; shifted: lag less 90; reversed: 90 less lag")
          .one_of({"lag", "shifted", "reversed"}),
      field<&O::phase_offset>("phase_offset", "deg", "added to the lag"),
      field<&O::free_at>("free_at", "", "where free amplitude and free phase were set: at the resonance or at the drive frequency")
          .one_of({"resonance", "drive"}),
      field<&O::reference_correction>("reference_correction", "",
                                      "free-phase: by the free phase of the file; phase, amplitude: until few pixels are negative")
          .one_of({"none", "free-phase", "phase", "amplitude"}),
      field<&O::negative_share>("negative_share", "1", "share of negative pixels that a correction leaves").range(0, 0.5),
      field<&O::level>("level", "", "what is taken out of the map before its structure is measured").one_of(numeric::levelling_names()),
      field<&O::decorrelate>("decorrelate", "", "what follows these channels is taken out: height with slope and curvature, adhesion")
          .one_of({"none", "height", "adhesion", "all"}),
      field<&O::loose_percent>("loose_percent", "1", "percent of the pixels, with the largest dissipation, that are loosely packed")
          .range(0.01, 50),
      field<&O::dense_percent>("dense_percent", "1", "percent of the pixels, with the smallest dissipation, that are densely packed")
          .range(1, 99),
      field<&O::dense_below>("dense_below", "1", "densely packed: E Q/(pi k A A0) below this, instead of a percentage"),
      field<&O::least_pixels>("least_pixels", "1", "pixels of the smallest region that has a shape or a size").range(2, 100000),
      field<&O::tip_radius>("tip_radius", "nm", "radius of the tip, below which lengths are not resolved").positive(),
      field<&O::r_max>("r_max", "nm", "largest distance of the structure function; unset: a quarter of the map").positive(),
      field<&O::before>("before", "1", "number of images, the first ones, that are compared with the rest; unset: 1 of two")
          .range(1, 10000),
      field<&O::temperature>("temperature", "K", "for the barrier").positive(),
      field<&O::attempt_frequency>("attempt_frequency", "Hz", "for the barrier").positive(),
      field<&O::unit_volume>("unit_volume", "nm^3", "of a rearranging unit").positive(),
      field<&O::contact_volume>("contact_volume", "nm^3", "stressed under the tip").positive(),
      field<&O::surrogates>("surrogates", "1", "random maps with the same histogram and spectrum to compare with; 0: none").range(0, 999),
      field<&O::seed>("seed", "1", "of the random maps").range(0, 2147483647),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const ColumnRoles& TappingAfmOptions::channels() {
  static const ColumnRoles roles = {
      {"phase", "deg", "phase as recorded", false, {"phaseretrace", "phasetrace", "phase1retrace"}},
      {"amplitude", "nm", "amplitude", false, {"amplituderetrace", "amplitudetrace", "amplitude1retrace", "amp"}},
      {"amplitude_voltage", "V", "amplitude in V", false, {"amplitude", "amplituderetrace", "amplitudetrace", "amplitude1retrace", "amp"}},
      {"height",
       "nm",
       "height, for decorrelation",
       false,
       {"heightretrace", "heighttrace", "heightsensor", "zsensor", "topography", "z-axis"}},
      {"adhesion", "nN", "adhesion, for decorrelation", false, {"adhesionforce", "adhesionretrace"}},
      {"dissipation", "eV", "energy dissipated, instead of phase and amplitude", false, {"edis", "energydissipation", "dissipatedenergy"}},
  };
  return roles;
}

const Fields& TappingAfm::fields() {
  using R = TappingAfm;
  const char* counted = "counted in the map; its sampling error is in `noise` and `sites`";
  const char* used = "as used";
  const char* pixel = "no errors of single pixels are known; their scatter is `dissipation_sd`";
  static const Fields table = {
      field<&R::dissipation>("dissipation", "eV", "energy dissipated in a period, of one amplitude and phase"),
      field<&R::normalised_dissipation>("normalised_dissipation", "1", "E Q/(pi k A A0)"),
      field<&R::mean_force>("mean_force", "nN", "mean force of one amplitude and phase, positive repels"),
      field<&R::dissipation_mean>("dissipation_mean", "eV", "mean of the map"),
      field<&R::dissipation_sd>("dissipation_sd", "eV", "standard deviation of the map"),
      field<&R::variation>("variation", "1", "standard deviation over mean"),
      field<&R::skew>("skew", "1", "skewness of the distribution"),
      field<&R::negative_fraction>("negative_fraction", "1", "share of pixels with negative dissipation").exact(counted),
      field<&R::phase_sd>("phase_sd", "deg", "standard deviation of the phase less its plane").exact(pixel),
      field<&R::free_amplitude>("free_amplitude", "nm", "A0 at resonance").exact(used),
      field<&R::phase_correction>("phase_correction", "deg", "added to the lag by the correction of the reference").exact(used),
      field<&R::frequency_ratio>("frequency_ratio", "1", "drive over resonance").exact(used),
      field<&R::force_mean>("force_mean", "nN", "mean of the map of forces, positive repels"),
      field<&R::energy_barrier>("energy_barrier", "eV", "kT ln[nu0/(2 pi f)]: barrier of what relaxes at the drive frequency"),
      field<&R::energy_per_unit>("energy_per_unit", "eV", "excess dissipation of loose regions, for a unit"),
      field<&R::correlation_length>("correlation_length", "nm", "xi of P(r) = 2 s^2 {1 - exp[-(r/xi)^(2a)]}"),
      field<&R::exponent>("exponent", "1", "a of P(r)"),
      field<&R::roughness>("roughness", "eV", "s of P(r)"),
      field<&R::decay_length>("decay_length", "nm", "distance at which the autocorrelation has fallen to 1/e"),
      field<&R::line_noise>("line_noise", "eV", "jumps between scan lines beyond those within lines"),
      field<&R::correlation_pixels>("correlation_pixels", "1", "xi in pixels").exact("its error is that of the length"),
      field<&R::resolved>("resolved", "", "xi is above 3 pixels and the tip's radius").exact("compared"),
      field<&R::region_threshold>("region_threshold", "eV", "dissipation from which a pixel is loosely packed")
          .exact("quantile of the map"),
      field<&R::region_density>("region_density", "1/um^2", "loosely packed regions in an area"),
      field<&R::region_radius>("region_radius", "nm", "mean radius of discs of their area"),
      field<&R::region_d_max>("region_d_max", "nm", "mean longest diameter"),
      field<&R::region_d_min>("region_d_min", "nm", "mean shortest diameter"),
      field<&R::region_aspect>("region_aspect", "1", "mean ratio of the diameters"),
      field<&R::alignment>("alignment", "1", "0: long axes in all directions, 1: all parallel").exact(counted),
      field<&R::rayleigh_p>("rayleigh_p", "1", "chance of so much alignment of isotropic axes").exact("a probability"),
      field<&R::kuiper_p>("kuiper_p", "1", "chance of so uneven a distribution of isotropic axes").exact("a probability"),
      field<&R::region_direction>("region_direction", "deg", "mean direction of long axes, anticlockwise from the scan line"),
      field<&R::clusters>("clusters", "1", "densely packed clusters").exact(counted),
      field<&R::cluster_threshold>("cluster_threshold", "eV", "dissipation up to which a pixel is densely packed").exact("chosen"),
      field<&R::largest_cluster>("largest_cluster", "1", "share of the densely packed pixels in the largest cluster").exact(counted),
      field<&R::cluster_exponent>("cluster_exponent", "1", "a of n(R) ~ R^-a exp(-R/R_c)"),
      field<&R::cluster_cutoff>("cluster_cutoff", "nm", "R_c; infinite: a power law"),
      field<&R::cluster_p>("cluster_p", "1", "goodness of fit: small when the sizes do not follow the law").exact("a probability"),
      field<&R::power_law_p>("power_law_p", "1", "chance of the cut-off when the sizes follow a power law").exact("a probability"),
      field<&R::two_fold>("two_fold", "1", "two-fold strength |c_2|/c_0 of the power spectrum"),
      field<&R::four_fold>("four_fold", "1", "four-fold strength |c_4|/c_0"),
      field<&R::two_fold_p>("two_fold_p", "1", "chance of as much in an isotropic map").exact("a probability"),
      field<&R::four_fold_p>("four_fold_p", "1", "chance of as much in an isotropic map").exact("a probability"),
      field<&R::two_fold_direction>("two_fold_direction", "deg", "direction of the two-fold crests").exact("see two_fold_p"),
      field<&R::energy>("energy", "eV", "dissipation").exact("middle of bins"),
      field<&R::density>("density", "1/eV", "distribution of the dissipation").over("energy", Plot::bars).exact("counted in the map"),
      field<&R::distance>("distance", "nm", "distance").exact("mean of a ring"),
      field<&R::structure>("structure", "eV^2", "structure function P(r)").over("distance", Plot::points),
      field<&R::structure_error>("structure_error", "eV^2", "by leaving out blocks").error_for("structure"),
      field<&R::structure_fit>("structure_fit", "eV^2", "fit of P(r)").over("distance").with("structure").exact("of the fit"),
      field<&R::autocorrelation>("autocorrelation", "1", "normalised autocorrelation").over("distance"),
      field<&R::autocorrelation_error>("autocorrelation_error", "1", "by leaving out blocks").error_for("autocorrelation"),
      field<&R::inclination>("inclination", "deg", "long axes of whole loose regions").as(Plot::histogram).exact("of the map"),
      field<&R::cluster_radius>("cluster_radius", "nm", "radius of dense clusters").exact("of the map").log_axis(),
      field<&R::cluster_beyond>("cluster_beyond", "1", "clusters of that radius or more")
          .over("cluster_radius", Plot::points)
          .log_axis()
          .exact("counted in the map"),
      field<&R::cluster_law>("cluster_law", "1", "the same by the fitted law")
          .over("cluster_radius")
          .with("cluster_beyond")
          .log_axis()
          .exact("of the fit"),
      field<&R::x>("x", "nm", "along scan lines").exact("pixels"),
      field<&R::y>("y", "nm", "from line to line, from the top").exact("pixels"),
      field<&R::dissipation_map>("dissipation_map", "eV", "energy dissipated in a period").map("x", "y").exact(pixel),
      field<&R::structure_map>("structure_map", "eV", "levelled, less what follows height and adhesion").map("x", "y").exact(pixel),
      field<&R::region_map>("region_map", "1", "number of the loosely packed region, 0 outside").map("x", "y").exact("counted"),
      field<&R::force_map>("force_map", "nN", "mean force, positive repels").map("x", "y").exact(pixel),
      field<&R::regions>("regions", "", "loosely packed regions, the largest 200").exact("counted in the map"),
      field<&R::explained>("explained", "", "share of the variance that follows height and adhesion").exact("sums over the map"),
      field<&R::noise>("noise", "", "the same on random maps with this histogram and spectrum").exact("its own spread is a column"),
      field<&R::sites>("sites", "", "one row for each image").exact("errors are columns"),
      field<&R::comparison>("comparison", "", "the first images against the rest").exact("errors are columns"),
  };
  return table;
}

}  // namespace heteroglass::probes
