/// Contact stiffness and modulus from the resonance of an AFM cantilever whose tip touches the sample.
///
///     kL = (k_n L) sqrt(f / f_n),      k*/k_c from the beam's characteristic equation (beam.hpp)
///     Hertz: k* = (6 E*^2 R F_N)^(1/3)      flat punch: k* = 2 a E*
///     E*_s = E*_ref (k*_s / k*_ref)^n,  n = 3/2 sphere, 1 flat;      1/E* = 1/M_sample + 1/M_tip,  M = E/(1 - nu^2)
///
/// f contact resonance, f_n free resonance of the same mode (number `mode`). With a quality factor the frequency is complex,
/// f (1 + i/2Q), and so is k*: its loss tangent is the sample's. Without a file: one resonance, or kL itself. With a table of
/// contact frequencies (one row a point): stiffness and modulus of each, and the width of their distribution.
/// Tip position, height, lateral stiffness and tilt matter above k* of about 100 k_c; errors through `--errors`.
/// Stiffness is lost near the pinned limit, where f hardly depends on k*: `sensitivity` tells. Cost O(points).
/// Source: Rabe, Janser, Arnold, Rev. Sci. Instrum. 67, 3281 (1996), doi:10.1063/1.1147409; Wagner et al., Nat. Mater. 10,
/// 439 (2011), doi:10.1038/nmat3024 (a metallic glass).
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::probes {

struct ContactResonanceOptions {
  std::optional<double> kl = {};                                      ///< [1]
  std::optional<double> contact_frequency = {}, free_frequency = {};  ///< [kHz]
  int mode = 1;
  std::optional<double> quality = {};                                      ///< [1] of the contact resonance
  double tip_position = 1, tip_height = 0, lateral_ratio = 0;              ///< [1]
  double tilt = 0;                                                         ///< [deg]
  std::optional<double> spring_constant = {};                              ///< [N/m] k_c
  std::string contact = "sphere";                                          ///< sphere | flat
  std::optional<double> tip_radius = {}, load = {};                        ///< [nm], [nN] (flat: radius of the contact)
  double tip_modulus = 165;                                                ///< [GPa] M of the tip
  std::optional<double> reference_modulus = {}, reference_frequency = {};  ///< [GPa] M of a known sample, [kHz]
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct ContactResonance {
  Measured stiffness_ratio;                               ///< [1] k*/k_c
  Measured loss_tangent;                                  ///< [1] Im k* / Re k*
  Measured contact_stiffness;                             ///< [N/m]
  Measured reduced_modulus;                               ///< [GPa] E*
  Measured sample_modulus;                                ///< [GPa] M
  Measured sensitivity;                                   ///< [1] d ln k* / d ln f
  std::vector<double> stiffness, mode_1, mode_2, mode_3;  ///< [1] kL against k*/k_c
  std::vector<double> point;                              ///< [1] rows of a table
  std::vector<double> point_stiffness, point_modulus;     ///< [1], [GPa]
  Measured modulus_width;                                 ///< [1] standard deviation over mean
  static const Fields& fields();
};

/// @throws InputError for a frequency below the free one (no positive stiffness), or without frequencies or kl
ContactResonance contact_resonance(std::span<const Curve> curves, const ContactResonanceOptions& options = {},
                                   Context& context = Context::quiet());

}  // namespace heteroglass::probes
