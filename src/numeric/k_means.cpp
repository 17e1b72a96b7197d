#include "numeric/k_means.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "core/error.hpp"

namespace heteroglass::numeric {
namespace {

using Random = std::mt19937_64;

double uniform(Random& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

double squared_distance(const double* a, const double* b, std::size_t d) {
  double sum = 0;
  for (std::size_t c = 0; c < d; ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

const double* row(const Matrix& m, std::size_t i) { return m.values.data() + i * m.columns; }
double* row(Matrix& m, std::size_t i) { return m.values.data() + i * m.columns; }
double weight_of(std::span<const double> weight, std::size_t i) { return weight.empty() ? 1 : weight[i]; }

/// An index with a probability that goes with p; the last one where rounding leaves nothing.
std::size_t drawn(const std::vector<double>& p, double total, Random& random) {
  double left = uniform(random) * total;
  std::size_t last = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] <= 0) continue;
    last = i;
    left -= p[i];
    if (left < 0) break;
  }
  return last;
}

/// k-means++; fewer rows than k when there are fewer different points.
Matrix seeds(const Matrix& x, std::span<const double> weight, std::size_t k, Random& random) {
  const std::size_t n = x.rows, d = x.columns;
  Matrix mean(k, d);
  std::vector<double> p(n), nearest(n, std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < n; ++i) p[i] = weight_of(weight, i);
  for (std::size_t g = 0; g < k; ++g) {
    const double total = std::accumulate(p.begin(), p.end(), 0.0);
    if (!(total > 0)) throw InputError(fmt::format("k-means: there must be at least {} different points, got {}", k, g));
    const std::size_t chosen = drawn(p, total, random);
    std::copy_n(row(x, chosen), d, row(mean, g));
    for (std::size_t i = 0; i < n; ++i) {
      nearest[i] = std::min(nearest[i], squared_distance(row(x, i), row(mean, g), d));
      p[i] = weight_of(weight, i) * nearest[i];
    }
  }
  return mean;
}

/// Gives each point to the nearest mean; false when nothing changed.
bool assign(const Matrix& x, std::span<const double> weight, KMeans& m) {
  bool changed = false;
  m.within = 0;
  for (std::size_t i = 0; i < x.rows; ++i) {
    int best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t g = 0; g < m.mean.rows; ++g)
      if (const double s = squared_distance(row(x, i), row(m.mean, g), x.columns); s < least) least = s, best = static_cast<int>(g);
    changed = changed || best != m.label[i];
    m.label[i] = best;
    m.within += weight_of(weight, i) * least;
  }
  return changed;
}

void move_means(const Matrix& x, std::span<const double> weight, KMeans& m) {
  Matrix sum(m.mean.rows, x.columns);
  m.count.assign(m.mean.rows, 0);
  for (std::size_t i = 0; i < x.rows; ++i) {
    const auto g = static_cast<std::size_t>(m.label[i]);
    const double w = weight_of(weight, i);
    m.count[g] += w;
    for (std::size_t c = 0; c < x.columns; ++c) sum(g, c) += w * x(i, c);
  }
  for (std::size_t g = 0; g < m.mean.rows; ++g)  // an empty group stays where it was
    for (std::size_t c = 0; c < x.columns && m.count[g] > 0; ++c) m.mean(g, c) = sum(g, c) / m.count[g];
}

void sort_groups(KMeans& m) {
  const std::size_t k = m.mean.rows;
  std::vector<std::size_t> order(k), place(k);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return m.mean(a, 0) < m.mean(b, 0); });
  KMeans sorted = m;
  for (std::size_t g = 0; g < k; ++g) {
    place[order[g]] = g;
    std::copy_n(row(m.mean, order[g]), m.mean.columns, row(sorted.mean, g));
    sorted.count[g] = m.count[order[g]];
  }
  for (int& l : sorted.label) l = static_cast<int>(place[static_cast<std::size_t>(l)]);
  m = std::move(sorted);
}

/// At most `most` rows, drawn without repetition, in their order.
std::vector<std::size_t> some_rows(std::size_t n, std::size_t most, std::uint64_t seed) {
  std::vector<std::size_t> index(n);
  std::iota(index.begin(), index.end(), std::size_t{0});
  if (n <= most) return index;
  Random random(seed);
  for (std::size_t i = 0; i < most; ++i)
    std::swap(index[i], index[i + static_cast<std::size_t>(uniform(random) * static_cast<double>(n - i))]);
  index.resize(most);
  std::sort(index.begin(), index.end());
  return index;
}

}  // namespace

