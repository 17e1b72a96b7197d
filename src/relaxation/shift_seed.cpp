#include "relaxation/shift_seed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/error.hpp"

namespace heteroglass::relaxation {
namespace {

/// y ascending, with x at each.
struct Inverse {
  std::vector<double> y, x;
  bool falling = false;

  double at(double value) const {
    const auto upper = std::upper_bound(y.begin(), y.end(), value);
    const auto i = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(upper - y.begin(), 1, std::ptrdiff_t(y.size()) - 1));
    return x[i - 1] + (x[i] - x[i - 1]) * (value - y[i - 1]) / (y[i] - y[i - 1]);
  }
};

/// The curve made monotonic by pooling neighbours that violate it. None when it mostly is not.
std::optional<Inverse> inverse(const std::vector<double>& x, const std::vector<double>& y) {
  double up = 0, down = 0;
  for (std::size_t i = 1; i < y.size(); ++i) (y[i] > y[i - 1] ? up : down) += std::abs(y[i] - y[i - 1]);
  if (std::max(up, down) < 0.9 * (up + down)) return std::nullopt;
  const bool falling = down > up;
  struct Pool {
    double x, y, weight;
  };
  std::vector<Pool> pools;
  for (std::size_t k = 0; k < y.size(); ++k) {
    const std::size_t i = falling ? y.size() - 1 - k : k;
    pools.push_back({x[i], y[i], 1});
    while (pools.size() > 1 && pools[pools.size() - 2].y >= pools.back().y) {
      const Pool last = pools.back();
      pools.pop_back();
      Pool& p = pools.back();
      const double w = p.weight + last.weight;
      p = {(p.weight * p.x + last.weight * last.x) / w, (p.weight * p.y + last.weight * last.y) / w, w};
    }
  }
  if (pools.size() < 2) return std::nullopt;
  Inverse out;
  out.falling = falling;
  for (const Pool& p : pools) out.y.push_back(p.y), out.x.push_back(p.x);
  return out;
}

struct Shift {
  double value = 0, window = 0;
};

/// Mean of x_A(y) - x_B(y) over the common ordinates.
std::optional<Shift> area_shift(const Inverse& a, const Inverse& b) {
  const double low = std::max(a.y.front(), b.y.front()), high = std::min(a.y.back(), b.y.back());
  if (!(high > low)) return std::nullopt;
  std::vector<double> nodes = {low, high};
  for (const Inverse* curve : {&a, &b})
    for (double y : curve->y)
      if (y > low && y < high) nodes.push_back(y);
  std::sort(nodes.begin(), nodes.end());
  double area = 0;
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    const double left = a.at(nodes[i - 1]) - b.at(nodes[i - 1]), right = a.at(nodes[i]) - b.at(nodes[i]);
    area += (left + right) / 2 * (nodes[i] - nodes[i - 1]);
  }
  return Shift{area / (high - low), high - low};
}

double interpolated(const std::vector<double>& x, const std::vector<double>& y, double at) {
  const auto upper = std::upper_bound(x.begin(), x.end(), at);
  const auto i = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(upper - x.begin(), 1, std::ptrdiff_t(x.size()) - 1));
  return x[i] > x[i - 1] ? y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]) : y[i];
}

/// The s for which b moved by s lies best on a; at least a quarter of the shorter curve must overlap.
std::optional<double> searched_shift(const Isotherm& a, const Isotherm& b) {
  const double width_a = a.x.back() - a.x.front(), width_b = b.x.back() - b.x.front(), least = std::min(width_a, width_b) / 4;
  const double step = std::min(width_a, width_b) / 100;
  if (!(step > 0)) return std::nullopt;
  double best = std::numeric_limits<double>::infinity();
  std::optional<double> found;
  const double from = a.x.front() - b.x.back() + least, to = a.x.back() - b.x.front() - least;
  for (int trial = 0; from + trial * step <= to; ++trial) {
    const double s = from + trial * step;
    double sum = 0;
    std::size_t n = 0;
    for (std::size_t i = 0; i < b.x.size(); ++i) {
      const double at = b.x[i] + s;
      if (at < a.x.front() || at > a.x.back()) continue;
      for (std::size_t c = 0; c < a.y.size(); ++c) sum += std::pow(interpolated(a.x, a.y[c], at) - b.y[c][i], 2), ++n;
    }
    if (n >= 3 * a.y.size() && sum / static_cast<double>(n) < best) best = sum / static_cast<double>(n), found = s;
  }
  return found;
}

