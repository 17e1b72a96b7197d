#include "deform/strain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <numeric>

#include "core/error.hpp"
#include "crystals.hpp"
#include "deform/box_match.hpp"

namespace heteroglass::deform {
namespace {

using test::deformed;
using test::disordered;
using testing::Each;
using testing::HasSubstr;

/// Smooth non-affine motion of known size, without change of the cell.
Frame shaken(Frame f, double amplitude, unsigned seed = 3) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> g(0, amplitude);
  for (Vec3& r : f.position) r += {g(random), g(random), g(random)};
  f.normalise();
  return f;
}

Frame mapped(const Frame& f, const Mat3& gradient) {
  Frame g = deformed(f, gradient);
  g.normalise();
  return g;
}

double largest(const std::vector<double>& v) {
  double most = 0;
  for (double x : v) most = std::max(most, std::abs(x));
  return most;
}

Mat3 rotation_z(double angle) { return {{{{std::cos(angle), -std::sin(angle), 0}, {std::sin(angle), std::cos(angle), 0}, {0, 0, 1}}}}; }

/// Everything by hand: O(N^2) neighbours with all images, D2min from the normal equations of separations as they are.
struct Slow {
  double d2min = 0;
  Mat3 f;
};

Slow slow_strain(const Frame& reference, const Frame& current, double r_cut, std::size_t i) {
  Mat3 v, w;
  std::vector<std::pair<Vec3, Vec3>> pairs;
  for (std::size_t j = 0; j < reference.size(); ++j)
    for (int a = -1; a <= 1; ++a)
      for (int b = -1; b <= 1; ++b)
        for (int c = -1; c <= 1; ++c) {
          const Vec3 d0 = reference.position[j] - reference.position[i] + reference.box.edges() * Vec3{double(a), double(b), double(c)};
          if (norm(d0) >= r_cut || (i == j && a == 0 && b == 0 && c == 0)) continue;
          pairs.push_back({d0, current.box.minimum_image(current.position[j] - current.position[i])});
        }
  for (const auto& [d0, d] : pairs)
    for (std::size_t p = 0; p < 3; ++p)
      for (std::size_t q = 0; q < 3; ++q) v[p][q] += d0[p] * d0[q], w[p][q] += d[p] * d0[q];
  Slow s;
  s.f = w * inverse(v);
  for (const auto& [d0, d] : pairs) s.d2min += norm2(d - s.f * d0);
  return s;
}

TEST(Strain, NoMotionNoStrain) {
  const Frame f = disordered(4);
  const Strain s = strain(f, f, {.r_cut = 3.8});
  EXPECT_EQ(largest(s.d2min_sum), 0);
  EXPECT_EQ(largest(s.shear_strain), 0);
  EXPECT_EQ(largest(s.rotation_angle), 0);
  EXPECT_EQ(s.invalid_atoms, 0);
}

// Any affine map, small or large, with rotation, shear and volume change.
TEST(Strain, AffineMapsAreExact) {
  const Frame f = disordered(4);
  const Mat3 maps[] = {{{{{1.01, 0.02, 0}, {0, 0.98, 0.03}, {0, 0, 1.02}}}},
                       {{{{1.3, 0.4, -0.2}, {0, 0.8, 0.35}, {0, 0, 1.1}}}},
                       rotation_z(0.5) * Mat3{{{{1.1, 0.2, 0.1}, {0.05, 0.9, 0.3}, {0.02, 0.1, 1.2}}}}};
  for (const Mat3& map : maps) {
    const Strain s = strain(f, mapped(f, map), {.r_cut = 3.8});
    EXPECT_LT(largest(s.d2min_sum), 1e-12);
    const Mat3 c = transpose(map) * map;
    const double exx = (c[0][0] - 1) / 2, eyy = (c[1][1] - 1) / 2, ezz = (c[2][2] - 1) / 2, exy = c[0][1] / 2, exz = c[0][2] / 2,
                 eyz = c[1][2] / 2;
    const double shear =
        std::sqrt(exy * exy + exz * exz + eyz * eyz + (std::pow(exx - eyy, 2) + std::pow(exx - ezz, 2) + std::pow(eyy - ezz, 2)) / 6);
    for (std::size_t i = 0; i < f.size(); ++i) {
      EXPECT_NEAR(s.shear_strain[i], shear, 1e-12);
      EXPECT_NEAR(s.volumetric_strain[i], (exx + eyy + ezz) / 3, 1e-12);
      EXPECT_NEAR(s.strain(i, 3), exy, 1e-12);
      EXPECT_NEAR(s.deformation_gradient(i, 3), map[0][1], 1e-12);  // column by column: xx yx zx xy
    }
    EXPECT_NEAR(s.box_strain[0], exx, 1e-12);
    EXPECT_LT(largest(s.nonaffine_displacement.values), 1e-10);
    EXPECT_LT(largest(strain(f, mapped(f, map), {.r_cut = 3.8, .remove_affine = true}).shear_strain), 1e-12);
  }
}

TEST(Strain, RotationGivesNoStrainAndItsAngle) {
  const Frame f = disordered(3);
  for (const double angle : {1e-7, 0.3, 1.5707963267948966, 3.0, -2.9}) {
    const Strain s = strain(f, mapped(f, rotation_z(angle)), {.r_cut = 3.8});
    EXPECT_LT(largest(s.shear_strain), 1e-12);
    for (std::size_t i = 0; i < f.size(); ++i) {
      EXPECT_NEAR(s.rotation(i, 2), angle, 1e-12);
      EXPECT_NEAR(s.rotation(i, 0), 0, 1e-12);
      EXPECT_NEAR(s.rotation_angle[i], std::abs(angle), 1e-12);
    }
  }
}

// A box that LAMMPS has flipped: the same lattice with the edge b - a instead of b.
TEST(Strain, FlippedBoxesAreRecognisedAndSaid) {
  const Frame f = disordered(4);
  const double l = f.box.edges()[0][0];
  const Mat3 sheared{{{{1, 0.45, -0.3}, {0, 1, 0.4}, {0, 0, 1}}}};
  const Frame g = mapped(f, sheared);
  Frame flipped = g;
  const Vec3 a = g.box.edge(0), b = g.box.edge(1), c = g.box.edge(2);
  flipped.box = Box(Mat3::columns(a, b - a, c - b + 2 * a));
  flipped.normalise();
  Context context;
  const Strain s = strain(f, flipped, {.r_cut = 3.8}, context);
  EXPECT_LT(largest(s.d2min_sum), 1e-12);
  EXPECT_NEAR(s.box_gradient(0, 1), 0.45, 1e-12);
  EXPECT_NEAR(s.box_gradient(0, 2), -0.3, 1e-12);
  EXPECT_NEAR(s.strain(5, 3), 0.225, 1e-12);
  ASSERT_FALSE(context.warnings().empty());
  EXPECT_THAT(context.warnings()[0], HasSubstr("flipped"));
  EXPECT_GT(l, 0);
}

// Shear of 0.7: only the image flags can tell it from -0.3.
TEST(Strain, ImageFlagsDecideAboutLargeShear) {
  Frame f = disordered(4);
  f.image.assign(f.size(), {0, 0, 0});
  Frame g = deformed(f, Mat3{{{{1, 0.7, 0}, {0, 1, 0}, {0, 0, 1}}}});
  const Vec3 a = g.box.edge(0), b = g.box.edge(1), c = g.box.edge(2);
  g.box = Box(Mat3::columns(a, b - a, c));
  g.normalise();  // counts images in the flipped cell, so that unwrapped positions are kept
  Context context;
  EXPECT_NEAR(strain(f, g, {.r_cut = 3.8}, context).box_gradient(0, 1), 0.7, 1e-12);
  EXPECT_THAT(context.warnings().at(0), HasSubstr("image flags"));
  g.image.clear();
  EXPECT_NEAR(strain(f, g, {.r_cut = 3.8}).box_gradient(0, 1), -0.3, 1e-12);
}

TEST(Strain, EqualsTheSlowSum) {
  const Frame f = disordered(4);
  const Frame g = shaken(mapped(f, Mat3{{{{1.02, 0.05, 0}, {0, 0.99, 0.01}, {0, 0, 1}}}}), 0.2);
  const Strain s = strain(f, g, {.r_cut = 4.0});
  for (std::size_t i = 0; i < f.size(); i += 7) {
    const Slow expected = slow_strain(f, g, 4.0, i);
    EXPECT_NEAR(s.d2min_sum[i], expected.d2min, 1e-10);
    EXPECT_NEAR(s.d2min_mean[i], expected.d2min / s.neighbors[i], 1e-10);
    for (std::size_t p = 0; p < 3; ++p)
      for (std::size_t q = 0; q < 3; ++q) EXPECT_NEAR(s.deformation_gradient(i, 3 * q + p), expected.f[p][q], 1e-11);
  }
}

// d = n - 3 degrees of freedom in each direction: <D2min> = 3 (n - 3) sigma^2 for displacements of the neighbours alone; all
// separations of an atom share its own displacement, which F cannot follow: for a symmetric shell that adds 3 n sigma^2.
TEST(Strain, GaussianDisplacementsGiveTheExpectedMean) {
  const Frame f = test::fcc_crystal(8, 3.6);
  const double sigma = 0.01;
  const Strain s = strain(f, shaken(f, sigma), {.r_cut = 3.0});
  const double expected = 3 * (2 * 12 - 3) * sigma * sigma;  // n = 12
  EXPECT_NEAR(std::accumulate(s.d2min_sum.begin(), s.d2min_sum.end(), 0.0) / double(f.size()), expected, 0.03 * expected);
}

TEST(Strain, InvariantUnderTranslationRotationAndRelabelling) {
  const Frame f = disordered(4), g = shaken(f, 0.2);
  const Strain s = strain(f, g, {.r_cut = 3.8});
  Frame moved = g;
  for (Vec3& r : moved.position) r += {5.5, -3.25, 17.0};
  moved.normalise();
  const Strain t = strain(f, moved, {.r_cut = 3.8});
  const Mat3 turn = rotation_z(0.7);
  const Strain r = strain(mapped(f, turn), mapped(g, turn), {.r_cut = 3.8});
  Frame f2 = f, g2 = g;
  const auto n = static_cast<std::int64_t>(f.size());
  for (Frame* frame : {&f2, &g2}) {
    for (auto& id : frame->id) id = n + 1 - id;
    frame->normalise();
  }
  const Strain l = strain(f2, g2, {.r_cut = 3.8});
  for (std::size_t i = 0; i < f.size(); ++i) {
    EXPECT_NEAR(t.d2min_sum[i], s.d2min_sum[i], 1e-11);
    EXPECT_NEAR(r.d2min_sum[i], s.d2min_sum[i], 1e-11);
    EXPECT_NEAR(r.shear_strain[i], s.shear_strain[i], 1e-12);
    EXPECT_NEAR(l.d2min_sum[f.size() - 1 - i], s.d2min_sum[i], 1e-11);
    EXPECT_NEAR(t.nonaffine_displacement(i, 1), s.nonaffine_displacement(i, 1), 1e-11);
  }
}

// A cell smaller than twice the cut-off, and the same atoms repeated in a larger one.
TEST(Strain, SmallBoxesAreRight) {
  const Frame f = disordered(1);
  Frame big = f;
  const Mat3& h = f.box.edges();
  big.box = Box(Mat3::columns(3.0 * h.column(0), 3.0 * h.column(1), 3.0 * h.column(2)));
  for (int k = 1; k < 27; ++k)
    for (std::size_t i = 0; i < f.size(); ++i)
      test::add_atom(big, f.position[i] + h * Vec3{double(k % 3), double(k / 3 % 3), double(k / 9)}, f.type[i]);
  const auto moved = [&](Frame g) {
    for (std::size_t i = 0; i < g.size(); ++i) g.position[i] += 0.2 * Vec3{std::sin(double(i % 4)), std::cos(double(i % 4)), 0.5};
    return mapped(g, Mat3{{{{1, 0.1, 0}, {0, 1, 0}, {0, 0, 1}}}});
  };
  const Strain small = strain(f, moved(f), {.r_cut = 5.5}), large = strain(big, moved(big), {.r_cut = 5.5});
  for (std::size_t i = 0; i < f.size(); ++i) {
    EXPECT_GT(small.d2min_sum[i], 0.01);
    EXPECT_NEAR(small.d2min_sum[i], large.d2min_sum[i], 1e-10);
    EXPECT_NEAR(small.shear_strain[i], large.shear_strain[i], 1e-12);
  }
}

TEST(Strain, OneThreadEqualsTwoBitForBit) {
  const Frame f = disordered(10), g = shaken(f, 0.2);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Strain one = strain(f, g, {.r_cut = 3.8});
  omp_set_num_threads(2);
  const Strain two = strain(f, g, {.r_cut = 3.8});
  omp_set_num_threads(before);
  EXPECT_EQ(one.d2min_sum, two.d2min_sum);
  EXPECT_EQ(one.deformation_gradient.values, two.deformation_gradient.values);
  EXPECT_EQ(one.mean_d2min.value, two.mean_d2min.value);
}

TEST(Strain, AtomsWithoutThreeDimensionalNeighbourhoodAreInvalid) {
  Frame f = test::empty_frame(Box::orthogonal({40, 40, 40}));
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) test::add_atom(f, {10.0 + 2.5 * i, 10.0 + 2.5 * j, 10});  // one plane
  test::add_atom(f, {30, 30, 30});                                                        // alone
  Context context;
  const Strain s = strain(f, f, {.r_cut = 4}, context);
  EXPECT_EQ(s.invalid_atoms, 10);
  EXPECT_THAT(s.invalid, Each(1));
  EXPECT_TRUE(std::isnan(s.d2min_sum[0]));
  EXPECT_TRUE(std::isnan(s.mean_d2min.value));
  EXPECT_THAT(context.warnings().at(0), HasSubstr("10 of 10"));
}

