#include "landscape/spatial_correlation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "neighbor/cell_list.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::landscape {
namespace {

constexpr std::size_t octants = 8;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Deviations from the mean of the species.
std::vector<double> deviations(const Frame& frame, std::span<const double> q) {
  std::vector<double> sum(frame.species.size(), 0), count(frame.species.size(), 0), d(q.begin(), q.end());
  for (std::size_t i = 0; i < q.size(); ++i)
    if (std::isfinite(q[i])) sum[static_cast<std::size_t>(frame.type[i])] += q[i], count[static_cast<std::size_t>(frame.type[i])] += 1;
  for (std::size_t i = 0; i < q.size(); ++i) {
    const auto s = static_cast<std::size_t>(frame.type[i]);
    d[i] = std::isfinite(q[i]) ? q[i] - sum[s] / count[s] : 0;
  }
  return d;
}

std::size_t octant(const Frame& frame, std::size_t i) {
  const Vec3 s = frame.box.fractional(frame.position[i]);
  return (s.x >= 0.5) + 2 * (s.y >= 0.5) + 4 * (s.z >= 0.5);
}

struct Sums {
  std::array<std::vector<double>, octants> product, pairs;
  std::array<double, octants> square{}, atoms{};
};

/// C(r) without octant `left_out` (octants: all).
std::vector<double> curve(const Sums& s, std::size_t left_out) {
  double square = 0, atoms = 0;
  std::vector<double> c(s.product[0].size(), 0), n(c.size(), 0);
  for (std::size_t o = 0; o < octants; ++o) {
    if (o == left_out) continue;
    square += s.square[o], atoms += s.atoms[o];
    for (std::size_t k = 0; k < c.size(); ++k) c[k] += s.product[o][k], n[k] += s.pairs[o][k];
  }
  for (std::size_t k = 0; k < c.size(); ++k) c[k] = n[k] > 0 && square > 0 ? c[k] / n[k] / (square / atoms) : nan;
  return c;
}

double fitted_length(const std::vector<double>& r, const std::vector<double>& c, const std::vector<double>& error, double from) {
  std::vector<std::size_t> use;
  for (std::size_t k = 0; k < r.size(); ++k)
    if (r[k] >= from && std::isfinite(c[k]) && error[k] > 0) use.push_back(k);
  if (use.size() < 5) return nan;
  const double start = std::max(std::abs(c[use.front()]), 0.01);
  try {
    const auto fit =
        numeric::least_squares({{"amplitude", start, -5, 5, false}, {"length", from, 0.05 * from, 50 * from, false}}, use.size(),
                               [&](std::span<const double> p, std::span<double> residual, double*) {
                                 for (std::size_t m = 0; m < use.size(); ++m)
                                   residual[m] = (p[0] * std::exp(-(r[use[m]] - from) / p[1]) - c[use[m]]) / error[use[m]];
                               },
                               {.known_errors = true});
    return fit.converged && !fit.at_bound[1] && fit.value[0] > 2 * fit.error[0] ? fit.value[1] : nan;
  } catch (const NumericalError&) {
    return nan;
  }
}

}  // namespace

SpatialCorrelation spatial_correlation(const Frame& frame, std::span<const double> quantity, double r_max, double width, double from,
                                       Context& context) {
  const std::vector<double> d = deviations(frame, quantity);
  const auto bins = static_cast<std::size_t>(std::ceil(r_max / width));
  const neighbor::CellList cells(frame, r_max);
  const auto blocks = static_cast<std::ptrdiff_t>(cells.blocks());
  // One row of sums an atom would be too much; one a block of cells keeps the order of additions fixed.
  std::vector<Sums> parts(static_cast<std::size_t>(blocks));
#pragma omp parallel for schedule(dynamic)
  for (std::ptrdiff_t b = 0; b < blocks; ++b) {
    Sums& s = parts[static_cast<std::size_t>(b)];
    for (std::size_t o = 0; o < octants; ++o) s.product[o].assign(bins, 0), s.pairs[o].assign(bins, 0);
    cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, auto neighbors) {
      const std::size_t o = octant(frame, i);
      s.square[o] += d[i] * d[i], s.atoms[o] += 1;
      for (const auto& n : neighbors) {
        const auto k = static_cast<std::size_t>(norm(n.separation) / width);
        if (k < bins) s.product[o][k] += d[i] * d[static_cast<std::size_t>(n.index)], s.pairs[o][k] += 1;
      }
    });
  }
  context.check_cancelled();
  Sums all = parts.front();
  for (std::size_t b = 1; b < parts.size(); ++b)
    for (std::size_t o = 0; o < octants; ++o) {
      all.square[o] += parts[b].square[o], all.atoms[o] += parts[b].atoms[o];
      for (std::size_t k = 0; k < bins; ++k) all.product[o][k] += parts[b].product[o][k], all.pairs[o][k] += parts[b].pairs[o][k];
    }

  SpatialCorrelation out;
  for (std::size_t k = 0; k < bins; ++k) out.distance.push_back((static_cast<double>(k) + 0.5) * width);
  out.correlation = curve(all, octants);
  out.error.assign(bins, 0);
  std::vector<std::vector<double>> without;
  for (std::size_t o = 0; o < octants; ++o) without.push_back(curve(all, o));
  const auto jackknife = [&](const std::vector<double>& values) {
    double mean = 0, squares = 0;
    for (const double v : values) mean += v / static_cast<double>(values.size());
    for (const double v : values) squares += (v - mean) * (v - mean);
    const auto n = static_cast<double>(values.size());
    return std::sqrt((n - 1) / n * squares);
  };
  for (std::size_t k = 0; k < bins; ++k) {
    std::vector<double> values;
    for (const auto& c : without) values.push_back(c[k]);
    out.error[k] = jackknife(values);
  }
  out.length.value = fitted_length(out.distance, out.correlation, out.error, from);
  std::vector<double> lengths;
  for (const auto& c : without) lengths.push_back(fitted_length(out.distance, c, out.error, from));
  const bool found =
      std::isfinite(out.length.value) && std::all_of(lengths.begin(), lengths.end(), [](double x) { return std::isfinite(x); });
  if (found)
    out.length = {out.length.value, jackknife(lengths), "jackknife over the octants of the box"};
  else
    out.length = {nan, nan, "no exponential decay beyond the first shell that stands out of the noise"};
  return out;
}

}  // namespace heteroglass::landscape
