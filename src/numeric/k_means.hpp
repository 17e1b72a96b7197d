/// Points in k groups about their means, and how many groups there are.
///
///     minimise  W_k = sum_i w_i |x_i - m_group(i)|^2
///     silhouette of a point = (b - a) / max(a, b),   a: mean distance to its own group, b: to the nearest other one
///     gap(k) = <ln W_k of points without groups> - ln W_k
///
/// Seeds by k-means++ (each further one with a probability that goes with its squared distance from those there are), then Lloyd's
/// steps, the best of some restarts. Groups are sorted by the first coordinate of their means. Distances are those of the numbers as
/// they are: scale coordinates of different units first. A silhouette near 1: compact groups; near 0: none. The gap statistic chooses
/// the least k whose gap is within one standard error s of the largest gap (the rule of the paper, which looks at the next k only, stops at
/// one group when equal groups stand in a row), and so may find a single group, which the silhouette cannot; its points without
/// groups fill the box of the data evenly. Both look at no more than some points, drawn at random, because the silhouette costs their
/// square. Results depend on the seed, not on the number of threads. Cost O(n k d) a step.
/// References: Arthur, Vassilvitskii, SODA 2007, 1027 (k-means++); Rousseeuw, J. Comput. Appl. Math. 20, 53 (1987),
/// doi:10.1016/0377-0427(87)90125-7; Tibshirani, Walther, Hastie, J. R. Stat. Soc. B 63, 411 (2001), doi:10.1111/1467-9868.00293.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct KMeansSettings {
  int restarts = 8;
  int max_iterations = 300;
  std::uint64_t seed = 1;
};

struct KMeans {
  Matrix mean;                ///< (k, d)
  std::vector<double> count;  ///< (k) sum of the weights
  std::vector<int> label;     ///< (n) 0 to k - 1
  double within = 0;          ///< W_k
};

/// A single coordinate as the (n, 1) matrix that these functions take.
Matrix points_of(std::span<const double> values);

/// @param x (n, d) @param weight (n), e.g. counts of a histogram; empty: one each
/// @throws InputError when there are fewer different points than groups
KMeans k_means(const Matrix& x, std::span<const double> weight, std::size_t k, const KMeansSettings& settings = {});

/// Mean silhouette over at most `most` points; NaN for one group.
double silhouette(const Matrix& x, std::span<const int> label, std::size_t k, std::size_t most = 2000, std::uint64_t seed = 1);

struct GapStatistic {
  std::vector<double> gap, error;  ///< (k_max) for k = 1 ...; error: s(k), with the doubt of the references
  std::size_t chosen = 1;
};
GapStatistic gap_statistic(const Matrix& x, std::size_t k_max, int references = 20, std::size_t most = 2000,
                           const KMeansSettings& settings = {});

}  // namespace heteroglass::numeric
