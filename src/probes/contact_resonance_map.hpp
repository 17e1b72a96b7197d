/// Maps of modulus and damping from maps of contact resonance (atomic force acoustic microscopy).
///
///     k*/k_c of each pixel from the beam's equation at f (1 + i/2Q),     1/Q = 1/Q_contact - (f_free/f)/Q_free
///     E*_s = E*_ref (k*_s/k*_ref)^n,  n = 3/2 sphere, 1 flat,   or Hertz with load and radius (probes/contact_resonance)
///     loss tangent = Im k* / Re k*
///
/// Two images are before and after a treatment: the map of the shift f_after - f_before and of the modulus' ratio, aligned on request by the best
/// whole-pixel shift of the two maps over each other. Errors: `--errors contact_frequency=0.5` [kHz] (of a pixel) gives the map of errors; those of the
/// reference, the tip and the beam move all pixels together and stand in `scale_error`.
/// Width against scale: standard deviation over mean of the moduli averaged over squares of growing edge, beside what the same pixels
/// give in random order, width/edge. In a metallic glass the width below 10 nm is 10-30 times that of its crystal.
/// A resonance at frequency f relaxes what is activated over barriers up to kT ln(attempt frequency / f): 1e5-1e6 Hz at room temperature
/// means 0.42-0.54 eV (attempt frequencies of 1e13-1e14 Hz).
/// Pixels at or below the free frequency, or beyond the pinned limit, have no stiffness and are masked and counted.
/// Cost about 3 us a pixel, twice more with errors, threaded. Source: Rabe, Janser, Arnold, Rev. Sci. Instrum. 67, 3281 (1996), doi:10.1063/1.1147409; Wagner et al.,
/// Nat. Mater. 10, 439 (2011), doi:10.1038/nmat3024.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "probes/contact_resonance.hpp"

namespace heteroglass::probes {

struct ContactResonanceMapOptions {
  ContactResonanceOptions contact;          ///< without kl, contact_frequency and quality, which are maps here
  std::optional<double> free_quality = {};  ///< [1] of the free cantilever
  bool align = false;
  double temperature = 300;         ///< [K]
  double attempt_frequency = 1e13;  ///< [Hz]
  int surrogates = 19;
  int seed = 1;
  static const Fields& fields();
  static const ColumnRoles& channels();
};

struct ContactResonanceMap {
  int pixels = 0, masked = 0;
  Measured frequency_mean, modulus_mean, modulus_sd, modulus_width, stiffness_mean, loss_mean;
  double scale_error = NAN;
  Measured correlation_length, decay_length;
  bool resolved = false;
  double barrier = NAN;                                           ///< [eV]
  std::vector<double> x, y;                                       ///< [nm]
  Matrix modulus_map, modulus_map_error;                          ///< [GPa]
  Matrix stiffness_map, loss_map;                                 ///< [1]
  std::vector<double> scale, width, width_error, width_shuffled;  ///< [nm], [1]
  Measured shift_mean, shift_sd;                                  ///< [kHz]
  Measured modulus_ratio;                                         ///< [1] after over before
  int shift_x = 0, shift_y = 0;                                   ///< [pixel] of the alignment
  std::vector<double> overlap_x, overlap_y;
  Matrix shift_map, ratio_map;  ///< [kHz], [1]
  Table noise;
  static const Fields& fields();
};

/// @throws InputError without an image, a free frequency or anything that gives a scale of moduli
ContactResonanceMap contact_resonance_map(std::span<const Image> images, const ContactResonanceMapOptions& options = {},
                                          Context& context = Context::quiet());

}  // namespace heteroglass::probes
