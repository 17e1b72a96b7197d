/// Effective moduli of a two-phase isotropic solid with spherical inclusions, by the estimates in common use.
///
/// All follow from the strain inside an Eshelby sphere, a = (1+nu)/(3(1-nu)), b = 2(4-5nu)/(15(1-nu)):
///     dilute:           K = K0 + f (K1-K0) / [1 + a0 (K1-K0)/K0]
///     Mori-Tanaka:      K = K0 + f (K1-K0) / [1 + (1-f) a0 (K1-K0)/K0]      (= the Hashin-Shtrikman bound on the matrix's side)
///     self-consistent:  K = K0 + f (K1-K0) / [1 + a (K1-K)/K], a of the effective solid
/// and the same for G with b. Sources: see poisson.hpp; self-consistent: Budiansky, J. Mech. Phys. Solids 13, 223 (1965),
/// doi:10.1016/0022-5096(65)90011-6, in the form of Berryman, J. Acoust. Soc. Am. 68, 1820 (1980), doi:10.1121/1.385172. Units: any, the same for all moduli. Cost O(1), the self-consistent one iterates.
#pragma once

#include <utility>

namespace heteroglass::mechanics {

struct Isotropic {
  double bulk = 0, shear = 0;
  double poisson_ratio() const { return (3 * bulk - 2 * shear) / (6 * bulk + 2 * shear); }
};

double eshelby_bulk(double poisson_ratio);   ///< a
double eshelby_shear(double poisson_ratio);  ///< b

Isotropic dilute(const Isotropic& matrix, const Isotropic& inclusion, double fraction);
Isotropic mori_tanaka(const Isotropic& matrix, const Isotropic& inclusion, double fraction);
/// The shear modulus falls to zero where inclusions without one take half the volume. @throws NumericalError when it does not settle
Isotropic self_consistent(const Isotropic& matrix, const Isotropic& inclusion, double fraction);
/// Lower and upper bounds of K and of G.
std::pair<Isotropic, Isotropic> hashin_shtrikman(const Isotropic& matrix, const Isotropic& inclusion, double fraction);

}  // namespace heteroglass::mechanics