Matrix points_of(std::span<const double> values) {
  Matrix x(values.size(), 1);
  std::copy(values.begin(), values.end(), x.values.begin());
  return x;
}

KMeans k_means(const Matrix& x, std::span<const double> weight, std::size_t k, const KMeansSettings& settings) {
  if (k == 0 || x.rows < k)
    throw InputError(fmt::format("k-means: there must be at least one point for each group, got {} for {}", x.rows, k));
  KMeans best;
  best.within = std::numeric_limits<double>::infinity();
  Random random(settings.seed);
  for (int r = 0; r < std::max(1, settings.restarts); ++r) {
    KMeans m;
    m.mean = seeds(x, weight, k, random);
    m.label.assign(x.rows, -1);
    for (int step = 0; assign(x, weight, m) && step < settings.max_iterations; ++step) move_means(x, weight, m);
    if (m.within < best.within) best = std::move(m);
  }
  sort_groups(best);
  return best;
}

double silhouette(const Matrix& x, std::span<const int> label, std::size_t k, std::size_t most, std::uint64_t seed) {
  if (k < 2) return NAN;
  const std::vector<std::size_t> some = some_rows(x.rows, most, seed);
  std::vector<double> count(k, 0);
  for (const std::size_t i : some) ++count[static_cast<std::size_t>(label[i])];
  double total = 0;
  for (const std::size_t i : some) {
    std::vector<double> sum(k, 0);
    for (const std::size_t j : some)
      sum[static_cast<std::size_t>(label[j])] += std::sqrt(squared_distance(row(x, i), row(x, j), x.columns));
    const auto own = static_cast<std::size_t>(label[i]);
    if (count[own] < 2) continue;  // a point alone counts as 0
    const double a = sum[own] / (count[own] - 1);
    double b = std::numeric_limits<double>::infinity();
    for (std::size_t g = 0; g < k; ++g)
      if (g != own && count[g] > 0) b = std::min(b, sum[g] / count[g]);
    if (std::isfinite(b) && std::max(a, b) > 0) total += (b - a) / std::max(a, b);
  }
  return total / static_cast<double>(some.size());
}

GapStatistic gap_statistic(const Matrix& x, std::size_t k_max, int references, std::size_t most, const KMeansSettings& settings) {
  const std::vector<std::size_t> some = some_rows(x.rows, most, settings.seed);
  const std::size_t n = some.size(), d = x.columns;
  Matrix part(n, d), reference(n, d);
  std::vector<double> low(d, std::numeric_limits<double>::infinity()), high(d, -std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t c = 0; c < d; ++c) {
      part(i, c) = x(some[i], c);
      low[c] = std::min(low[c], part(i, c)), high[c] = std::max(high[c], part(i, c));
    }
  Random random(settings.seed + 1);
  Matrix log_within(k_max, static_cast<std::size_t>(references));
  for (std::size_t b = 0; b < log_within.columns; ++b) {
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t c = 0; c < d; ++c) reference(i, c) = low[c] + uniform(random) * (high[c] - low[c]);
    for (std::size_t k = 1; k <= k_max; ++k)
      log_within(k - 1, b) = std::log(k_means(reference, {}, k, {2, settings.max_iterations, settings.seed}).within);
  }
  GapStatistic g;
  for (std::size_t k = 1; k <= k_max; ++k) {
    double mean = 0, square = 0;
    for (std::size_t b = 0; b < log_within.columns; ++b) mean += log_within(k - 1, b) / references;
    for (std::size_t b = 0; b < log_within.columns; ++b) square += std::pow(log_within(k - 1, b) - mean, 2) / references;
    g.gap.push_back(mean - std::log(k_means(part, {}, k, settings).within));
    g.error.push_back(std::sqrt(square * (1 + 1.0 / references)));
  }
  const auto top = static_cast<std::size_t>(std::max_element(g.gap.begin(), g.gap.end()) - g.gap.begin());
  g.chosen = 1;
  while (g.gap[g.chosen - 1] < g.gap[top] - g.error[top]) ++g.chosen;
  return g;
}

}  // namespace heteroglass::numeric
