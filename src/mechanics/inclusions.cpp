#include "mechanics/inclusions.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::mechanics {
namespace {

/// Modulus whose spheres sit in a solid of `around` with Eshelby factor `factor`; `share` 1: dilute, 1 - f: Mori-Tanaka.
double with_spheres(double m0, double m1, double f, double factor, double around, double share) {
  return m0 + f * (m1 - m0) / (1 + share * factor * (m1 - around) / around);
}

/// A phase without stiffness in a reference without stiffness takes all of it away.
double bound(double m0, double m1, double f, double star) {
  if (star <= 0 && f > 0 && m1 <= 0) return 0;
  return std::max(0.0, 1 / ((1 - f) / (m0 + star) + f / (m1 + star)) - star);
}

double shear_star(const Isotropic& s) { return s.shear / 6 * (9 * s.bulk + 8 * s.shear) / (s.bulk + 2 * s.shear); }

}  // namespace

double eshelby_bulk(double nu) { return (1 + nu) / (3 * (1 - nu)); }
double eshelby_shear(double nu) { return 2 * (4 - 5 * nu) / (15 * (1 - nu)); }

Isotropic dilute(const Isotropic& m, const Isotropic& i, double f) {
  const double nu = m.poisson_ratio();
  return {with_spheres(m.bulk, i.bulk, f, eshelby_bulk(nu), m.bulk, 1), with_spheres(m.shear, i.shear, f, eshelby_shear(nu), m.shear, 1)};
}

Isotropic mori_tanaka(const Isotropic& m, const Isotropic& i, double f) {
  const double nu = m.poisson_ratio();
  return {with_spheres(m.bulk, i.bulk, f, eshelby_bulk(nu), m.bulk, 1 - f),
          with_spheres(m.shear, i.shear, f, eshelby_shear(nu), m.shear, 1 - f)};
}

Isotropic self_consistent(const Isotropic& m, const Isotropic& i, double f) {
  // The effective solid is its own Hashin-Shtrikman reference: every step stays positive and between the bounds (Berryman).
  Isotropic s = mori_tanaka(m, i, f);
  for (int iteration = 0; iteration < 1000000; ++iteration) {
    const Isotropic next = {bound(m.bulk, i.bulk, f, 4.0 / 3 * s.shear), bound(m.shear, i.shear, f, shear_star(s))};
    const double change = std::abs(next.bulk - s.bulk) / m.bulk + std::abs(next.shear - s.shear) / m.shear;
    s = next;
    if (change < 1e-14) return s;
  }
  throw NumericalError(fmt::format("self-consistent moduli: must settle, and do not at a fraction of {}", f));
}

std::pair<Isotropic, Isotropic> hashin_shtrikman(const Isotropic& m, const Isotropic& i, double f) {
  const Isotropic soft = {std::min(m.bulk, i.bulk), std::min(m.shear, i.shear)},
                  stiff = {std::max(m.bulk, i.bulk), std::max(m.shear, i.shear)};
  const auto at = [&](const Isotropic& reference) {
    return Isotropic{bound(m.bulk, i.bulk, f, 4.0 / 3 * reference.shear), bound(m.shear, i.shear, f, shear_star(reference))};
  };
  return {at(soft), at(stiff)};
}

}  // namespace heteroglass::mechanics
