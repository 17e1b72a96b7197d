#include "relaxation/beta_stages.hpp"

#include <algorithm>
#include <cmath>

namespace heteroglass::relaxation {
namespace {

struct Piece {
  double squares, mean, slope;
};

Piece piece(std::span<const double> t, std::span<const double> b, std::span<const double> e, std::size_t from, std::size_t to,
            bool sloped) {
  double w = 0, t1 = 0, t2 = 0, b1 = 0, tb = 0;
  for (std::size_t i = from; i < to; ++i) {
    const double k = 1 / (e[i] * e[i]);
    w += k, t1 += k * t[i], t2 += k * t[i] * t[i], b1 += k * b[i], tb += k * t[i] * b[i];
  }
  const double d = w * t2 - t1 * t1, slope = sloped && d > 0 ? (w * tb - t1 * b1) / d : 0, mean = b1 / w, centre = t1 / w;
  double squares = 0;
  for (std::size_t i = from; i < to; ++i) squares += std::pow((b[i] - mean - slope * (t[i] - centre)) / e[i], 2);
  return {squares, mean, slope};
}

}  // namespace

std::vector<BetaStage> beta_stages(std::span<const double> t, std::span<const double> b, std::span<const double> error) {
  const std::size_t n = t.size();
  if (n < 4) return {};
  std::vector<double> e(error.begin(), error.end());
  for (double& v : e) v = std::max(std::isfinite(v) ? v : 0, 0.02);  // scatter between samples is never less
  double best = INFINITY;
  std::vector<std::size_t> cuts;
  bool sloped = false;
  const auto attempt = [&](const std::vector<std::size_t>& c, bool slope) {
    double squares = 0;
    std::size_t from = 0;
    for (std::size_t k = 0; k <= c.size(); ++k) {
      const std::size_t to = k < c.size() ? c[k] : n;
      squares += piece(t, b, e, from, to, slope && k == c.size()).squares;
      from = to;
    }
    const double bic = squares + (2.0 * static_cast<double>(c.size()) + 1 + slope) * std::log(static_cast<double>(n));
    if (bic < best) best = bic, cuts = c, sloped = slope;
  };
  for (const bool slope : {false, true}) {
    attempt({}, slope);
    for (std::size_t i = 2; i + 2 <= n; ++i) {
      attempt({i}, slope);
      for (std::size_t k = i + 2; k + 2 <= n; ++k) attempt({i, k}, slope);
    }
  }
  std::vector<BetaStage> out;
  std::size_t from = 0;
  for (std::size_t k = 0; k <= cuts.size(); ++k) {
    const std::size_t to = k < cuts.size() ? cuts[k] : n;
    const Piece p = piece(t, b, e, from, to, sloped && k == cuts.size());
    out.push_back({t[from], t[to - 1], p.mean, p.slope, p.slope > 0 ? "rising" : p.slope < 0 ? "falling" : "constant"});
    from = to;
  }
  return out;
}

}  // namespace heteroglass::relaxation
