#include "probes/contact/contact_curve.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "numeric/straight_line.hpp"

namespace heteroglass::probes {
namespace {

constexpr std::size_t least_points = 20;
constexpr double mad_to_sd = 1.4826;

double median(std::vector<double> v) {
  if (v.empty()) return 0;
  const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  return *middle;
}

void check(const Curve& curve) {
  const std::size_t n = curve.size();
  if (n < least_points) throw InputError(fmt::format("{}: a curve must have at least {} points, got {}", curve.source, least_points, n));
  const CurveColumn* time = curve.find("time");
  if (!time) return;
  for (std::size_t i = 1; i < n; ++i)
    if (!(time->values[i] > time->values[i - 1]))
      throw InputError(
          fmt::format("{}: times must ascend, got {} s after {} s in row {}", curve.source, time->values[i], time->values[i - 1], i + 1));
}

/// Number of points up to index `end` whose load lies in (low, high].
std::size_t count_between(const std::vector<double>& p, std::size_t end, double low, double high) {
  return static_cast<std::size_t>(
      std::count_if(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(end), [&](double v) { return v > low && v <= high; }));
}

/// Loads of an approach stay near zero far longer than those of a contact would; without, the first point is in contact.
void find_baseline(ContactCurve& c, double top) {
  const double low = c.load.front();
  std::size_t last = 0;  // the last point of little load before the largest one
  for (std::size_t i = 0; i < c.load_end; ++i)
    if (c.load[i] <= std::min(low, 0.0) + 0.01 * top + 4 * c.load_noise) last = i;
  const std::size_t next = count_between(c.load, c.load_end, 0.01 * top + 4 * c.load_noise, 0.02 * top + 8 * c.load_noise);
  c.contact = 0;
  if (last < 20 + 3 * next) return;
  const std::size_t end = last - next - next / 2, begin = end / 2;
  const std::vector<double> part(c.load.begin() + static_cast<std::ptrdiff_t>(begin), c.load.begin() + static_cast<std::ptrdiff_t>(end));
  c.has_baseline = true;
  c.baseline = median(part);
  std::vector<double> away;
  for (const double v : part) away.push_back(std::abs(v - c.baseline));
  c.baseline_error = 1.2533 * mad_to_sd * median(away) / std::sqrt(static_cast<double>(part.size()));
  for (double& p : c.load) p -= c.baseline;
  // contact: where the line through the first loads that certainly stand out comes from the baseline
  std::size_t out = end;
  while (out < c.load_end && c.load[out] <= std::max(0.01 * top, 6 * c.load_noise)) ++out;
  const std::size_t count = std::min(c.load_end - out, std::clamp<std::size_t>(next, 10, 200));
  double x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto k = static_cast<double>(i);
    x += k, y += c.load[out + i], xx += k * k, xy += k * c.load[out + i];
  }
  const auto m = static_cast<double>(count);
  const double slope = (m * xy - x * y) / (m * xx - x * x), back = slope > 0 ? (y - slope * x) / m / slope : 0;
  c.contact = out - std::min(out - begin, static_cast<std::size_t>(std::clamp(std::ceil(back), 0.0, 4.0 * static_cast<double>(next) + 20)));
}

void find_loading(ContactCurve& c) {
  const double top = *std::max_element(c.load.begin(), c.load.end());
  const double near = std::max(4 * c.load_noise, 0.005 * top);
  c.load_end = 0;
  while (c.load[c.load_end] < top - near) ++c.load_end;
  // without a hold the largest value itself is the end
  const auto at = static_cast<std::size_t>(std::max_element(c.load.begin(), c.load.end()) - c.load.begin());
  if (at - c.load_end < 5) c.load_end = at;
}

/// A fall of the load by a tenth of what was reached, above 5 % of the largest.
void find_fall(ContactCurve& c) {
  double reached = 0;
  std::size_t where = 0;
  for (std::size_t i = c.contact; i < c.load_end; ++i) {
    if (c.load[i] > reached) reached = c.load[i], where = i;
    if (reached > 0.05 * c.load_max() && c.load[i] < 0.9 * reached - 5 * c.load_noise) {
      c.first_fall = where;
      return;
    }
  }
}

void find_hold(ContactCurve& c) {
  const std::size_t n = c.load.size();
  std::size_t last = c.load_end;
  for (std::size_t i = c.load_end; i < n && c.load[i] >= 0.98 * c.load_max() - 4 * c.load_noise; ++i) last = i;
  const double held =
      median({c.load.begin() + static_cast<std::ptrdiff_t>(c.load_end), c.load.begin() + static_cast<std::ptrdiff_t>(last) + 1});
  c.hold_end = c.load_end;
  for (std::size_t i = c.load_end; i <= last; ++i)
    if (c.load[i] >= held - std::max(4 * c.load_noise, 0.003 * held)) c.hold_end = i;
  // held depth: the load relaxes
  const double depth = c.depth[c.hold_end] - c.depth[c.contact];
  std::size_t still = c.hold_end;
  while (still + 1 < n && c.depth[still + 1] - c.depth[c.contact] > 0.997 * depth - 4 * c.depth_noise) ++still;
  if (still > c.hold_end && c.load[still] < 0.85 * c.load_max()) c.hold_end = still;
  const double loading = static_cast<double>(c.load_end - c.contact), holding = static_cast<double>(c.hold_end - c.load_end);
  const auto duration = [&](std::size_t a, std::size_t b, double points) { return c.time.empty() ? points : c.time[b] - c.time[a]; };
  c.has_hold = c.hold_end >= c.load_end + 10 && duration(c.load_end, c.hold_end, holding) > 0.05 * duration(c.contact, c.load_end, loading);
  if (!c.has_hold) c.hold_end = c.load_end;
}

/// From the hold down to the last point before the load rises again by a tenth, or is gone.
void find_unloading(ContactCurve& c) {
  double least = c.load[c.hold_end];
  c.unload_end = c.hold_end;
  for (std::size_t i = c.hold_end + 1; i < c.load.size(); ++i) {
    if (c.load[i] < least) least = c.load[i], c.unload_end = i;
    if (c.load[i] > least + 0.1 * c.load_max() + 5 * c.load_noise || least < 0.005 * c.load_max()) break;
  }
  c.has_unloading = least < 0.7 * c.load_max() && c.unload_end >= c.hold_end + 8;
}

/// Slope of depth against time where only drift moves the tip.
void measure_drift(ContactCurve& c, const Curve& curve, const Corrections& o) {
  if (!o.drift_from && !o.drift_to) {
    c.drift = o.drift;
    return;
  }
  if (c.time.empty()) throw InputError(fmt::format("{}: --drift-from needs a column of time, got none", curve.source));
  std::vector<double> t, h;
  for (std::size_t i = 0; i < c.time.size(); ++i)
    if (c.time[i] >= o.drift_from.value_or(c.time.front()) && c.time[i] <= o.drift_to.value_or(c.time.back()))
      t.push_back(c.time[i]), h.push_back(c.depth[i]);
  if (t.size() < 10)
    throw InputError(fmt::format("{}: --drift-from to --drift-to must hold at least 10 points, got {}; times are {:.6g} to {:.6g} s",
                                 curve.source, t.size(), c.time.front(), c.time.back()));
  const Measured slope = numeric::straight_line(t, h, {}, true).slope_measured();
  c.drift = slope.value, c.drift_error = slope.error;
}

}  // namespace

