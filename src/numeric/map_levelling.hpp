/// Takes tilt, bow and jumps between scan lines out of a map. Masked pixels (NaN) take no part and stay masked.
///
///     polynomial   subtracts the least-squares polynomial in x and y of total degree `degree` (1: a plane, 0: the mean)
///     lines        subtracts the median of each row
///     line_fits    subtracts from each row its least-squares polynomial of degree `degree`
///     steps        shifts each row so that the median of its differences from the row above is zero (keeps slopes of large features)
///
/// Line-by-line levelling removes real variation along the slow axis too: correlation lengths get shorter and oriented.
/// Cost O(N degree^2). Method of Gwyddion's manual, "Data Levelling and Background Subtraction".
#pragma once

#include <string>
#include <vector>

#include "numeric/map_view.hpp"

namespace heteroglass::numeric {

enum class Levelling { none, polynomial, lines, line_fits, steps };

/// "none", "plane", "parabola" (degree 2), "lines", "line-fits" (straight), "steps"; for options of analyses.
const std::vector<std::string>& levelling_names();

/// @throws InputError for too few pixels or a degree above 6
std::vector<double> levelled(const MapView& map, Levelling how, int degree = 1);
/// By name.
std::vector<double> levelled(const MapView& map, const std::string& name);

}  // namespace heteroglass::numeric
