/// The direction of lowest curvature of the energy at a point, by Lanczos iteration on differences of forces.
///
///     H v = -[f(x + h v) - f(x)] / h,   T = Q^T H Q,   lambda = lowest eigenvalue of T,   mode = Q y
///
/// One force evaluation an iteration; the basis is kept orthogonal in full. Directions in `deflate` (unit, orthogonal) are projected out,
/// so that the second lowest is found once the lowest is known.
/// Reference: Malek, Mousseau, Phys. Rev. E 62, 7723 (2000), doi:10.1103/PhysRevE.62.7723.
#pragma once

#include "landscape/force_field.hpp"

namespace heteroglass::landscape {

struct Mode {
  Vectors direction;     ///< unit
  double curvature = 0;  ///< [energy/length^2]
  double residual = 0;   ///< [energy/length^2] |H v - lambda v|
  int iterations = 0;
  bool converged = false;  ///< by change or, where asked, by residual
};

struct ModeOptions {
  int max_iterations = 16;
  int min_iterations = 2;
  double tolerance = 1e-2;  ///< relative change of the curvature in one iteration
  double residual = 0;  ///< of |curvature|; above zero: ends when |H v - lambda v| is less, instead of by change. Below 1 it tells the sign
  double step = 1e-3;   ///< [angstrom, sigma] of the differences
  double stop_below = -1e300;  ///< a curvature below this is all one wants to know
};

/// `force`: at x. `start`: any vector that is not zero; the better the guess, the fewer the iterations.
Mode lowest_mode(ForceField& field, const Vectors& x, const Vectors& force, const Vectors& start, const ModeOptions& options,
                 std::span<const Vectors> deflate = {});

}  // namespace heteroglass::landscape
