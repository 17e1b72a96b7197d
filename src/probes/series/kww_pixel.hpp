/// Stretched exponential of the intensity correlation of one pixel, from its series of intensities, by maximum likelihood.
///
///     g2(t) - 1 = A exp[-2 (t/tau)^beta] (+ W at t = 0: counting noise)
///
/// Values of g2 at different lags of one series are strongly correlated and biased by the series' own mean, so a least-squares line through
/// them gives errors without meaning and times that are too short. The powers P_j of the series at its own frequencies are, to good
/// approximation, independent and exponentially distributed about their expectation S_j, which follows from g2 with bias and leakage of the
/// finite length included exactly (numeric/periodogram.hpp). So
///
///     minimise  sum_j [ ln S_j + P_j / S_j ],   S_j = A s_j(tau, beta) + W         (Whittle's likelihood)
///
/// over A, tau, beta, W, by Fisher's scoring with P_j averaged in groups that widen with j, and s_j from a table over (ln tau, beta). The start is
/// the best of a grid. Errors: inverse Fisher information. They hold for Gaussian fluctuations (counting noise, several modes of speckle); for fully developed
/// speckle they are somewhat too small, which probes/electron_correlation measures from the halves of the series.
/// `significance` is twice the gain of log-likelihood over white noise alone; 14 is three standard deviations.
/// Cost of the table O(frames log frames), once; then about 30 us a pixel at 2,000 frames.
/// References: Whittle, Ark. Mat. 2, 423 (1953), doi:10.1007/BF02590998; He et al., Microsc. Microanal. 21, 1026 (2015),
/// doi:10.1017/S1431927615000641 (electron correlation of a glass).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "numeric/periodogram.hpp"

namespace heteroglass::probes {

struct KwwPixel {
  double contrast = 0, ln_tau = 0, beta = 0;  ///< A, ln [frames], [1]
  double noise = 0;                           ///< W
  double contrast_error = 0, ln_tau_error = 0, beta_error = 0;
  double significance = 0;
  bool converged = false;
};

class KwwPixelFit {
 public:
  /// @param beta held at this value when given
  KwwPixelFit(std::size_t frames, std::optional<double> beta);

  struct Work {
    explicit Work(const KwwPixelFit& fit) : fourier(fit.fourier_), power(fit.fourier_.frequencies()) {}
    numeric::Periodogram::Work fourier;
    std::vector<double> power;
  };
  /// @param series intensities over their mean
  KwwPixel fit(std::span<const double> series, Work& work) const;
  std::size_t frames() const { return fourier_.length(); }

 private:
  struct Node {
    std::vector<double> log_power;  ///< ln s by group of frequencies
  };
  struct Start {
    std::size_t i, j;              ///< node
    double ratio;                  ///< W / A
    double log_sum;                ///< sum_j n_j ln (s_j + ratio)
    std::vector<double> weighted;  ///< n_j / (s_j + ratio)
  };
  struct Shape {
    std::vector<double> power, by_ln_tau, by_beta;  ///< s and its logarithmic slopes
  };
  void shape(double ln_tau, double beta, Shape& out) const;
  void best_start(std::span<const double> power, KwwPixel& p) const;
  double cost(std::span<const double> power, const Shape& s, double contrast, double noise) const;

  numeric::Periodogram fourier_;
  std::optional<double> fixed_beta_;
  std::vector<double> ln_tau_, beta_;
  std::vector<std::size_t> group_;  ///< first frequency of each group, and the end
  std::vector<double> members_;
  std::vector<Node> nodes_;
  std::vector<Start> starts_;
};

/// exp[-2 (t/tau)^beta]
double kww_squared(double t, double tau, double beta);

}  // namespace heteroglass::probes
