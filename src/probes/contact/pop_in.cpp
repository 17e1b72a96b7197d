#include "probes/contact/pop_in.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace heteroglass::probes {
namespace {

constexpr std::size_t block = 32;  // increments whose median is the local rate

double median_of(std::vector<double>& v) {
  const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  return *middle;
}

/// Increments over w points less their local median, by blocks and linear between their middles.
std::vector<double> excess(const std::vector<double>& y, std::size_t from, std::size_t to, std::size_t w) {
  std::vector<double> d;
  for (std::size_t i = from; i + w <= to; ++i) d.push_back(y[i + w] - y[i]);
  const std::size_t blocks = std::max<std::size_t>(1, d.size() / block);
  std::vector<double> middle(blocks), median(blocks);
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t begin = b * d.size() / blocks, end = (b + 1) * d.size() / blocks;
    std::vector<double> part(d.begin() + static_cast<std::ptrdiff_t>(begin), d.begin() + static_cast<std::ptrdiff_t>(end));
    median[b] = median_of(part), middle[b] = static_cast<double>(begin + end - 1) / 2;
  }
  std::size_t b = 0;
  for (std::size_t i = 0; i < d.size(); ++i) {
    const auto x = static_cast<double>(i);
    while (b + 2 < blocks && x > middle[b + 1]) ++b;
    // beyond the outer middles the line goes on, because rates change fastest just after contact
    d[i] -= blocks == 1 ? median[0] : median[b] + (median[b + 1] - median[b]) * (x - middle[b]) / (middle[b + 1] - middle[b]);
  }
  return d;
}

double robust_sd(const std::vector<double>& d) {
  std::vector<double> away;
  away.reserve(d.size());
  for (const double v : d) away.push_back(std::abs(v));
  return 1.4826 * median_of(away);
}

/// The first increment that stands out; `sign` +1 for jumps, -1 for drops.
std::optional<PopIn> first_step(const std::vector<double>& y, std::size_t from, std::size_t to, double sign, double threshold,
                                double smallest) {
  std::optional<PopIn> best;
  for (const std::size_t w : {std::size_t{1}, std::size_t{2}, std::size_t{4}, std::size_t{8}}) {
    if (to < from + 3 * block) break;
    const std::vector<double> d = excess(y, from, to, w);
    const double noise = std::max(robust_sd(d), 1e-12);
    // the first increments follow the steep begin of the contact: there the local median is not the rate
    for (std::size_t i = block / 2; i < d.size(); ++i) {
      const double size = sign * d[i];
      if (size < threshold * noise || size < smallest) continue;
      // smoothly changing rates also leave excess: a jump stands out of its neighbours too
      std::vector<double> near;
      for (std::size_t k = i > 12 + w ? i - 12 - w : 0; k < std::min(d.size(), i + 13 + w); ++k)
        if (k + w < i || k > i + w) near.push_back(std::abs(d[k]));
      if (near.size() < 8 || size < threshold * 1.4826 * median_of(near)) continue;
      std::size_t top = i;
      for (std::size_t k = i; k < std::min(d.size(), i + w + 1); ++k)
        if (sign * d[k] > sign * d[top]) top = k;
      if (!best || top + w / 2 < best->index) {
        best = PopIn{};
        best->index = from + top, best->size = sign * d[top], best->size_error = noise, best->significance = best->size / noise;
      } else if (top < best->index + 8 && sign * d[top] > 1.3 * best->size) {
        best->size = sign * d[top], best->size_error = noise, best->significance = std::max(best->significance, best->size / noise);
      }
      break;
    }
  }
  return best;
}

/// ln of the sum of exponentials.
double log_sum(const std::vector<double>& x) {
  const double top = *std::max_element(x.begin(), x.end());
  double sum = 0;
  for (const double v : x) sum += std::exp(v - top);
  return top + std::log(sum);
}

}  // namespace

