/// The glass transition in a scan: the lines of the glass and of the liquid, and what is read between them.
///
/// Tangent: line through the points around the steepest rise. Onset and endset: where it meets the glass and the liquid line. Midpoint:
/// where the curve has risen to the middle between the two lines (half step). Step of c_p: liquid minus glass line at the midpoint.
/// Fictive temperature (Moynihan's area matching), exact for straight lines:
///
///     integral_Tf^T* (c_p,liquid - c_p,glass) dT = integral_T'^T* (c_p - c_p,glass) dT,   T' in the glass, T* in the liquid
///
/// Ranges that are not given are found. Errors: 200 replicas with ends of found ranges moved by up to a quarter of their width and
/// with noise (standard deviation and correlation of the residuals of the lines) added; one range that was given stays where it is.
/// References: Moynihan et al., J. Am. Ceram. Soc. 59, 12 (1976), doi:10.1111/j.1151-2916.1976.tb09376.x.
#pragma once

#include <array>
#include <optional>

#include "calorimetry/scan.hpp"
#include "core/value.hpp"
#include "numeric/straight_line.hpp"

namespace heteroglass::calorimetry {

struct Range {
  double low = 0, high = 0;  ///< [K]
  bool low_given = false, high_given = false;
};

/// Where the transition is, before any line is drawn.
struct Rise {
  double steepest = 0;        ///< [K]
  double slope = 0;           ///< of y there
  double begin = 0, end = 0;  ///< [K] where the slope has fallen to a tenth
  double overshoot_end = 0;   ///< [K] where the curve has come down to the liquid; `end` without an overshoot
  double top = 0;             ///< [K] where the liquid ends: the foot of crystallisation, or the end of the scan
};

struct TransitionRanges {
  Range glass, liquid;
};

struct TransitionLines {
  numeric::StraightLine glass, liquid, tangent;
};

struct TransitionValues {
  Measured onset, midpoint, endset, inflection, step, fictive;  ///< [K], [K], [K], [K], [J/(g K) or W/g], [K]
  Measured glass_slope, liquid_slope;
  Measured excess;  ///< [J/g or W K/g] integral of c_p - c_p,glass up to the middle of the liquid range
};

/// The steepest rise below `ceiling`, if it stands out of the noise.
std::optional<Rise> find_rise(const Scan& scan, const Smooth& smoothed, double ceiling);

/// Fills what was not given. @throws InputError when no range is left for the glass line or for the liquid line
TransitionRanges find_ranges(const Scan& scan, const Smooth& smoothed, const Rise& rise, double ceiling,
                             std::array<std::optional<double>, 4> given, Context& context);

TransitionLines transition_lines(const Scan& scan, const TransitionRanges& ranges, const Rise& rise, double tangent_width = 1);

/// @param floor, ceiling [K] between which the ends of found ranges may be moved
TransitionValues transition(const Scan& scan, const TransitionRanges& ranges, const Rise& rise, double ceiling, int seed);

/// Noise like that about the two lines: standard deviation and correlation of neighbours.
struct Noise {
  double sd = 0, correlation = 0;
};
Noise noise_of(const TransitionLines& lines);
void add_noise(std::vector<double>& y, const Noise& noise, unsigned seed);

}  // namespace heteroglass::calorimetry
