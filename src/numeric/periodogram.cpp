#include "numeric/periodogram.hpp"

#include <fftw3.h>

#include <algorithm>
#include <mutex>

namespace heteroglass::numeric {
namespace {
std::mutex planning;  // FFTW's planner is not safe from several threads
}

Periodogram::Work::Work(const Periodogram& p) : real_(fftw_alloc_real(p.length())), complex_(fftw_alloc_complex(p.length() / 2 + 1)) {}

Periodogram::Work::~Work() {
  fftw_free(real_);
  fftw_free(complex_);
}

Periodogram::Periodogram(std::size_t length) : n_(length), plan_(nullptr) {
  const Work work(*this);
  const std::lock_guard lock(planning);
  plan_ = fftw_plan_dft_r2c_1d(int(n_), work.real_, static_cast<fftw_complex*>(work.complex_), FFTW_ESTIMATE);
}

Periodogram::~Periodogram() {
  const std::lock_guard lock(planning);
  fftw_destroy_plan(static_cast<fftw_plan>(plan_));
}

void Periodogram::power(std::span<const double> series, std::span<double> out, Work& work) const {
  std::copy(series.begin(), series.end(), work.real_);
  auto* modes = static_cast<fftw_complex*>(work.complex_);
  fftw_execute_dft_r2c(static_cast<fftw_plan>(plan_), work.real_, modes);
  for (std::size_t j = 0; j < out.size(); ++j)
    out[j] = (modes[j + 1][0] * modes[j + 1][0] + modes[j + 1][1] * modes[j + 1][1]) / double(n_);
}

void Periodogram::expected_power(std::span<const double> c, std::span<double> out, Work& work) const {
  // The two ends of the series folded on a circle.
  for (std::size_t d = 0; d < n_; ++d)
    work.real_[d] = (1 - double(d) / double(n_)) * c[d] + (d > 0 ? double(d) / double(n_) * c[n_ - d] : 0);
  auto* modes = static_cast<fftw_complex*>(work.complex_);
  fftw_execute_dft_r2c(static_cast<fftw_plan>(plan_), work.real_, modes);
  for (std::size_t j = 0; j < out.size(); ++j) out[j] = std::max(modes[j + 1][0], 0.0);
}

}  // namespace heteroglass::numeric
