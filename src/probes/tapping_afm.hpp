/// Energy dissipated in each tap of an AFM tip, and the heterogeneity of a surface that its map shows.
///
///     E_dis = [sin phi - (w/w0)(A/A0)] pi k A A0/Q,    <F_ts> = (F0/2) cos phi - (k A/2)(1 - w^2/w0^2),   F0 = k A0/Q
///
/// Without a file: one pair of amplitude and phase. With images (amplitude and phase, or a channel of dissipation): maps, mean, spread and
/// share of negative pixels; phase conventions and corrections of the reference: tapping_signal.hpp. Lever, Q and free amplitude come from
/// the file's note unless given. Driven at the resonance unless --frequency-ratio says otherwise.
///
/// Structure (of the levelled map, less what follows height, slope, curvature and adhesion):
///     xi, a      <[E(x + r) - E(x)]^2> = 2 s^2 {1 - exp[-(r/xi)^(2 a)]};   decay_length: autocorrelation down to 1/e
///     loosely packed regions   the top 5 % of E: ellipses by second moments, D_max, D_min, R_eq, inclination with Rayleigh's and Kuiper's tests
///     dense clusters           the lowest 45 %, or E Q/(pi k A A0) below a value: n(R) ~ R^-a exp(-R/R_c) by maximum likelihood
///     |c_2|/c_0, |c_4|/c_0     two- and four-fold power (quadrupole of plastic flow)
///     barrier    kT ln[nu0/(2 pi f)]: what relaxes at the tapping frequency;   energy of a unit: excess of the loose regions times
///                unit volume over the volume under the tip
/// Each stands beside random maps of the same spectrum and histogram (`noise`; angular power beside its isotropic level), since
/// smoothed noise has regions and aspect ratios too. xi below 3 pixels or the tip's radius is flagged. Several images are several sites:
/// means over sites with their spread; `before` n compares the first n with the rest.
/// Q = f0/width of the power's resonance (`resonance_width`) holds above 200 only. Amplitudes in V become nm by `amplitude_sensitivity`. Cost: some ten transforms, and a third of a second per 10^6 pixels and random map.
/// Source: Cleveland et al., Appl. Phys. Lett. 72, 2613 (1998), doi:10.1063/1.121434 (E_dis); Liu et al., Phys. Rev. Lett. 106, 125504
/// (2011), doi:10.1103/PhysRevLett.106.125504; Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005, section 3.3.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::probes {

struct TappingAfmOptions {
  std::optional<double> spring_constant = {};                        ///< [N/m]
  std::optional<double> quality = {};                                ///< [1]
  std::optional<double> free_amplitude = {};                         ///< [nm]
  std::optional<double> resonance_width = {};                        ///< [kHz] gives Q
  std::optional<double> amplitude_sensitivity = {};                  ///< [nm/V]
  std::optional<double> amplitude = {}, phase = {};                  ///< [nm], [deg] as recorded
  std::optional<double> frequency_ratio = {}, drive_frequency = {};  ///< [1] w/w0; [kHz]
  std::string phase_convention = "lag";                              ///< lag | shifted | reversed
  double phase_offset = 0;                                           ///< [deg]
  std::string free_at = "resonance";                                 ///< resonance | drive
  std::string reference_correction = "none";                         ///< none | free-phase | phase | amplitude
  double negative_share = 0.01;
  std::string level = "plane", decorrelate = "all";
  double loose_percent = 5, dense_percent = 45;
  std::optional<double> dense_below = {};  ///< [1] of E Q/(pi k A A0)
  int least_pixels = 5;
  std::optional<double> tip_radius = {}, r_max = {};  ///< [nm]
  std::optional<int> before = {};
  double temperature = 300, attempt_frequency = 1e13;           ///< [K], [Hz]
  std::optional<double> unit_volume = {}, contact_volume = {};  ///< [nm^3]
  int surrogates = 19;
  int seed = 1;
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& channels();
};

struct TappingAfm {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  Measured dissipation, normalised_dissipation, mean_force;    ///< [eV], [1], [nN] of one point
  Measured dissipation_mean, dissipation_sd, variation, skew;  ///< [eV], [1]
  double negative_fraction = none;
  double phase_sd = none, free_amplitude = none, phase_correction = none, frequency_ratio = none;  ///< [deg], [nm], [deg], [1]
  Measured force_mean;                                                                             ///< [nN]
  Measured energy_barrier, energy_per_unit;                                                        ///< [eV]
  Measured correlation_length, exponent, roughness, decay_length, line_noise;                      ///< [nm], [1], [eV], [nm], [eV]
  double correlation_pixels = none;                                                                ///< [1] xi over the pixel
  bool resolved = false;
  Measured region_density, region_radius, region_d_max, region_d_min, region_aspect;  ///< [1/um^2], [nm], [1]
  double region_threshold = none;                                                     ///< [eV]
  double alignment = none, rayleigh_p = none, kuiper_p = none;
  Measured region_direction;  ///< [deg]
  int clusters = 0;
  double cluster_threshold = none, largest_cluster = none;  ///< [eV], [1]
  Measured cluster_exponent, cluster_cutoff;                ///< [1], [nm]
  double cluster_p = none, power_law_p = none;
  Measured two_fold, four_fold;
  double two_fold_p = none, four_fold_p = none, two_fold_direction = none;
  std::vector<double> energy, density;                                                                              ///< [eV], [1/eV]
  std::vector<double> distance, structure, structure_error, structure_fit, autocorrelation, autocorrelation_error;  ///< [nm], [eV^2], [1]
  std::vector<double> inclination;                                  ///< [deg] of whole loose regions
  std::vector<double> cluster_radius, cluster_beyond, cluster_law;  ///< [nm], number of clusters of that radius or more
  std::vector<double> x, y;                                         ///< [nm]
  Matrix dissipation_map, structure_map, region_map, force_map;
  Table regions, explained, noise, sites, comparison;
  static const Fields& fields();
};

/// @throws InputError naming what is missing: spring constant, Q, free amplitude, channel, size of pixels
TappingAfm tapping_afm(std::span<const Image> images, const TappingAfmOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::probes
