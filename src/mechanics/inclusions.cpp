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

double bound(double m0, double m1, double f, double star) { return 1 / ((1 - f) / (m0 + star) + f / (m1 + star)) - star; }

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
  Isotropic s = mori_tanaka(m, i, f);
  for (int iteration = 0; iteration < 10000; ++iteration) {
    const double nu = s.poisson_ratio();
    const Isotropic next = {with_spheres(m.bulk, i.bulk, f, eshelby_bulk(nu), s.bulk, 1),
                            with_spheres(m.shear, i.shear, f, eshelby_shear(nu), s.shear, 1)};
    if (!(next.bulk > 0 && next.shear > 0)) break;
    const double change = std::abs(next.bulk / s.bulk - 1) + std::abs(next.shear / s.shear - 1);
    s = next;
    if (change < 1e-15) return s;
  }
  throw NumericalError(fmt::format("self-consistent moduli: must settle at a positive stiffness, and do not at a fraction of {}", f));
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
