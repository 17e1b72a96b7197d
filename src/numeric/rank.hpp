/// Rank statistics of two quantities of the same things: does one predict where the other is large?
///
///     Spearman rho = Pearson correlation of the ranks
///     AUC = P(x of a positive > x of a negative) + P(equal) / 2 = [sum of the positives' ranks - n+ (n+ + 1) / 2] / (n+ n-)
///     decile k = mean of y over the k-th tenth of x, divided by the mean of y
///
/// Positives are the largest tenth of y (rounded up, values equal to the last one included). Equal values get their mean rank;
/// equal x share the deciles they span. A statistic that has no value (constant x or y, mean of y not positive, fewer than
/// 10 entries) is NaN.
/// Cost: sorting once, then O(n) for any subset or permutation.
/// References: Spearman, Am. J. Psychol. 15, 72 (1904), doi:10.2307/1412159; Hanley and McNeil, Radiology 143, 29 (1982),
/// doi:10.1148/radiology.143.1.7063747 (the area as a probability).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace heteroglass::numeric {

/// 1 to n, equal values their mean rank.
std::vector<double> ranks(std::span<const double> values);
/// Of two values or more; NaN when all of x or of y are equal.
double spearman(std::span<const double> x, std::span<const double> y);
double area_under_curve(std::span<const double> score, const std::vector<bool>& positive);

struct RankStatistics {
  double spearman = 0, auc = 0;
  std::array<double, 10> decile{};
};

/// A quantity sorted once. Values must be finite.
struct Ranked {
  explicit Ranked(std::span<const double> values);

  std::vector<std::uint32_t> order;  ///< ascending
  std::vector<double> rank;
};

/// What is to be foretold; shared by all indicators that are set against it.
struct RankedResponse : Ranked {
  explicit RankedResponse(std::vector<double> y);

  std::vector<double> values;
  double mean = 0;
};

/// Indicator and response, for the jackknife and for permutation tests. Holds 12 bytes an entry beside the response.
class RankedPair {
 public:
  RankedPair(std::span<const double> x, std::shared_ptr<const RankedResponse> y);

  std::size_t size() const { return order_.size(); }
  RankStatistics statistics() const;
  /// Of those with block[i] != left_out.
  RankStatistics without(std::span<const int> block, int left_out) const;
  /// Of x[permutation[i]] against y[i]: spearman, auc and the last decile only.
  RankStatistics permuted(std::span<const std::uint32_t> permutation) const;

 private:
  template <class Keep> RankStatistics evaluate(Keep keep) const;

  std::shared_ptr<const RankedResponse> y_;
  std::vector<std::uint32_t> order_;
  std::vector<float> rank_, top_;  // half-integers up to 2^23 are exact; top_: part of the entry that is in the last decile of x
  double norm_ = 0;
};

}  // namespace heteroglass::numeric
