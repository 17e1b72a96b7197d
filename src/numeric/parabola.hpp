/// A parabola through noisy points: the place and height of an extremum, with errors.
///
///     y = c0 + c1 x + c2 x^2, weighted by 1 / error^2;   vertex at -c1 / (2 c2)
///
/// Errors are propagated from the covariance of the coefficients; they are those of the data, not of the choice of the model.
/// Cost O(points).
#pragma once

#include <span>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct Vertex {
  Measured position, value;
  double curvature = 0;  ///< c2 per unit x^2; below zero: a maximum
  bool inside = false;   ///< the vertex lies between the first and the last point
};

/// At least three points, x ascending, errors positive.
Vertex parabola(std::span<const double> x, std::span<const double> y, std::span<const double> error);

}  // namespace heteroglass::numeric
