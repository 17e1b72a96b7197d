/// The modes of a glass as a strain sees them: poles and strengths of a modulus.
///
///     M(w) = M_inf - sum_k s_k L_k / (L_k - w^2 + i w nu(w)),   s_k = |Xi_k|^2 / (V L_k)
///
/// L = omega^2 of a mode, s its share of what the modulus loses when all relax (M(0) = M_inf - sum s). Xi_k = sum_i e_k,i . Xi_i / sqrt(m_i).
/// From all modes, or from Lanczos quadrature (Haydock's recursion) started at the affine forces themselves: no random vectors, exact
/// for every response smoother than its steps resolve, and at w = 0 as good as as many steps of conjugate gradients.
/// Reference: Lemaitre, Maloney, J. Stat. Phys. 123, 415 (2006), doi:10.1007/s10955-005-9015-5; Cui, Yang, Qiao, Jiang, Dai, Wang, Zaccone, Phys.
/// Rev. B 96, 094203 (2017), doi:10.1103/PhysRevB.96.094203.
#pragma once

#include <complex>
#include <vector>

#include "landscape/density_of_states.hpp"
#include "landscape/harmonic.hpp"
#include "relaxation/memory_kernel.hpp"

namespace heteroglass::relaxation {

struct Poles {
  double unrelaxed = 0;                  ///< [GPa] M_inf
  std::vector<double> square, strength;  ///< [rad^2/ps^2] L, [GPa] s
  double relaxed() const;                ///< [GPa] M(0)
};

/// M(w) = M' + i M'' at omega [rad/ps].
std::complex<double> modulus(const Poles& poles, const MemoryKernel& kernel, double omega);

struct NonaffineSpectrum {
  std::vector<Poles> shear;  ///< of the five shears (two in the plane)
  Poles bulk;
  std::vector<double> frequency;  ///< [THz] of all modes, when they were found
  int dimension = 3;

  std::complex<double> shear_modulus(const MemoryKernel& kernel, double omega) const;
  std::complex<double> bulk_modulus(const MemoryKernel& kernel, double omega) const { return modulus(bulk, kernel, omega); }
};

/// @param steps of Lanczos; 0: all modes by a dense matrix. @throws NumericalError when a mode is negative
NonaffineSpectrum nonaffine_spectrum(landscape::Harmonic& minimum, int steps, Context& context);

}  // namespace heteroglass::relaxation
