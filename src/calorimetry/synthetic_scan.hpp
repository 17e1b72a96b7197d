/// Scans with known answers, for tests.
#pragma once

#include <cmath>
#include <random>

#include "core/curve.hpp"

namespace heteroglass::calorimetry::test {

/// A logistic step of c_p between parallel lines and a Gaussian exotherm. Closed forms: tangent onset middle - 2 width, midpoint and
/// fictive temperature middle; onset of the exotherm peak - 2 sigma, its area depth sigma sqrt(2 pi).
struct StepScan {
  double first = 500, last = 800, spacing = 0.1;             // K
  double middle = 650, width = 3;                            // K
  double glass = 0.35, slope = 2e-4, step = 0.15;            // J/(g K), J/(g K^2)
  double peak = 740, sigma = 5, depth = 4;                   // exotherm; depth 0: none
  double drop = 0;                                           // J/(g K), of the level by crystallisation
  double relaxation = 0, relaxation_at = 600, breadth = 15;  // exotherm of an unannealed glass
  double rate = 20;                                          // K/min
  double noise = 0;                                          // J/(g K)
  unsigned seed = 1;

  double cp(double t) const {
    const double crystal = 1 / (1 + std::exp(-(t - peak) / (0.5 * sigma)));
    return glass + slope * (t - first) + step / (1 + std::exp(-(t - middle) / width)) -
           depth * std::exp(-std::pow((t - peak) / sigma, 2) / 2) - (depth > 0 ? drop * crystal : 0) -
           relaxation * std::exp(-std::pow((t - relaxation_at) / breadth, 2) / 2);
  }
  Curve curve() const {
    Curve c;
    c.source = "synthetic";
    c.columns = {{"temperature", "K", {}}, {"heat_flow", "W/g", {}}};
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal(0, noise > 0 ? noise : 1);
    for (double t = first; t <= last; t += spacing) {
      c.columns[0].values.push_back(t);
      c.columns[1].values.push_back((cp(t) + (noise > 0 ? normal(random) : 0)) * rate / 60);
    }
    return c;
  }
};

}  // namespace heteroglass::calorimetry::test
