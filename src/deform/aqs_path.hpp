/// The strains of a quasistatic test, and the first slope of its curve.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::deform {

/// 0, step, 2 step, ... end; the last step ends at `end`.
std::vector<double> straight_path(double end, double step);
/// 0 .. A .. -A .. 0, n times, in equal steps no longer than `step`.
std::vector<double> cyclic_path(double amplitude, double step, int cycles);
/// Index of the entry nearest to `strain`, the first of equals.
std::size_t nearest(const std::vector<double>& path, double strain);

/// Slope at the start through the points with |strain| <= 1e-3 (at least five points) before point `end`: of a parabola, or, when the strain of the
/// first drop is given, of a line and (c + d u) sqrt(u), u = 1 - strain / drop, which is how a branch ends (Maloney, Lemaitre, Phys. Rev. E 74,
/// 016118 (2006), doi:10.1103/PhysRevE.74.016118), whichever changes less when the second half of the points is left out. That change is
/// the error, or that of the fit where it is larger.
Measured initial_slope(std::span<const double> strain, std::span<const double> stress, std::size_t end, std::optional<double> drop = {});

}  // namespace heteroglass::deform
