/// Disordered configurations for tests of potentials and landscapes: cheap, not relaxed, reproducible by their seed.
#pragma once

#include <random>

#include "crystals.hpp"

namespace heteroglass::test {

/// `atoms` points at random with no two nearer than `nearest` (give a distance that leaves room: random addition ends near a fraction
/// of 0.38), in the periodic box.
inline std::vector<Vec3> random_points(const Box& box, std::size_t atoms, double nearest, std::uint64_t seed, bool flat = false) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> u(0, 1);
  std::vector<Vec3> out;
  for (long trials = 0; out.size() < atoms && trials < 20'000'000; ++trials) {
    const Vec3 r = box.cartesian({u(random), u(random), flat ? 0.5 : u(random)});
    bool free = true;
    for (const Vec3& other : out) {
      Vec3 d = box.minimum_image(r - other);
      if (flat) d.z = 0;
      free = free && norm2(d) > nearest * nearest;
      if (!free) break;
    }
    if (free) out.push_back(r);
  }
  return out;
}

/// Kob-Andersen 80:20 mixture at density 1.2, liquid-like: random with a smallest distance. Lennard-Jones units.
inline Frame kob_andersen(std::size_t atoms, std::uint64_t seed = 1, double density = 1.2) {
  const double edge = std::cbrt(static_cast<double>(atoms) / density);
  Frame f = empty_frame(Box::orthogonal({edge, edge, edge}), {{"A", 1}, {"B", 1}});
  f.units = UnitSystem::lj;
  const auto points = random_points(f.box, atoms, 0.8 / std::cbrt(density / 1.2), seed);
  for (std::size_t i = 0; i < points.size(); ++i) add_atom(f, points[i], i % 5 == 0 ? 1 : 0);
  f.normalise();
  return f;
}

/// The same in two dimensions, 65:35 at density 1.16, in a cell 1 thick.
inline Frame kob_andersen_2d(std::size_t atoms, std::uint64_t seed = 1, double density = 1.16) {
  const double edge = std::sqrt(static_cast<double>(atoms) / density);
  Frame f = empty_frame(Box::orthogonal({edge, edge, 1}), {{"A", 1}, {"B", 1}});
  f.units = UnitSystem::lj;
  const auto points = random_points(f.box, atoms, 0.75, seed, true);
  for (std::size_t i = 0; i < points.size(); ++i) add_atom(f, points[i], i % 20 < 7 ? 1 : 0);
  f.normalise();
  return f;
}

/// Cu64Zr36 at `density` [g/cm^3]: 4 n^3 atoms, a jittered lattice with species at random. No close overlaps; forces of some eV/angstrom.
inline Frame copper_zirconium(int n, double density = 7.4, std::uint64_t seed = 1) {
  const double mass = 0.64 * 63.546 + 0.36 * 91.224, per_volume = density / (mass * 1.66053906660);
  return disordered(n, per_volume, static_cast<unsigned>(seed), 0.12);
}

/// Every atom moved by up to `by` along each axis (in two dimensions along x and y).
inline Frame rattled(Frame f, double by, std::uint64_t seed = 1, bool flat = false) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> u(-by, by);
  for (Vec3& r : f.position) {
    const double a = u(random), b = u(random), c = u(random);
    r += {a, b, flat ? 0 : c};
  }
  f.normalise();
  return f;
}

}  // namespace heteroglass::test
