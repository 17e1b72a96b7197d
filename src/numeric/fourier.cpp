#include "numeric/fourier.hpp"

#include <fftw3.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <type_traits>

namespace heteroglass::numeric {

namespace {

/// FFTW's planner is not safe from several threads.
std::mutex& fourier_planning() {
  static std::mutex mutex;
  return mutex;
}

struct DestroyPlan {
  void operator()(fftw_plan p) const {
    const std::lock_guard lock(fourier_planning());
    fftw_destroy_plan(p);
  }
};
using FourierPlan = std::unique_ptr<std::remove_pointer_t<fftw_plan>, DestroyPlan>;

/// Aligned as FFTW likes it.
template <class T> class FourierBuffer {
 public:
  explicit FourierBuffer(std::size_t n) : data_(static_cast<T*>(fftw_malloc(sizeof(T) * n))), size_(n) {}
  T* data() { return data_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(T* p) const { fftw_free(p); }
  };
  std::unique_ptr<T, Free> data_;
  std::size_t size_;
};

constexpr std::size_t batch = 8;  // columns transformed together, so that whole cache lines are moved

fftw_complex* plain(std::complex<double>* p) { return reinterpret_cast<fftw_complex*>(p); }

}  // namespace

std::size_t good_fourier_size(std::size_t n) {
  for (std::size_t m = std::max<std::size_t>(n + n % 2, 2);; m += 2) {
    std::size_t rest = m;
    for (const std::size_t p : {2, 3, 5, 7})
      while (rest % p == 0) rest /= p;
    if (rest == 1) return m;
  }
}

struct PaddedFourier::Plans {
  std::size_t width, height, lag_x, lag_y;
  std::size_t nx, ny, half;  ///< padded sizes; half: of the transform along x
  FourierPlan row, row_back, column, column_back;

  Plans(std::size_t w, std::size_t h, std::size_t lx, std::size_t ly)
      : width(w), height(h), lag_x(lx), lag_y(ly), nx(good_fourier_size(w + lx)), ny(good_fourier_size(h + ly)), half(nx / 2 + 1) {
    FourierBuffer<double> real(nx);
    FourierBuffer<std::complex<double>> complex(std::max(half, batch * ny));
    const int x = static_cast<int>(nx), y = static_cast<int>(ny), many = static_cast<int>(batch);
    const std::lock_guard lock(fourier_planning());
    row.reset(fftw_plan_dft_r2c_1d(x, real.data(), plain(complex.data()), FFTW_ESTIMATE));
    row_back.reset(fftw_plan_dft_c2r_1d(x, plain(complex.data()), real.data(), FFTW_ESTIMATE));
    auto* c = plain(complex.data());
    column.reset(fftw_plan_many_dft(1, &y, many, c, nullptr, 1, y, c, nullptr, 1, y, FFTW_FORWARD, FFTW_ESTIMATE));
    column_back.reset(fftw_plan_many_dft(1, &y, many, c, nullptr, 1, y, c, nullptr, 1, y, FFTW_BACKWARD, FFTW_ESTIMATE));
  }
  std::size_t blocks() const { return (half + batch - 1) / batch; }
};

PaddedFourier::PaddedFourier(std::size_t width, std::size_t height, std::size_t lag_x, std::size_t lag_y)
    : plans_(std::make_unique<Plans>(width, height, lag_x, lag_y)) {}
PaddedFourier::~PaddedFourier() = default;
PaddedFourier::PaddedFourier(PaddedFourier&&) noexcept = default;
std::size_t PaddedFourier::lag_x() const { return plans_->lag_x; }
std::size_t PaddedFourier::lag_y() const { return plans_->lag_y; }

// A spectrum holds blocks of `batch` columns, each column contiguous.
PaddedFourier::Spectrum PaddedFourier::forward(std::span<const double> values) const {
  const Plans& p = *plans_;
  const std::size_t stride = p.blocks() * batch;
  std::vector<std::complex<double>> rows(p.height * stride);
  Spectrum out(p.blocks() * batch * p.ny);
#pragma omp parallel
  {
    FourierBuffer<double> real(p.nx);
    FourierBuffer<std::complex<double>> line(std::max(p.half, batch * p.ny));
    std::fill(real.data(), real.data() + p.nx, 0.0);
#pragma omp for schedule(static)
    for (std::int64_t k = 0; k < static_cast<std::int64_t>(p.height); ++k) {
      const auto y = static_cast<std::size_t>(k);
      std::copy_n(values.data() + y * p.width, p.width, real.data());
      fftw_execute_dft_r2c(p.row.get(), real.data(), plain(line.data()));
      std::copy_n(line.data(), p.half, rows.data() + y * stride);
    }
#pragma omp for schedule(static)
    for (std::int64_t k = 0; k < static_cast<std::int64_t>(p.blocks()); ++k) {
      const auto block = static_cast<std::size_t>(k);
      for (std::size_t y = 0; y < p.height; ++y)
        for (std::size_t c = 0; c < batch; ++c) line.data()[c * p.ny + y] = rows[y * stride + block * batch + c];
      for (std::size_t c = 0; c < batch; ++c)
        std::fill(line.data() + c * p.ny + p.height, line.data() + (c + 1) * p.ny, std::complex<double>(0));
      fftw_execute_dft(p.column.get(), plain(line.data()), plain(line.data()));
      std::copy_n(line.data(), batch * p.ny, out.data() + block * batch * p.ny);
    }
  }
  return out;
}

std::vector<double> PaddedFourier::inverse(Spectrum spectrum) const {
  const Plans& p = *plans_;
  const std::size_t stride = p.blocks() * batch, rows_out = p.lag_y + 1, columns_out = 2 * p.lag_x + 1;
  std::vector<std::complex<double>> rows(rows_out * stride);
  std::vector<double> out(rows_out * columns_out);
  const double norm = 1 / (static_cast<double>(p.nx) * static_cast<double>(p.ny));
#pragma omp parallel
  {
    FourierBuffer<double> real(p.nx);
    FourierBuffer<std::complex<double>> line(std::max(p.half, batch * p.ny));
#pragma omp for schedule(static)
    for (std::int64_t k = 0; k < static_cast<std::int64_t>(p.blocks()); ++k) {
      const auto block = static_cast<std::size_t>(k);
      std::copy_n(spectrum.data() + block * batch * p.ny, batch * p.ny, line.data());
      fftw_execute_dft(p.column_back.get(), plain(line.data()), plain(line.data()));
      for (std::size_t y = 0; y < rows_out; ++y)
        for (std::size_t c = 0; c < batch; ++c) rows[y * stride + block * batch + c] = line.data()[c * p.ny + y];
    }
#pragma omp for schedule(static)
    for (std::int64_t k = 0; k < static_cast<std::int64_t>(rows_out); ++k) {
      const auto y = static_cast<std::size_t>(k);
      std::copy_n(rows.data() + y * stride, p.half, line.data());
      fftw_execute_dft_c2r(p.row_back.get(), plain(line.data()), real.data());
      double* to = out.data() + y * columns_out;
      for (std::size_t x = 0; x < p.lag_x; ++x) to[x] = norm * real.data()[p.nx - p.lag_x + x];
      for (std::size_t x = 0; x <= p.lag_x; ++x) to[p.lag_x + x] = norm * real.data()[x];
    }
  }
  return out;
}

struct RealFourier::Plans {
  FourierBuffer<double> real;
  FourierBuffer<std::complex<double>> complex;
  FourierPlan forward, backward;

