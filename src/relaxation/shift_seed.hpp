/// Shifts between neighbouring isotherms in closed form: the starting point of a joint fit.
///
///     ln a_B - ln a_A = +-1/(y_2 - y_1) Int_{y_1}^{y_2} [x_A(y) - x_B(y)] dy
///
/// x(y) is the inverse of the isotherm, made monotonic, and [y_1, y_2] the ordinates that both have: the area between the two
/// curves over its height. Storage is asked before loss. Where no ordinate is monotonic (a loss
/// peak inside the window) the shift of least mean squared difference is searched instead.
/// Reference: Gergesova, Zupancic, Saprunov, Emri, J. Rheol. 55, 1 (2011), doi:10.1122/1.3503529.
#pragma once

#include <vector>

#include "relaxation/isotherms.hpp"

namespace heteroglass::relaxation {

/// ln a of each isotherm, 0 for the first. @throws InputError naming the neighbours that have no ordinate in common
std::vector<double> closed_form_shifts(const Isotherms& data);

/// Scatter of ln y about a smooth curve, for each channel, from each point against the cubic through its four neighbours.
std::vector<double> ordinate_noise(const Isotherms& data);

}  // namespace heteroglass::relaxation
