/// Loss angle against |M*|: a plot that horizontal shifts leave alone, so that it collapses only where superposition holds.
///
/// Reference: van Gurp, Palmen, Rheol. Bull. 67, 5 (1998).
#pragma once

#include <vector>

#include "relaxation/isotherms.hpp"

namespace heteroglass::relaxation {

struct VanGurpPalmen {
  double residual = 0, noise = 0;      ///< [rad] root mean square between neighbours at equal |M*|, and from the scatter of the data
  std::size_t points = 0;              ///< compared
  std::vector<double> modulus, angle;  ///< [GPa, deg] of all points, |M*| divided by b
  bool known() const { return points >= 3; }
};

/// Of isotherms with channels storage and loss. `noise`: scatter of ln y of each channel.
VanGurpPalmen van_gurp_palmen(const Isotherms& data, const std::vector<double>& ln_b, const std::vector<double>& noise);

}  // namespace heteroglass::relaxation
