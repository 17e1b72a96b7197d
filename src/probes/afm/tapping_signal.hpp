/// Dissipation and mean force of every pixel of a tapping image, from its amplitude and phase.
///
///     E_dis = [sin phi - (w/w0)(A/A0)] pi k A A0/Q,    <F_ts> = (F0/2) cos phi - (k A/2)(1 - w^2/w0^2),   F0 = k A0/Q
///
/// phi: lag behind the drive, 90 degrees for the free lever at resonance. Instruments record it otherwise:
///     lag       phi = recorded                 shifted   phi = recorded + 90        reversed  phi = 90 - recorded
/// A0 = Q F0/k belongs to the resonance. Where free amplitude and free phase were set at a drive off the resonance (`free_at` drive),
/// A0 = A_free Q sqrt[(1 - r^2)^2 + (r/Q)^2] and phi = recorded + phi_free - 90, tan phi_free = (r/Q)/(1 - r^2), r = w/w0.
///
/// A surface cannot give energy: pixels with E_dis < 0 beyond noise mean a wrong reference. Corrections:
///     free-phase  phi += 90 - (the free phase that the file gives)
///     phase       phi moved towards 90 until no more than `negative_share` of the pixels are negative
///     amplitude   A0 enlarged to the same end
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/image.hpp"
#include "probes/afm/oscillator.hpp"

namespace heteroglass::probes {

struct TappingReference {
  std::string convention = "lag";  ///< lag | shifted | reversed
  double offset = 0;               ///< [deg] added to the lag
  std::string free_at = "resonance";
  std::string correction = "none";  ///< none | free-phase | phase | amplitude
  double negative_share = 0.01;
};

/// The lag [deg] of a recorded phase, without the correction.
double phase_lag(const TappingReference& reference, const Cantilever& lever, double recorded);
/// The lever with A0 at resonance, from the free amplitude as it was set.
Cantilever at_resonance(const TappingReference& reference, Cantilever lever);

struct TappingSignal {
  std::vector<double> energy, force;  ///< [eV], [nN] every pixel; NaN where masked; no force: empty
  double phase_correction = 0;        ///< [deg] added to the lag
  double free_amplitude = 0;          ///< [nm] A0 used
  double phase_sd = NAN;              ///< [deg] of the phase less its plane
  double mean_amplitude = NAN;        ///< [nm]
};

/// @param amplitude [nm] constant, where the image has no such channel @param sensitivity [nm/V] of a channel in V; unset: of the file
/// @throws InputError naming what is missing
TappingSignal tapping_signal(const Image& image, const Cantilever& lever, const TappingReference& reference,
                             std::optional<double> amplitude, std::optional<double> sensitivity = {});

/// What of a map follows other channels, taken out in turn: height (less its plane), its slope and curvature, adhesion.
struct Explained {
  std::string predictor;
  double share = 0;  ///< of the variance
};
/// @param which none | height | adhesion | all: of those that the image has
std::vector<double> decorrelated(const Image& image, std::vector<double> values, const std::string& which,
                                 std::vector<Explained>& explained);

}  // namespace heteroglass::probes
