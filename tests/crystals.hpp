/// Configurations with known answers, for tests and benchmarks.
#pragma once

#include <cmath>
#include <random>

#include "core/frame.hpp"

namespace heteroglass::test {

/// An empty frame of the given species in a box, in metal units.
inline Frame empty_frame(const Box& box, std::vector<Species> species = {{"Cu", 63.546}}) {
  Frame f;
  f.box = box;
  f.units = UnitSystem::metal;
  f.species = std::move(species);
  f.source = "test";
  return f;
}

inline void add_atom(Frame& f, const Vec3& r, int type = 0) {
  f.id.push_back(static_cast<std::int64_t>(f.size()) + 1);
  f.type.push_back(type);
  f.position.push_back(r);
}

/// n^3 cubic cells of edge a with the given basis (fractional) and types.
inline Frame crystal(int n, double a, const std::vector<Vec3>& basis, const std::vector<int>& types = {},
                     std::vector<Species> species = {{"Cu", 63.546}}) {
  Frame f = empty_frame(Box::orthogonal({n * a, n * a, n * a}), std::move(species));
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      for (int k = 0; k < n; ++k)
        for (std::size_t b = 0; b < basis.size(); ++b)
          add_atom(f, a * (Vec3{double(i), double(j), double(k)} + basis[b]), types.empty() ? 0 : types[b]);
  f.normalise();
  return f;
}

inline Frame fcc_crystal(int n, double a) { return crystal(n, a, {{0, 0, 0}, {.5, .5, 0}, {.5, 0, .5}, {0, .5, .5}}); }
inline Frame bcc_crystal(int n, double a) { return crystal(n, a, {{0, 0, 0}, {.5, .5, .5}}); }
inline Frame b2_crystal(int n, double a) { return crystal(n, a, {{0, 0, 0}, {.5, .5, .5}}, {0, 1}, {{"Cu", 63.546}, {"Zr", 91.224}}); }

/// hcp in an orthogonal cell of n x n x n repeats, nearest-neighbour distance a, ideal c/a.
inline Frame hcp_crystal(int n, double a) {
  const double b = a * std::sqrt(3.0), c = a * std::sqrt(8.0 / 3.0);
  Frame f = empty_frame(Box::orthogonal({n * a, n * b, n * c}));
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      for (int k = 0; k < n; ++k)
        for (const Vec3& s : {Vec3{0, 0, 0}, Vec3{.5, .5, 0}, Vec3{.5, 5.0 / 6, .5}, Vec3{0, 1.0 / 3, .5}})
          add_atom(f, {(i + s.x) * a, (j + s.y) * b, (k + s.z) * c});
  f.normalise();
  return f;
}

/// A disordered two-species packing without close overlaps: a jittered fcc lattice of 4 n^3 atoms at number density `rho`.
inline Frame disordered(int n, double rho = 0.06, unsigned seed = 1, double jitter = 0.18) {
  const double a = std::cbrt(4 / rho);
  Frame f = fcc_crystal(n, a);
  f.species = {{"Cu", 63.546}, {"Zr", 91.224}};
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> u(-jitter * a, jitter * a), v(0, 1);
  for (std::size_t i = 0; i < f.size(); ++i) {
    f.position[i] += {u(random), u(random), u(random)};
    f.type[i] = v(random) < 0.36 ? 1 : 0;
  }
  f.normalise();
  return f;
}

/// The same atoms in a sheared (triclinic) description of an affinely deformed cell: r -> F r, H -> F H.
inline Frame deformed(Frame f, const Mat3& gradient) {
  const Box old = f.box;
  f.box = Box(gradient * old.edges(), gradient * old.origin(), old.periodicity());
  for (Vec3& r : f.position) r = gradient * r;
  return f;
}

}  // namespace heteroglass::test
