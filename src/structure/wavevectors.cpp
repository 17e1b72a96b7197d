#include "structure/wavevectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "core/error.hpp"
#include "core/vector_clones.hpp"

namespace heteroglass::structure {
namespace {

constexpr std::size_t lanes = 8;

/// Sum of exp(2 pi i (h a + k b + l c)) over n atoms, n a multiple of eight.
HETEROGLASS_VECTOR_CLONES
void wave(const double* a, const double* b, const double* c, std::size_t n, double h, double k, double l, double* real, double* imaginary) {
  constexpr double shift = 6755399441055744.0;  // 1.5 * 2^52: adding and subtracting it rounds to whole numbers
  constexpr double quarter = std::numbers::pi / 2;
  double re[lanes] = {}, im[lanes] = {};
  for (std::size_t i = 0; i < n; i += lanes)
    for (std::size_t m = 0; m < lanes; ++m) {
      const double turns = h * a[i + m] + k * b[i + m] + l * c[i + m];
      const double y = quarter * (turns - ((turns + shift) - shift)), y2 = y * y;  // a quarter of the angle: |y| <= pi / 4
      double s =
          y *
          (1 + y2 * (-1.0 / 6 + y2 * (1.0 / 120 + y2 * (-1.0 / 5040 + y2 * (1.0 / 362880 + y2 * (-1.0 / 39916800 + y2 / 6227020800.0))))));
      double g =
          1 +
          y2 * (-0.5 + y2 * (1.0 / 24 +
                             y2 * (-1.0 / 720 + y2 * (1.0 / 40320 + y2 * (-1.0 / 3628800 + y2 * (1.0 / 479001600 - y2 / 87178291200.0))))));
      const double s2 = 2 * s * g, g2 = 1 - 2 * s * s;  // doubled twice
      re[m] += 1 - 2 * s2 * s2, im[m] += 2 * s2 * g2;
    }
  *real = ((re[0] + re[1]) + (re[2] + re[3])) + ((re[4] + re[5]) + (re[6] + re[7]));
  *imaginary = ((im[0] + im[1]) + (im[2] + im[3])) + ((im[4] + im[5]) + (im[6] + im[7]));
}

/// Fractional coordinates of one group, filled up to a multiple of eight with atoms at the origin.
struct Group {
  std::vector<double> a, b, c;
  std::size_t filled = 0;
};

std::vector<Group> split(const Frame& frame, const std::vector<int>& group, std::size_t groups) {
  std::vector<Group> out(groups);
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const Vec3 s = frame.box.fractional(frame.position[i]);
    Group& g = out[static_cast<std::size_t>(group[i])];
    g.a.push_back(s.x), g.b.push_back(s.y), g.c.push_back(s.z);
  }
  for (Group& g : out)
    for (; g.a.size() % lanes; ++g.filled) g.a.push_back(0), g.b.push_back(0), g.c.push_back(0);
  return out;
}

}  // namespace

std::vector<std::vector<Wavevector>> wavevectors(const Box& box, double q_max, std::size_t bins, std::size_t most, std::uint64_t seed) {
  const Mat3 reciprocal = transpose(box.inverse_edges());
  const double two_pi = 2 * std::numbers::pi, per_width = static_cast<double>(bins) / q_max;
  std::array<std::int32_t, 3> reach;
  for (std::size_t k = 0; k < 3; ++k) reach[k] = static_cast<std::int32_t>(std::floor(q_max * norm(box.edge(k)) / two_pi));
  const double expected = 2.0 / 3 * std::numbers::pi * std::pow(q_max / two_pi, 3) * box.volume();
  if (expected > (most > 0 ? 3e9 : 5e7))
    throw InputError(fmt::format(
        "structure_factor: the wavevectors below q_max must be few enough, got about {:.3g}; lower q_max{}, or use the method fourier",
        expected, most > 0 ? "" : ", set vectors_per_bin"));
  std::vector<std::vector<Wavevector>> out(bins);
  std::vector<std::size_t> seen(bins, 0);
  std::mt19937_64 random(seed);
  const auto offer = [&](std::int32_t h, std::int32_t k, std::int32_t l) {
    const double q = two_pi * norm(reciprocal * Vec3{double(h), double(k), double(l)});
    const auto bin = static_cast<std::size_t>(q * per_width);
    if (q >= q_max || bin >= bins) return;
    std::vector<Wavevector>& v = out[bin];
    ++seen[bin];
    if (most == 0 || v.size() < most) {
      v.push_back({{h, k, l}});
    } else if (const std::size_t place = random() % seen[bin]; place < most) {  // reservoir sampling
      v[place] = {{h, k, l}};
    }
  };
  for (std::int32_t l = 0; l <= reach[2]; ++l)
    for (std::int32_t k = l == 0 ? 0 : -reach[1]; k <= reach[1]; ++k)
      for (std::int32_t h = l == 0 && k == 0 ? 1 : -reach[0]; h <= reach[0]; ++h) offer(h, k, l);
  return out;
}

std::vector<std::complex<double>> density_waves(const Frame& frame, const std::vector<int>& group, std::size_t groups,
                                                const std::vector<Wavevector>& vectors, Context& context) {
  const std::vector<Group> atoms = split(frame, group, groups);
  std::vector<std::complex<double>> out(vectors.size() * groups);
  const auto all = static_cast<std::int64_t>(vectors.size());
  const auto part = std::max<std::int64_t>(64, static_cast<std::int64_t>(2e8 / static_cast<double>(frame.size())));
  for (std::int64_t begin = 0; begin < all; begin += part) {
    context.check_cancelled();
    context.progress(static_cast<double>(begin) / static_cast<double>(all), "density waves");
    const std::int64_t end = std::min(all, begin + part);
#pragma omp parallel for schedule(dynamic, 16)
    for (std::int64_t v = begin; v < end; ++v) {
      const auto& n = vectors[static_cast<std::size_t>(v)].hkl;
      for (std::size_t g = 0; g < groups; ++g) {
        double real = 0, imaginary = 0;
        wave(atoms[g].a.data(), atoms[g].b.data(), atoms[g].c.data(), atoms[g].a.size(), n[0], n[1], n[2], &real, &imaginary);
        out[static_cast<std::size_t>(v) * groups + g] = {real - static_cast<double>(atoms[g].filled), imaginary};
      }
    }
  }
  return out;
}

}  // namespace heteroglass::structure
