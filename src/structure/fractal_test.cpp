#include "structure/fractal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/error.hpp"
#include "crystals.hpp"

namespace heteroglass::structure {
namespace {

template <class F> Frame lattice(int n, F mark) {
  Frame f = test::crystal(n, 1.0, {{0.25, 0.25, 0.25}});
  AtomProperty p{"mark", "1", 1, {}};
  for (const Vec3& r : f.position) p.values.push_back(mark(r));
  f.properties.push_back(std::move(p));
  return f;
}
FractalOptions marked() { return {.choose = {.property = "mark", .at_least = 1}, .from = 2, .surrogates = 0}; }

// All atoms fill every box: exactly 3. A plane and a line of atoms meet as many boxes as a square and an edge have.
TEST(Fractal, FilledCubePlaneAndLine) {
  const Fractal cube = fractal(lattice(18, [](const Vec3&) { return 1; }), marked());
  EXPECT_NEAR(cube.fractal_dimension.value, 3, 1e-9);
  EXPECT_NEAR(cube.mass_dimension.value, 3, 0.05);
  const Fractal plane = fractal(lattice(24, [](const Vec3& r) { return r.z < 1; }), marked());
  EXPECT_NEAR(plane.fractal_dimension.value, 2, 1e-9);
  EXPECT_NEAR(plane.mass_dimension.value, 2, 0.05);
  const Fractal line = fractal(lattice(24, [](const Vec3& r) { return r.z < 1 && r.x < 1; }), marked());
  EXPECT_NEAR(line.fractal_dimension.value, 1, 1e-9);
  EXPECT_NEAR(line.mass_dimension.value, 1, 0.08);
}

// Menger sponge: ln 20 / ln 3 = 2.7268. Boxes that do not match its thirds, at several places, see a little more of it.
TEST(Fractal, MengerSponge) {
  const auto filled = [](const Vec3& r) {
    int x = int(r.x), y = int(r.y), z = int(r.z);
    for (int level = 0; level < 3; ++level, x /= 3, y /= 3, z /= 3)
      if ((x % 3 == 1) + (y % 3 == 1) + (z % 3 == 1) > 1) return 0.0;
    return 1.0;
  };
  const Fractal r = fractal(lattice(27, filled), marked());
  EXPECT_EQ(r.chosen, 8000);
  EXPECT_NEAR(r.fractal_dimension.value, std::log(20.0) / std::log(3.0), 0.12);
  EXPECT_NEAR(r.mass_dimension.value, std::log(20.0) / std::log(3.0), 0.12);
}

// At the percolation threshold the largest cluster of a cell of edge L has L^2.52 atoms: 2.52 from the means over cells of 8 and 24.
TEST(Fractal, LargestClusterAtThePercolationThreshold) {
  const auto mean = [](int n, int samples) {
    double sum = 0;
    for (int k = 0; k < samples; ++k) {
      std::mt19937_64 random(unsigned(k) + 1);
      std::bernoulli_distribution chosen(0.3116);
      FractalOptions o = marked();
      o.part = "largest", o.r_cut = 1.1, o.from = 1.2;
      sum += fractal(lattice(n, [&](const Vec3&) { return chosen(random); }), o).chosen;
    }
    return sum / samples;
  };
  EXPECT_NEAR(std::log(mean(24, 40) / mean(8, 150)) / std::log(3.0), 2.52, 0.12);
}

// Atoms at random differ neither from shuffled atoms nor from noise; a slab does.
TEST(Fractal, ControlsTellASlabFromNoise) {
  std::mt19937_64 random(9);
  std::uniform_real_distribution<double> u;
  FractalOptions o{.choose = {.property = "mark", .top = 0.2}, .surrogates = 9};
  const Fractal noise = fractal(lattice(16, [&](const Vec3&) { return u(random); }), o);
  for (std::size_t k = 0; k < noise.noise.rows(); ++k)
    EXPECT_LT(std::abs(noise.noise.find("measured")->number[k] - noise.noise.find("surrogate_mean")->number[k]),
              4 * noise.noise.find("surrogate_sd")->number[k]);
  const Fractal slab = fractal(lattice(16, [&](const Vec3& r) { return (r.z < 3) + 0.01 * u(random); }), o);
  EXPECT_LE(slab.noise.find("p_value")->number[0], 0.1);
  EXPECT_LT(slab.fractal_dimension.value, 2.6);
}

// Translation and another description of the same cell change nothing that matters.
TEST(Fractal, SameForTranslatedAtoms) {
  Frame f = test::disordered(5);
  ChosenAtomsOptions zr;
  zr.species = {"Zr"};
  const FractalOptions o{.choose = zr, .surrogates = 0};
  const Fractal a = fractal(f, o);
  for (Vec3& r : f.position) r = f.box.wrap(r + Vec3{3.3, -1.1, 0.7});
  const Fractal b = fractal(f, o);
  EXPECT_NEAR(a.mass_dimension.value, b.mass_dimension.value, 1e-6);
  EXPECT_NEAR(a.fractal_dimension.value, b.fractal_dimension.value, 0.1);
}

TEST(Fractal, SaysWhatIsWrong) {
  const Frame f = lattice(8, [](const Vec3& r) { return r.x < 1 && r.y < 1 && r.z < 3; });
  EXPECT_THROW(fractal(f, marked()), InputError);  // three atoms
  FractalOptions o = marked();
  o.choose.at_least = 0, o.from = 7;
  EXPECT_THROW(fractal(f, o), InputError);
}

}  // namespace
}  // namespace heteroglass::structure
