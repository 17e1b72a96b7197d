/// A line with kinks through points: where does the slope change, and is the change real?
///
///     y = c + s x + sum_k d_k max(x - x_k, 0),   minimise sum ((y - model) / error)^2 over c, s, d_k and the kinks x_k
///
/// Kinks are searched between the points, at least two points (or `least`) on each side of each, then refined together with the rest. Each kink costs two
/// parameters in AICc = n ln(chi^2/n) + 2 p + 2 p (p + 1)/(n - p - 1); one more kink is accepted when it lowers AICc by more than `gain`.
/// Errors are those of least squares, scaled by the scatter; the error of a kink is wide where the slope changes little.
/// Cost O(n^kinks n). Reference: Muggeo, Stat. Med. 22, 3055 (2003), doi:10.1002/sim.1545.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct BrokenLineSettings {
  std::size_t most = 1;   ///< kinks, up to 2
  std::size_t least = 2;  ///< points in each piece
  double gain = 4;        ///< of AICc for one more kink
};

struct BrokenLine {
  std::vector<Measured> kink;   ///< ascending
  std::vector<Measured> slope;  ///< of the pieces, one more than kinks
  double intercept = 0;         ///< value at x = 0 of the first piece, continued
  std::vector<double> aicc;     ///< of 0, 1, ... kinks; infinity: too few points
  double chi2 = 0;

  double at(double x) const;
};

/// x ascending; `error` empty: all alike. @throws NumericalError for fewer than three points
BrokenLine broken_line(std::span<const double> x, std::span<const double> y, std::span<const double> error,
                       const BrokenLineSettings& settings = {});

}  // namespace heteroglass::numeric