std::optional<PopIn> first_pop_in(const ContactCurve& c, double threshold, double smallest) {
  const std::size_t end = c.first_fall.value_or(c.load_end);
  std::size_t from = c.contact;
  while (from < end && c.load[from] < std::max(0.02 * c.load_max(), 5 * c.load_noise)) ++from;
  auto found = first_step(c.depth, from, end, 1, threshold, smallest);
  // a drop of load is one only where it falls, not where it rises more slowly
  auto drop = first_step(c.load, from, end, -1, threshold, 0);
  if (drop && !(c.load[std::min(end, drop->index + 8)] < c.load[drop->index] || drop->size > 4 * c.load_noise + 0.01 * c.load[drop->index]))
    drop.reset();
  if (drop && (!found || drop->index + 8 < found->index)) found = drop, found->load_drop = true;
  if (found) found->load = c.load[found->index], found->depth = c.depth[found->index];
  return found;
}

double shear_stress_under_sphere(double load, double reduced_modulus, double radius) {
  const double p = load * 1e-3, e = reduced_modulus * 1e9, r = radius * 1e-6;
  return 0.31 * std::cbrt(6 * p * e * e / (std::pow(std::numbers::pi, 3) * r * r)) * 1e-9;
}

EventRate event_rate(const std::vector<LoadingHistory>& all) {
  EventRate r;
  double scale = 0;
  for (const LoadingHistory& h : all) {
    r.events += h.event;
    for (const double p : h.load) scale = std::max(scale, std::cbrt(std::max(0.0, p)));
  }
  if (r.events < 5 || scale == 0) return r;
  // ln L(alpha) = sum over events of alpha u - n ln sum over indents of Int P exp(alpha u) dt, u = P^(1/3)
  const auto likelihood = [&](double alpha) {
    double events = 0;
    std::vector<double> terms;
    for (const LoadingHistory& h : all) {
      for (std::size_t i = 1; i < h.load.size(); ++i) {
        const double p = (h.load[i] + h.load[i - 1]) / 2;
        if (p > 0) terms.push_back(alpha * std::cbrt(p) + std::log(p * (h.time[i] - h.time[i - 1])));
      }
      if (h.event && h.load.back() > 0) events += alpha * std::cbrt(h.load.back());
    }
    return events - static_cast<double>(r.events) * log_sum(terms);
  };
  // concave: golden section over a wide range, in units of 1/scale
  double low = -50 / scale, high = 2000 / scale;
  constexpr double golden = 0.6180339887498949;
  double a = high - golden * (high - low), b = low + golden * (high - low), fa = likelihood(a), fb = likelihood(b);
  for (int i = 0; i < 60 && high - low > 1e-7 * (std::abs(a) + 1 / scale); ++i) {
    if (fa > fb) {
      high = b, b = a, fb = fa, a = high - golden * (high - low), fa = likelihood(a);
    } else {
      low = a, a = b, fa = fb, b = low + golden * (high - low), fb = likelihood(b);
    }
  }
  r.alpha = (low + high) / 2;
  const double step = 0.02 * std::abs(r.alpha) + 0.1 / scale, middle = likelihood(r.alpha);
  const double curvature = -(likelihood(r.alpha + step) - 2 * middle + likelihood(r.alpha - step)) / (step * step);
  r.alpha_error = curvature > 0 ? 1 / std::sqrt(curvature) : NAN;
  r.converged = r.alpha < 1990 / scale && r.alpha > -49 / scale && curvature > 0;
  std::vector<double> terms;
  for (const LoadingHistory& h : all)
    for (std::size_t i = 1; i < h.load.size(); ++i)
      if (const double p = (h.load[i] + h.load[i - 1]) / 2; p > 0)
        terms.push_back(r.alpha * std::cbrt(p) + std::log(p * (h.time[i] - h.time[i - 1])));
  r.ln_front = std::log(static_cast<double>(r.events)) - log_sum(terms);
  return r;
}

Survival kaplan_meier(const std::vector<double>& value, const std::vector<bool>& event) {
  std::vector<std::size_t> order(value.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // events before censored ones of the same value
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return value[a] != value[b] ? value[a] < value[b] : event[a] > event[b]; });
  Survival s;
  double alive = 1, greenwood = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (!event[order[i]]) continue;
    const auto risk = static_cast<double>(order.size() - i);
    alive *= 1 - 1 / risk;
    greenwood += risk > 1 ? 1 / (risk * (risk - 1)) : 0;
    s.value.push_back(value[order[i]]), s.fraction.push_back(1 - alive), s.error.push_back(alive * std::sqrt(greenwood));
  }
  return s;
}

}  // namespace heteroglass::probes