TEST(Strain, TheFirstMinimumIsTheDefaultRadius) {
  const Frame f = test::fcc_crystal(5, 3.6);
  const Strain s = strain(f, f);
  EXPECT_THAT(s.neighbors, Each(12));
  EXPECT_GT(s.r_cut, 3.6 / std::sqrt(2.0));
  EXPECT_LT(s.r_cut, 3.6);
}

TEST(Strain, RefusesOtherAtoms) {
  const Frame f = disordered(3);
  Frame fewer = f;
  for (auto* v : {&fewer.id}) v->pop_back();
  fewer.type.pop_back(), fewer.position.pop_back();
  EXPECT_THROW(strain(f, fewer, {.r_cut = 3.8}), FormatError);
  Frame renamed = f;
  renamed.id.back() += 5;
  EXPECT_THROW(strain(f, renamed, {.r_cut = 3.8}), FormatError);
  Frame open = f;
  open.box = Box(f.box.edges(), {}, {true, true, false});
  EXPECT_THROW(strain(f, open, {.r_cut = 3.8}), InputError);
  Frame lj = f;
  lj.units = UnitSystem::lj;
  EXPECT_THROW(strain(f, lj, {.r_cut = 3.8}), InputError);
}

}  // namespace
}  // namespace heteroglass::deform