  explicit Plans(std::array<std::size_t, 3> size) : real(size[0] * size[1] * size[2]), complex((size[0] / 2 + 1) * size[1] * size[2]) {
    // sides of one pixel are left out: FFTW plans worse with them
    std::vector<int> n;
    for (const std::size_t k : {2, 1, 0})
      if (size[k] > 1 || k == 0) n.push_back(static_cast<int>(size[k]));
    const std::lock_guard lock(fourier_planning());
    forward.reset(fftw_plan_dft_r2c(static_cast<int>(n.size()), n.data(), real.data(), plain(complex.data()), FFTW_ESTIMATE));
    backward.reset(fftw_plan_dft_c2r(static_cast<int>(n.size()), n.data(), plain(complex.data()), real.data(), FFTW_ESTIMATE));
  }
};

RealFourier::RealFourier(std::array<std::size_t, 3> size) : plans_(std::make_unique<Plans>(size)) {}
RealFourier::~RealFourier() = default;
RealFourier::RealFourier(RealFourier&&) noexcept = default;
std::span<double> RealFourier::values() { return {plans_->real.data(), plans_->real.size()}; }
std::span<std::complex<double>> RealFourier::modes() { return {plans_->complex.data(), plans_->complex.size()}; }
void RealFourier::to_modes() { fftw_execute(plans_->forward.get()); }
void RealFourier::to_values() { fftw_execute(plans_->backward.get()); }

std::vector<double> periodic_autocorrelation(std::span<const double> values, std::size_t width, std::size_t height) {
  // In place, in the memory of the result: fresh pages cost as much as transforms.
  const std::size_t half = width / 2 + 1, stride = 2 * half;
  std::vector<double> out(stride * height);
  auto* modes = reinterpret_cast<std::complex<double>*>(out.data());
  FourierPlan forward, backward;
  {
    const std::lock_guard lock(fourier_planning());
    const int x = static_cast<int>(width), y = static_cast<int>(height);
    forward.reset(fftw_plan_dft_r2c_2d(y, x, out.data(), plain(modes), FFTW_ESTIMATE));
    backward.reset(fftw_plan_dft_c2r_2d(y, x, plain(modes), out.data(), FFTW_ESTIMATE));
  }
  for (std::size_t y = 0; y < height; ++y)
    std::copy_n(values.data() + y * width, width, out.begin() + static_cast<std::ptrdiff_t>(y * stride));
  fftw_execute(forward.get());
  const double norm = 1 / (static_cast<double>(width) * static_cast<double>(height));
  for (std::size_t k = 0; k < half * height; ++k) modes[k] = norm * std::norm(modes[k]);
  fftw_execute(backward.get());
  for (std::size_t y = 1; y < height; ++y) std::copy_n(out.data() + y * stride, width, out.data() + y * width);
  out.resize(width * height);
  return out;
}

}  // namespace heteroglass::numeric
