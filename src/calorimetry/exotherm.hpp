/// Crystallisation and melting in a scan.
///
/// Crystallisation is told from the relaxation of an unannealed glass by two things: the curve falls below everything seen at lower
/// temperature, and it comes back to below the level it left (a crystal holds less heat than the liquid), where relaxation is
/// followed by the rise of the glass transition. Overlapping peaks count as one exotherm up to where the curve is flat for good.
/// Onset: the tangent at the steepest fall meets the line of the liquid before it. Enthalpy: area under a baseline,
/// `linear` from start to end, or `sigmoidal`, going from the line before to the line after in proportion to what has transformed.
/// Melting: the tangent at the steepest rise of the endotherm that follows, met with the line before it; liquidus: where its last flank
/// comes back to the line. Errors: noise, and ends of the baseline moved by up to a tenth of the width.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calorimetry/scan.hpp"
#include "calorimetry/transition.hpp"
#include "core/value.hpp"

namespace heteroglass::calorimetry {

struct Exotherm {
  double departure = 0;      ///< [K] where the curve leaves the liquid
  double steepest = 0;       ///< [K] of the falling flank
  double peak = 0, end = 0;  ///< [K]; end: flat again
  double low = 0, high = 0;  ///< [K] ends of the baseline, a quarter of each flank further out where the curve is level there
  bool cut_off = false;      ///< the scan ends inside it: no peak, no end
};

/// The first crystallisation above `floor`, or nothing.
std::optional<Exotherm> find_exotherm(const Scan& scan, const Smooth& smoothed);

struct ExothermValues {
  Measured onset, peak;          ///< [K]
  Measured enthalpy;             ///< [J/g or W K/g] positive: heat released
  std::vector<double> baseline;  ///< of y, NaN outside
};

ExothermValues exotherm(const Scan& scan, const Exotherm& found, const std::string& baseline, const Noise& noise, int seed);

struct Melting {
  Measured onset, peak, liquidus;  ///< [K]
};

/// The endotherm after `from`, if it stands out of the noise and of the step of the glass transition.
std::optional<Melting> melting(const Scan& scan, const Smooth& smoothed, double from, double least_height);

}  // namespace heteroglass::calorimetry
