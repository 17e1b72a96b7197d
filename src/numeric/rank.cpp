#include "numeric/rank.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace heteroglass::numeric {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::uint32_t> sorted_order(std::span<const double> v) {
  std::vector<std::uint32_t> order(v.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return v[a] < v[b] || (v[a] == v[b] && a < b); });
  return order;
}

/// Calls run(first, last) for stretches of equal values in ascending order.
template <class Values, class Run> void for_ties(const Values& v, std::span<const std::uint32_t> order, Run run) {
  for (std::size_t a = 0; a < order.size();) {
    std::size_t b = a + 1;
    while (b < order.size() && v[order[b]] == v[order[a]]) ++b;
    run(a, b);
    a = b;
  }
}

template <class Values> void rank_into(const Values& v, std::span<const std::uint32_t> order, std::vector<double>& rank) {
  for_ties(v, order, [&](std::size_t a, std::size_t b) {
    for (std::size_t k = a; k < b; ++k) rank[order[k]] = 0.5 * double(a + b + 1);
  });
}

/// The stretch [a, b) of sorted things, as parts of the tenths of n it overlaps.
template <class Part> void for_deciles(std::size_t a, std::size_t b, std::size_t n, Part part) {
  const double tenth = double(n) / 10;
  for (auto k = static_cast<std::size_t>(double(a) / tenth); k < 10 && double(k) * tenth < double(b); ++k) {
    const double overlap = std::min(double(b), double(k + 1) * tenth) - std::max(double(a), double(k) * tenth);
    if (overlap > 0) part(k, overlap / tenth);
  }
}

/// First place in ascending order that is among the largest tenth, equal values included.
std::size_t first_positive(std::span<const double> y, std::span<const std::uint32_t> order) {
  if (order.empty()) return 0;
  std::size_t at = order.size() - (order.size() + 9) / 10;
  while (at > 0 && y[order[at - 1]] == y[order[at]]) --at;
  return at;
}

double area(double rank_sum, double positives, double all) {
  const double negatives = all - positives;
  return positives > 0 && negatives > 0 ? (rank_sum - positives * (positives + 1) / 2) / (positives * negatives) : nan;
}

}  // namespace

Ranked::Ranked(std::span<const double> values) : order(sorted_order(values)), rank(values.size()) { rank_into(values, order, rank); }

RankedResponse::RankedResponse(std::vector<double> y) : Ranked(y), values(std::move(y)) {
  for (const double v : values) mean += v / double(values.size());
}

std::vector<double> ranks(std::span<const double> values) { return Ranked(values).rank; }

double spearman(std::span<const double> x, std::span<const double> y) {
  const std::vector<double> a = ranks(x), b = ranks(y);
  const double middle = 0.5 * double(a.size() + 1);
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    ab += (a[i] - middle) * (b[i] - middle), aa += (a[i] - middle) * (a[i] - middle), bb += (b[i] - middle) * (b[i] - middle);
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : nan;
}

double area_under_curve(std::span<const double> score, const std::vector<bool>& positive) {
  const auto rank = ranks(score);
  double sum = 0, n = 0;
  for (std::size_t i = 0; i < rank.size(); ++i)
    if (positive[i]) sum += rank[i], ++n;
  return area(sum, n, double(rank.size()));
}

RankedPair::RankedPair(std::span<const double> x, std::shared_ptr<const RankedResponse> y) : y_(std::move(y)) {
  Ranked ranked(x);
  const std::size_t n = x.size();
  const double middle = 0.5 * double(n + 1);
  double xx = 0, yy = 0;
  for (std::size_t i = 0; i < n; ++i) {
    xx += (ranked.rank[i] - middle) * (ranked.rank[i] - middle);
    yy += (y_->rank[i] - middle) * (y_->rank[i] - middle);
  }
  norm_ = std::sqrt(xx * yy);
  order_ = std::move(ranked.order);
  rank_.assign(ranked.rank.begin(), ranked.rank.end());
  top_.assign(n, 0);
  for_ties(rank_, order_, [&](std::size_t a, std::size_t b) {
    for_deciles(a, b, n, [&](std::size_t k, double part) {
      if (k != 9) return;
      // `part` is in tenths of n; shared by the equal values.
      for (std::size_t i = a; i < b; ++i) top_[order_[i]] = static_cast<float>(part / double(b - a) * double(n) / 10);
    });
  });
}

template <class Keep> RankStatistics RankedPair::evaluate(Keep keep) const {
  std::vector<std::uint32_t> by_x, by_y;
  by_x.reserve(size()), by_y.reserve(size());
  std::copy_if(order_.begin(), order_.end(), std::back_inserter(by_x), keep);
  std::copy_if(y_->order.begin(), y_->order.end(), std::back_inserter(by_y), keep);
  const std::vector<double>& y = y_->values;
  const std::size_t n = by_x.size();
  RankStatistics s{nan, nan, {}};
  s.decile.fill(nan);
  if (n < 10) return s;
  std::vector<double> rx(size()), ry(size());
  rank_into(rank_, by_x, rx);
  rank_into(y, by_y, ry);
  const double middle = 0.5 * double(n + 1);
  double xy = 0, xx = 0, yy = 0, sum_y = 0;
  for (const std::uint32_t i : by_x) {
    xy += (rx[i] - middle) * (ry[i] - middle);
    xx += (rx[i] - middle) * (rx[i] - middle);
    yy += (ry[i] - middle) * (ry[i] - middle);
    sum_y += y[i];
  }
  if (xx > 0 && yy > 0) s.spearman = xy / std::sqrt(xx * yy);
  const std::size_t first = first_positive(y, by_y);
  double rank_sum = 0;
  for (std::size_t k = first; k < n; ++k) rank_sum += rx[by_y[k]];
  s.auc = area(rank_sum, double(n - first), double(n));
  const double mean_y = sum_y / double(n);
  if (!(mean_y > 0)) return s;
  s.decile.fill(0);
  for_ties(rank_, by_x, [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t k = a; k < b; ++k) sum += y[by_x[k]];
    for_deciles(a, b, n, [&](std::size_t k, double part) { s.decile[k] += part * sum / double(b - a) / mean_y; });
  });
  return s;
}

RankStatistics RankedPair::statistics() const {
  return evaluate([](std::uint32_t) { return true; });
}

RankStatistics RankedPair::without(std::span<const int> block, int left_out) const {
  return evaluate([&](std::uint32_t i) { return block[i] != left_out; });
}

RankStatistics RankedPair::permuted(std::span<const std::uint32_t> permutation) const {
  RankStatistics s{nan, nan, {}};
  s.decile.fill(nan);
  const std::size_t n = size();
  if (n < 10) return s;
  const double middle = 0.5 * double(n + 1);
  double xy = 0, top = 0;
  for (std::size_t i = 0; i < n; ++i) {
    xy += (rank_[permutation[i]] - middle) * (y_->rank[i] - middle);
    top += top_[permutation[i]] * y_->values[i];
  }
  const std::size_t first = first_positive(y_->values, y_->order);
  double rank_sum = 0;
  for (std::size_t k = first; k < n; ++k) rank_sum += rank_[permutation[y_->order[k]]];
  if (norm_ > 0) s.spearman = xy / norm_;
  s.auc = area(rank_sum, double(n - first), double(n));
  if (y_->mean > 0) s.decile[9] = top / (0.1 * double(n)) / y_->mean;
  return s;
}

}  // namespace heteroglass::numeric
