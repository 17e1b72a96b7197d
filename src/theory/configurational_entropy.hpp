/// Configurational entropy of a liquid from its excess heat capacity over the glass.
///
///     S_c(T) = integral_T_K^T (Dc_p / T) dT
///     constant     Dc_p = Dc_p(T_g):          S_c = Dc_p ln(T/T_K)
///     hyperbolic   Dc_p = Dc_p(T_g) T_g/T:    S_c = Dc_p(T_g) T_g (1/T_K - 1/T)
///
/// With the hyperbolic form Adam-Gibbs is exactly Vogel-Fulcher-Tammann with T_0 = T_K.
#pragma once

#include <cmath>

namespace heteroglass::theory {

struct ConfigurationalEntropy {
  double cp_step = 0;    ///< at `reference`, in any unit
  double reference = 0;  ///< [K] T_g
  bool hyperbolic = true;

  double at(double t, double kauzmann) const {
    return hyperbolic ? cp_step * reference * (1 / kauzmann - 1 / t) : cp_step * std::log(t / kauzmann);
  }
  double heat_capacity(double t) const { return hyperbolic ? cp_step * reference / t : cp_step; }
};

}  // namespace heteroglass::theory
