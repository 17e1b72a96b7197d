/// The sum over the neighbours of one sphere (see lennard_jones.hpp for the potential), in a plain form and with AVX-512 or AVX2.
#pragma once

#include "potential/functional.hpp"

namespace heteroglass::potential {

/// phi and its derivatives with respect to X = x^2.
struct SphereShape {
  double repulsion = 0, attraction = 0, c0 = 0, c2 = 0, c4 = 0;

  SphereShape() = default;
  SphereShape(double a, double b, double x_cut) : repulsion(a), attraction(b) {
    const double x = x_cut * x_cut, i = 1 / x, i3 = i * i * i;
    const double u = (a * i3 - b) * i3, u1 = (-6 * a * i3 + 3 * b) * i3 * i, u2 = (42 * a * i3 - 12 * b) * i3 * i * i;
    c4 = -u2 / 2, c2 = -u1 - 2 * c4 * x, c0 = -u - (c2 + c4 * x) * x;
  }
};

/// One segment of a row.
struct SphereRow {
  Neighborhood::Place self;
  const Neighborhood::Place* place;  ///< the number beside is the diameter, where polydisperse
  SphereShape shape;
  double non_additivity, x2_cut, inverse_sigma2 = 1, epsilon = 1;
  const std::int32_t* places = nullptr;
  std::int32_t padded = 0;
  bool polydisperse = false;  ///< sigma from the diameters instead
};

struct SphereSums {
  double fx = 0, fy = 0, fz = 0, energy = 0, xx = 0, yy = 0, zz = 0, yz = 0, xz = 0, xy = 0;
};

void add_spheres(const SphereRow& row, bool virial, Kernel kernel, SphereSums& sums);

}  // namespace heteroglass::potential
