/// The fictive temperature of a glass through a thermal history, with non-linear, non-exponential structural relaxation.
///
///     T_f(t) = T(t) - integral phi(xi(t) - xi(t')) dT(t'),   xi = integral dt / tau(T, T_f),   phi(xi) = exp(-xi^b)
///     tnm   tau = A exp[ x H / (R T) + (1 - x) H / (R T_f) ]                (Tool, Narayanaswamy, Moynihan)
///     ags   tau = A exp[ Q / (T (1 - T2 / T_f)) ]                           (Adam, Gibbs, Scherer)
///
/// phi is a sum of M exponentials (numeric/kohlrausch_sum.hpp), each carried on exactly over a step in which T is linear and tau is that of
/// its middle, with T_f there extrapolated from the step before: second order in the step, cost O(steps M) instead of O(steps^2).
/// References: Moynihan et al., J. Am. Ceram. Soc. 59, 12 (1976), doi:10.1111/j.1151-2916.1976.tb09376.x; Scherer, J. Am. Ceram. Soc. 67,
/// 504 (1984), doi:10.1111/j.1151-2916.1984.tb19643.x; Hodge, J. Non-Cryst. Solids 169, 211 (1994), doi:10.1016/0022-3093(94)90321-2.
#pragma once

#include <vector>

#include "calorimetry/thermal_history.hpp"
#include "numeric/kohlrausch_sum.hpp"

namespace heteroglass::calorimetry {

struct StructuralLaw {
  bool adam_gibbs = false;
  double ln_a = 0;    ///< of A in s
  double energy = 0;  ///< [K] H/R, or Q
  double x = 1;       ///< [1] nonlinearity; tnm
  double t2 = 0;      ///< [K] ags
  double beta = 1;
  double ln_tau(double temperature, double fictive) const;
};

struct FictivePath {
  std::vector<double> temperature, fictive;  ///< [K] of the last segment, point by point
  double at_start = 0;                       ///< [K] fictive temperature before the last segment
  double before_holds = 0;                   ///< [K] before the first hold; at_start without one
  std::size_t steps = 0;                     ///< in all
};

/// @param step [K] of temperature; holds take steps that grow with time
FictivePath fictive_path(const ThermalHistory& history, const StructuralLaw& law, const numeric::KohlrauschSum& memory, double step);

/// C_p^N = dT_f/dT at the middle of each step of the path; `temperature` gets those places.
std::vector<double> normalised_heat_capacity(const FictivePath& path, std::vector<double>& temperature);

}  // namespace heteroglass::calorimetry