bool share_ordinates(const Isotherm& a, const Isotherm& b) {
  for (std::size_t c = 0; c < a.y.size(); ++c) {
    const auto [al, ah] = std::minmax_element(a.y[c].begin(), a.y[c].end());
    const auto [bl, bh] = std::minmax_element(b.y[c].begin(), b.y[c].end());
    if (std::max(*al, *bl) < std::min(*ah, *bh)) return true;
  }
  return false;
}

/// How far b must move along x to lie on a. A loss modulus has the same value on both sides of its peak, so it is asked only where the other
/// ordinate, which is monotonic by nature, hardly changes.
double neighbour_shift(const Isotherm& a, const Isotherm& b, const std::vector<std::string>& channels) {
  constexpr double enough = 0.02;  // of ln y
  std::optional<Shift> best;
  for (std::size_t c = 0; c < a.y.size(); ++c) {
    const auto ia = inverse(a.x, a.y[c]), ib = inverse(b.x, b.y[c]);
    if (!ia || !ib || ia->falling != ib->falling) continue;
    const auto s = area_shift(*ia, *ib);
    if (s && (!best || s->window > best->window)) best = s;
    if (best && best->window > enough) break;
  }
  if (best) return best->value;
  if (share_ordinates(a, b))
    if (const auto s = searched_shift(a, b)) return *s;
  throw InputError(fmt::format("isotherms at {:.2f} K and {:.2f} K: neighbours must have values of {} in common to be shifted, got none",
                               a.temperature, b.temperature, fmt::join(channels, " or ")));
}

/// y at x minus the polynomial through the other points, over the norm of its weights.
double pseudo_residual(const Isotherm& i, std::size_t c, std::size_t at, std::size_t from, std::size_t to) {
  double value = i.y[c][at], norm = 1;
  for (std::size_t j = from; j <= to; ++j) {
    if (j == at) continue;
    double w = 1;
    for (std::size_t k = from; k <= to; ++k)
      if (k != at && k != j) w *= (i.x[at] - i.x[k]) / (i.x[j] - i.x[k]);
    value -= w * i.y[c][j], norm += w * w;
  }
  return value / std::sqrt(norm);
}

}  // namespace

std::vector<double> closed_form_shifts(const Isotherms& data) {
  std::vector<double> ln_a(data.list.size(), 0);
  for (std::size_t k = 1; k < data.list.size(); ++k)
    ln_a[k] = ln_a[k - 1] + data.direction() * neighbour_shift(data.list[k - 1], data.list[k], data.channels);
  return ln_a;
}

std::vector<double> ordinate_noise(const Isotherms& data) {
  std::vector<double> noise;
  for (std::size_t c = 0; c < data.channels.size(); ++c) {
    std::vector<double> r;
    for (const Isotherm& i : data.list) {
      const std::size_t reach = i.x.size() >= 5 ? 2 : 1;
      for (std::size_t at = reach; at + reach < i.x.size(); ++at) {
        const double e = std::abs(pseudo_residual(i, c, at, at - reach, at + reach));
        if (std::isfinite(e)) r.push_back(e);
      }
    }
    if (r.empty()) {
      noise.push_back(0);
      continue;
    }
    const auto middle = r.begin() + static_cast<std::ptrdiff_t>(r.size() / 2);
    std::nth_element(r.begin(), middle, r.end());
    noise.push_back(1.4826 * *middle);  // a median does not see outliers or a single sharp bend
  }
  return noise;
}

}  // namespace heteroglass::relaxation
