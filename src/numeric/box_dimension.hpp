/// Fractal dimension from box counts, N(e) = N0 e^(-D): the slope over the widest plateau of the local slope.
///
/// Of all windows of at least four successive sizes the one whose straight line has the smallest standard error is taken (the longest
/// among equals). Being chosen for it, that error is far too small; the standard deviation of the slopes of all windows is added to it in quadrature. A
/// finite critical cluster still lies below its dimension (2.3 for 2.52 in 128^3 sites). Cost O(sizes^3).
/// Source: Mandelbrot, The Fractal Geometry of Nature (1982); window by local slopes as in Foroutan-pour et al., Appl. Math. Comput. 105,
/// 195 (1999), doi:10.1016/S0096-3003(98)10096-6.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct BoxDimension {
  Measured dimension;
  double from = 0, to = 0;          ///< sizes at the ends of the window
  std::vector<double> local_slope;  ///< at each size, between its neighbours
};

/// @param size ascending @param span smallest ratio of the sizes at the ends of the window, for sizes that lie close together
/// @throws InputError with fewer than four sizes that hold something
BoxDimension box_dimension(std::span<const double> size, std::span<const double> count, double span = 1);

/// Edges of boxes for a grid: all common divisors of its edges up to half the smallest when there are six or more, else powers of
/// two up to a quarter of the smallest edge. Edges of length 1 (images) do not count.
std::vector<std::size_t> box_sizes(std::span<const std::size_t> edges);

}  // namespace heteroglass::numeric
