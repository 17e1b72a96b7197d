/// Intensities of dynamic speckle with known times, for tests and benchmarks.
///
/// A pixel sums |E|^2 of `modes` complex Gaussian fields with <E*(0) E(t)> = exp[-(t/tau)^beta], so that g2 - 1 = exp[-2 (t/tau)^beta] / modes,
/// and adds white noise. Exact: the fields come from the Cholesky factor of their covariance (beta = 1: from a recursion).
#pragma once

#include <cmath>
#include <random>
#include <vector>

namespace heteroglass::test {

class Speckle {
 public:
  Speckle(std::size_t frames, double tau, double beta) : frames_(frames), tau_(tau), beta_(beta) {
    if (beta == 1) return;
    factor_.assign(frames * (frames + 1) / 2, 0);
    const auto at = [&](std::size_t i, std::size_t j) -> double& { return factor_[i * (i + 1) / 2 + j]; };
    for (std::size_t i = 0; i < frames; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        double s = std::exp(-std::pow(double(i - j) / tau, beta));
        for (std::size_t k = 0; k < j; ++k) s -= at(i, k) * at(j, k);
        at(i, j) = i == j ? std::sqrt(std::max(s, 1e-12)) : s / at(j, j);
      }
  }
  /// Intensities of mean 1, plus noise of standard deviation `noise`.
  template <class Random> std::vector<double> series(Random& random, int modes, double noise) const {
    std::normal_distribution<double> normal;
    std::vector<double> out(frames_, 0), field(frames_), white(frames_);
    for (int part = 0; part < 2 * modes; ++part) {
      for (double& w : white) w = normal(random);
      if (beta_ == 1) {
        const double keep = std::exp(-1 / tau_), fresh = std::sqrt(1 - keep * keep);
        field[0] = white[0];
        for (std::size_t t = 1; t < frames_; ++t) field[t] = keep * field[t - 1] + fresh * white[t];
      } else {
        for (std::size_t t = 0; t < frames_; ++t) {
          field[t] = 0;
          for (std::size_t k = 0; k <= t; ++k) field[t] += factor_[t * (t + 1) / 2 + k] * white[k];
        }
      }
      for (std::size_t t = 0; t < frames_; ++t) out[t] += field[t] * field[t] / (2 * modes);
    }
    for (double& v : out) v += noise * normal(random);
    return out;
  }

 private:
  std::size_t frames_;
  double tau_, beta_;
  std::vector<double> factor_;
};

}  // namespace heteroglass::test
