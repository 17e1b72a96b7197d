/// Which loss makes a tapping tip lose energy: long-range hysteresis, hysteresis of adhesion, or viscosity, from E_dis against A/A0.
///
///     E_k(A/A0) = simulated dissipation with loss k of strength s_k (oscillator.hpp),   data: E(A/A0) = E_k(A/A0; s_k) + c
///     ln L_k = -(n/2) ln(sum of squares / n)  or  -(1/2) sum (residual/error)^2,   weight_k ~ exp(-AICc_k / 2)
///
/// The mechanisms differ by the shape of dE/d(A/A0): long-range losses saturate once contact is made and their slope falls to zero, those
/// of adhesion follow the depth, those of viscosity its 3/2 power and the speed, so that they peak at smaller A/A0. Differences of noisy
/// data magnify the noise; fitting the differences with their covariance is the same as fitting the values with a free constant c, which
/// is done here (c also takes up an error of E's zero; `offset` fixed at 0 otherwise). Data are A/A0 (or the amplitude) with the
/// dissipation, or with the phase lag. Lever, tip and modulus must be known; with `fit_surface` the modulus and the Hamaker constant are
/// fitted within a factor of ten. `regime` says on which of two states the curve was measured. No model is believed because it is the best of
/// three: the runs test and, with known errors, chi^2 tell whether it fits at all. Cost some 50 simulated curves for a mechanism.
/// Source: Garcia, Gomez, Martinez, Patil, Dietz, Magerle, Phys. Rev. Lett. 97, 016103 (2006), doi:10.1103/PhysRevLett.97.016103; weights:
/// Burnham, Anderson, Model Selection and Multimodel Inference (2002), doi:10.1007/b97636.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "probes/afm/oscillator.hpp"

namespace heteroglass::probes {

struct DissipationMechanismOptions {
  Cantilever lever;
  TipSurface surface;                ///< its losses are not read
  std::string regime = "repulsive";  ///< repulsive | attractive
  bool offset = true;                ///< a free constant in E
  bool fit_surface = false;
  int points = 24;  ///< of a simulated curve
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct DissipationMechanism {
  std::string verdict;
  Table mechanisms;                                           ///< mechanism, strength, weight, AICc, ...
  std::vector<double> ratio, dissipation, dissipation_error;  ///< [1], [eV] data
  std::vector<double> long_range, adhesion, viscosity;        ///< [eV] best curves at `ratio`
  std::vector<double> slope_ratio, slope, slope_error;        ///< [1], [eV] of the data, by lines through neighbours
  std::vector<double> long_range_slope, adhesion_slope, viscosity_slope;
  static const Fields& fields();
};

/// @throws InputError without a curve, for columns that give neither E nor phase, or fewer than six points
DissipationMechanism dissipation_mechanism(std::span<const Curve> curves, const DissipationMechanismOptions& options = {},
                                           Context& context = Context::quiet());

}  // namespace heteroglass::probes
