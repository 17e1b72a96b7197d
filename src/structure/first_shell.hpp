/// First peak and first minimum of a pair distribution function, with errors; the radius of the first shell of a frame.
///
/// The curve is smoothed by a Gaussian (0.03 and 0.04 of rho^(-1/3) for peak and minimum) and walked outwards: the peak is the
/// highest point before a fall by a quarter of its height, the minimum the lowest point before a rise by a twentieth of it;
/// neither is accepted below four standard errors of counting. A parabola fitted to the unsmoothed curve around each
/// gives its place and height with their errors. In a crystal at rest the minimum is the middle of the gap between shells.
#pragma once

#include <optional>
#include <vector>

#include "core/frame.hpp"
#include "core/value.hpp"

namespace heteroglass::structure {

/// A radial function in bins of equal width from zero.
struct RadialFunction {
  double width = 0;            ///< [angstrom]
  std::vector<double> values;  ///< [1, (bins)]
  std::vector<double> errors;  ///< [1, (bins)] of counting
};

struct FirstShell {
  Measured peak_position;  ///< [angstrom] NaN: none found
  Measured peak_height;    ///< [1]
  Measured minimum;        ///< [angstrom] NaN: none found
};

/// @param spacing [angstrom] rho^(-1/3), sets the smoothing
FirstShell first_shell(const RadialFunction& g, double spacing);

/// Of the total, number-weighted g(r) of a frame; members are NaN where there is none.
FirstShell first_shell(const Frame& frame);

/// First minimum of the total, number-weighted g(r) of a frame: the radius of the first shell, which the analyses use where
/// r_cut is not given. In sigma for Lennard-Jones frames.
/// @throws NumericalError if g(r) shows no first peak and minimum (a gas, too few atoms): give r_cut.
double first_minimum(const Frame& frame);

/// r_cut where it is given, else the first minimum.
double shell_radius(const Frame& frame, const std::optional<double>& r_cut);

}  // namespace heteroglass::structure