double white_noise(std::span<const double> v) {
  std::vector<double> second;
  // a few hundred differences are enough, taken everywhere along the curve
  const std::size_t stride = std::max<std::size_t>(1, v.size() / 1000);
  for (std::size_t i = 1; i + 1 < v.size(); i += stride) second.push_back(std::abs(v[i - 1] - 2 * v[i] + v[i + 1]));
  return mad_to_sd * median(std::move(second)) / std::sqrt(6.0);
}

ContactCurve contact_curve(const Curve& curve, const Corrections& corrections) {
  check(curve);
  ContactCurve c;
  if (const CurveColumn* time = curve.find("time")) c.time = time->values;
  c.load = curve.at("load").values, c.depth = curve.at("depth").values;
  c.load_noise = white_noise(c.load), c.depth_noise = white_noise(c.depth);
  find_loading(c);
  const double top = c.load_max();
  if (!(top > 0)) throw InputError(fmt::format("{}: the load must rise above zero, got at most {} mN: no contact", curve.source, top));
  find_baseline(c, top);
  if (c.load_end < c.contact + 10)
    throw InputError(
        fmt::format("{}: at least 10 points must lie between contact and the largest load, got {}", curve.source, c.load_end - c.contact));
  if (!(c.load_max() > 10 * c.load_noise))
    throw InputError(fmt::format("{}: the load must rise above its noise of {:.3g} mN, got at most {:.3g} mN: no contact", curve.source,
                                 c.load_noise, c.load_max()));
  measure_drift(c, curve, corrections);
  const double start = c.time.empty() ? 0 : c.time[c.contact];
  for (std::size_t i = 0; i < c.depth.size(); ++i) {
    if (!c.time.empty()) c.depth[i] -= c.drift * (c.time[i] - start);
    c.depth[i] -= corrections.frame_compliance * c.load[i];
  }
  if (!(c.depth[c.load_end] > c.depth[c.contact] + 5 * c.depth_noise))
    throw InputError(
        fmt::format("{}: the depth must grow with the load, got {:.4g} nm at contact and {:.4g} nm at the largest load: no contact, or "
                    "the other sign",
                    curve.source, c.depth[c.contact], c.depth[c.load_end]));
  find_fall(c), find_hold(c), find_unloading(c);
  return c;
}

}  // namespace heteroglass::probes
