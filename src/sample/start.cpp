#include "sample/start.hpp"

#include <cmath>
#include <numbers>
#include <random>

#include "core/elements.hpp"

namespace heteroglass::sample {
namespace {

/// [angstrom^3] atoms as spheres of metallic radius, packed to 0.68 as metallic liquids are.
double volume_per_atom(const Composition& composition) {
  double spheres = 0;
  for (const Component& c : composition.components) {
    const double r = find_element(c.symbol)->metallic_radius;
    spheres += c.fraction * 4 / 3 * std::numbers::pi * std::pow(r > 0 ? r : 1.5, 3);
  }
  return spheres / 0.68;
}

/// Fisher-Yates with the generator's own bits: std::shuffle may differ between libraries.
template <class T> void shuffle(std::vector<T>& values, std::mt19937_64& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random() % i]);
}

std::vector<Vec3> lattice_sites(int cells, double edge) {
  std::vector<Vec3> sites;
  for (int i = 0; i < cells; ++i)
    for (int j = 0; j < cells; ++j)
      for (int k = 0; k < cells; ++k)
        for (const Vec3& basis : {Vec3{.25, .25, .25}, Vec3{.75, .75, .25}, Vec3{.75, .25, .75}, Vec3{.25, .75, .75}})
          sites.push_back(edge * (Vec3{double(i), double(j), double(k)} + basis));
  return sites;
}

}  // namespace

Frame lattice_start(const Composition& composition, const std::vector<double>& masses, int atoms, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const int cells = static_cast<int>(std::ceil(std::cbrt(atoms / 4.0) - 1e-9));
  const double length = std::cbrt(volume_per_atom(composition) * atoms);
  std::vector<Vec3> sites = lattice_sites(cells, length / cells);
  shuffle(sites, random);
  Frame f;
  f.box = Box::orthogonal({length, length, length});
  f.units = UnitSystem::metal;
  f.source = "start of the melt";
  const std::vector<int> counts = composition.counts(atoms);
  for (std::size_t s = 0; s < counts.size(); ++s) {
    f.species.push_back({composition.components[s].symbol, masses[s]});
    f.type.insert(f.type.end(), static_cast<std::size_t>(counts[s]), static_cast<int>(s));
  }
  shuffle(f.type, random);
  for (int i = 0; i < atoms; ++i) {
    f.id.push_back(i + 1);
    f.position.push_back(sites[static_cast<std::size_t>(i)]);
  }
  f.normalise();
  return f;
}

int member_seed(int seed, int member) {
  // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
  std::uint64_t x =
      static_cast<std::uint64_t>(seed) * 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(member) * 0xd1b54a32d192ed03ULL + 1;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return static_cast<int>((x ^ (x >> 31)) % 900000000ULL) + 1;
}

}  // namespace heteroglass::sample
