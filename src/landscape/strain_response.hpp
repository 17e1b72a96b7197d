/// How the atoms of a minimum answer a homogeneous strain: affine (Born) part and nonaffine relaxation.
///
///     X_k = H^-1 Xi_k,   C_kl = C_kl^Born - (1/V) Xi_k . X_l
///
/// Xi_k: forces that a unit of strain component k makes at fixed fractional positions; X_k: nonaffine displacement per unit strain. Solved in
/// the space without rigid translations by conjugate gradients with matrix-free products, or with a Cholesky factor.
/// Reference: Lemaitre, Maloney, J. Stat. Phys. 123, 415 (2006), doi:10.1007/s10955-005-9015-5.
#pragma once

#include "landscape/harmonic.hpp"

namespace heteroglass::landscape {

struct StrainResponse {
  potential::Voigt stress{};                             ///< [GPa] of the frame, positive in tension
  potential::Stiffness born{}, nonaffine{};              ///< [GPa] C = born - nonaffine, at fixed Green-Lagrange strain
  potential::Stiffness affine_slope{}, slope{};          ///< [GPa] of the Cauchy stress: stress_slope of born and of C
  std::vector<std::array<Vec3, 6>> force, displacement;  ///< [eV/angstrom, angstrom; (atoms)] Xi, X
  double residual = 0;                                   ///< [1] largest |Xi - H X| / |Xi|
  int iterations = 0;                                    ///< of conjugate gradients; 0: factor
};

/// @param solver auto | conjugate-gradients | cholesky
/// @throws NumericalError when H has a negative mode, or the solution did not converge
StrainResponse strain_response(Harmonic& minimum, const std::string& solver, double tolerance, Context& context);

}  // namespace heteroglass::landscape
