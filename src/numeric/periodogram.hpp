/// Power of a short real series at its own frequencies, many series of one length.
///
///     P_j = |sum_t x_t exp(-2 pi i j t / n)|^2 / n,   j = 1 .. n/2     (white noise: the variance at each)
///
/// expected_power is its mean for a stationary process of autocovariance c_d, d = 0 .. n - 1, leakage of the finite length included:
///
///     E[P_j] = c_0 + 2 sum_{d=1}^{n-1} (1 - d/n) c_d cos(2 pi j d / n)
///
/// Cost O(n log n). Safe from several threads, each with its own Work. Source: Brockwell, Davis, Time Series (1991), section 10.3.
#pragma once

#include <memory>
#include <span>
#include <vector>

namespace heteroglass::numeric {

class Periodogram {
 public:
  explicit Periodogram(std::size_t length);
  ~Periodogram();
  Periodogram(const Periodogram&) = delete;
  Periodogram& operator=(const Periodogram&) = delete;

  /// Buffers of one thread.
  class Work {
   public:
    explicit Work(const Periodogram& p);
    ~Work();
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

   private:
    friend class Periodogram;
    double* real_;
    void* complex_;
  };

  std::size_t length() const { return n_; }
  std::size_t frequencies() const { return n_ / 2; }
  /// @param out (n/2) P_j; the mean of the series does not matter
  void power(std::span<const double> series, std::span<double> out, Work& work) const;
  void expected_power(std::span<const double> covariance, std::span<double> out, Work& work) const;

 private:
  std::size_t n_;
  void* plan_;
};

}  // namespace heteroglass::numeric
