/// Fourier transforms of real fields (by FFTW).
///
/// RealFourier: of a field that repeats. PaddedFourier: of a map with room around it, so that correlations by it are those of a map
/// that does not repeat:
///
///     sum_x a(x) b(x + r) = inverse[ conj(A) B ](r),   |r_x| <= lag_x,  0 <= r_y <= lag_y
///
/// The grid is enlarged by the lags to sizes that are products of small primes. Rows of zeros are not transformed, and rows of the
/// inverse that nobody asked for neither. Threads share the columns; results do not depend on their number.
/// Plans are made by estimate, never by measurement, so that one program on one machine always gives the same last bits.
/// Cost O(N log N). Source: Frigo, Johnson, Proc. IEEE 93, 216 (2005), doi:10.1109/JPROC.2004.840301.
#pragma once

#include <array>
#include <complex>
#include <memory>
#include <span>
#include <vector>

namespace heteroglass::numeric {

/// A real field, x fastest, and its transform: modes (nx / 2 + 1, ny, nz). Transforms both ways are unnormalised and each destroys
/// what it came from.
class RealFourier {
 public:
  explicit RealFourier(std::array<std::size_t, 3> size);
  ~RealFourier();
  RealFourier(RealFourier&&) noexcept;
  std::span<double> values();
  std::span<std::complex<double>> modes();
  void to_modes();
  void to_values();

 private:
  struct Plans;
  std::unique_ptr<Plans> plans_;
};

/// Smallest even product of 2, 3, 5 and 7 that is not less than n.
std::size_t good_fourier_size(std::size_t n);

class PaddedFourier {
 public:
  using Spectrum = std::vector<std::complex<double>>;  ///< in an order of its own, the same for all of one PaddedFourier

  PaddedFourier(std::size_t width, std::size_t height, std::size_t lag_x, std::size_t lag_y);
  ~PaddedFourier();
  PaddedFourier(PaddedFourier&&) noexcept;

  std::size_t lag_x() const;
  std::size_t lag_y() const;
  /// Transform of values (height * width).
  Spectrum forward(std::span<const double> values) const;
  /// (lag_y + 1) rows of 2 lag_x + 1: r_x from -lag_x to lag_x. `spectrum` is used up.
  std::vector<double> inverse(Spectrum spectrum) const;

 private:
  struct Plans;
  std::unique_ptr<Plans> plans_;
};

/// sum over x of a(x) a(x + r) of a map that repeats, for all r (height * width). Cost O(N log N).
std::vector<double> periodic_autocorrelation(std::span<const double> values, std::size_t width, std::size_t height);

}  // namespace heteroglass::numeric
