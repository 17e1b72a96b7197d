#include "numeric/surrogate.hpp"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <memory>
#include <mutex>
#include <numbers>
#include <numeric>
#include <random>

namespace heteroglass::numeric {
namespace {

std::mutex planning;  // FFTW's planner is not safe from several threads

struct Free {
  void operator()(void* p) const { fftw_free(p); }
};

/// A real field and its transform, with plans both ways.
class Field {
 public:
  explicit Field(std::array<std::size_t, 3> size)
      : n_(size[0] * size[1] * size[2]),
        m_((size[0] / 2 + 1) * size[1] * size[2]),
        real_(static_cast<double*>(fftw_malloc(sizeof(double) * n_))),
        complex_(static_cast<fftw_complex*>(fftw_malloc(sizeof(fftw_complex) * m_))) {
    const std::lock_guard lock(planning);
    const int z = int(size[2]), y = int(size[1]), x = int(size[0]);
    forward_ = fftw_plan_dft_r2c_3d(z, y, x, real_.get(), complex_.get(), FFTW_ESTIMATE);
    backward_ = fftw_plan_dft_c2r_3d(z, y, x, complex_.get(), real_.get(), FFTW_ESTIMATE);
  }
  Field(const Field&) = delete;
  Field& operator=(const Field&) = delete;
  ~Field() {
    const std::lock_guard lock(planning);
    fftw_destroy_plan(forward_);
    fftw_destroy_plan(backward_);
  }
  std::span<double> values() { return {real_.get(), n_}; }
  std::span<std::complex<double>> modes() { return {reinterpret_cast<std::complex<double>*>(complex_.get()), m_}; }
  void to_modes() { fftw_execute(forward_); }
  void to_values() { fftw_execute(backward_); }  // unnormalised: only the ranks are used

 private:
  std::size_t n_, m_;
  std::unique_ptr<double, Free> real_;
  std::unique_ptr<fftw_complex, Free> complex_;
  fftw_plan forward_, backward_;
};

}  // namespace

std::vector<float> surrogate(std::span<const float> original, std::array<std::size_t, 3> size, std::uint64_t seed, int iterations) {
  Field field(size);
  const std::span<double> values = field.values();
  std::vector<float> sorted(original.begin(), original.end());
  std::sort(sorted.begin(), sorted.end());
  std::copy(original.begin(), original.end(), values.begin());
  field.to_modes();
  std::vector<double> amplitude;
  amplitude.reserve(field.modes().size());
  for (const auto& m : field.modes()) amplitude.push_back(std::abs(m));
  // White noise carries the new phases, with the symmetry that a real field needs.
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < values.size(); i += 2) {
    const double u = (double(random() >> 11) + 0.5) * 0x1p-53, v = double(random() >> 11) * 0x1p-53;
    const double radius = std::sqrt(-2 * std::log(u));
    values[i] = radius * std::cos(2 * std::numbers::pi * v);
    if (i + 1 < values.size()) values[i + 1] = radius * std::sin(2 * std::numbers::pi * v);
  }
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  for (int i = 0; i < iterations; ++i) {
    field.to_modes();
    const auto modes = field.modes();
    for (std::size_t k = 0; k < modes.size(); ++k) {
      const double size_now = std::abs(modes[k]);
      modes[k] = size_now > 0 ? modes[k] * (amplitude[k] / size_now) : amplitude[k];
    }
    field.to_values();
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return values[a] < values[b] || (values[a] == values[b] && a < b); });
    for (std::size_t r = 0; r < order.size(); ++r) values[order[r]] = double(sorted[r]);
  }
  return {values.begin(), values.end()};
}

}  // namespace heteroglass::numeric
