#include "theory/interstitialcy_model.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"

namespace heteroglass::theory {

using constants::boltzmann;

double DefectCrystal::imbalance(double c, double t) const {
  return std::log(c / (1 - c)) - entropy + enthalpy_at(t) * std::exp(-alpha_beta * c) / (boltzmann * t);
}

std::optional<DefectCrystal::Branches> DefectCrystal::branches(double t) const {
  // The imbalance rises from -inf, has a maximum where the softening wins, and falls: the first zero is stable, the second is not.
  double top = 1e-12;
  for (double c = 1e-12; c < 0.5; c *= 1.01) {
    if (imbalance(c, t) > imbalance(top, t))
      top = c;
    else if (c > 1.2 * top)
      break;
  }
  if (!(imbalance(top, t) > 0)) return {};
  const auto zero = [&](double negative, double positive) {
    for (int i = 0; i < 200; ++i) {
      const double middle = (negative + positive) / 2;
      (imbalance(middle, t) < 0 ? negative : positive) = middle;
    }
    return positive;
  };
  double far = top;
  while (far < 0.49 && imbalance(far, t) > 0) far = std::min(0.49, far * 1.02);
  return Branches{zero(1e-300, top), imbalance(far, t) < 0 ? zero(far, top) : NAN};
}

double DefectCrystal::instability() const {
  double low = 1, high = 2e4;
  if (branches(high)) return NAN;
  if (!branches(low)) return NAN;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (branches(middle) ? low : high) = middle;
  }
  return low;
}

double mixing_entropy(double c) { return -(c * std::log(c) + (1 - c) * std::log1p(-c)); }

double energy_per_temperature(double t, double rate, double nu) {
  double energy = 35 * boltzmann * t;
  for (int i = 0; i < 50; ++i) energy = boltzmann * t * std::log(nu * boltzmann * t * t / (rate * energy));
  return energy / t;
}

}  // namespace heteroglass::theory
