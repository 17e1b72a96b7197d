#include "calorimetry/scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "numeric/straight_line.hpp"

namespace heteroglass::calorimetry {
namespace {

constexpr std::size_t most_points = 6000;

struct Rows {
  std::vector<double> temperature, y, time;
};

Rows rows_of(const Curve& c, bool capacity) {
  const CurveColumn &t = c.at("temperature"), &y = c.at(capacity ? "heat_capacity" : "heat_flow");
  const CurveColumn* time = c.find("time");
  Rows r;
  for (std::size_t i = 0; i < t.values.size(); ++i) {
    if (!std::isfinite(t.values[i]) || !std::isfinite(y.values[i]) || (time && !std::isfinite(time->values[i]))) continue;
    r.temperature.push_back(t.values[i]), r.y.push_back(y.values[i]);
    if (time) r.time.push_back(time->values[i]);
  }
  return r;
}

struct Part {
  std::size_t from = 0, to = 0;  ///< to: one past
  double span = 0;               ///< K, negative on cooling
};

/// Stretches between turning points; a turn counts when temperature goes back by more than `back`.
std::vector<Part> parts_of(const std::vector<double>& t, double back) {
  std::vector<Part> parts;
  std::size_t begin = 0, extreme = 0;
  int direction = 0;
  for (std::size_t i = 1; i < t.size(); ++i) {
    const double from_extreme = t[i] - t[extreme];
    if (direction == 0) {
      if (std::abs(from_extreme) > back) direction = from_extreme > 0 ? 1 : -1, extreme = i;
    } else if (direction * from_extreme >= 0) {
      extreme = i;
    } else if (std::abs(from_extreme) > back) {
      parts.push_back({begin, extreme + 1, t[extreme] - t[begin]});
      begin = extreme, extreme = i, direction = -direction;
    }
  }
  parts.push_back({begin, t.size(), t[extreme] - t[begin]});
  return parts;
}

/// From the first extreme to the last, without what goes the other way at the ends.
Part trimmed(const std::vector<double>& t, const Part& p) {
  const double sign = p.span > 0 ? 1 : -1;
  const auto before = [sign](double a, double b) { return sign * a < sign * b; };
  const auto begin = t.begin() + static_cast<std::ptrdiff_t>(p.from), end = t.begin() + static_cast<std::ptrdiff_t>(p.to);
  const auto first = std::min_element(begin, end, before), last = std::max_element(first, end, before);
  return {static_cast<std::size_t>(first - t.begin()), static_cast<std::size_t>(last - t.begin()) + 1, *last - *first};
}

Part chosen(const Curve& c, const std::vector<double>& t, const std::string& direction, Context& context) {
  const auto [low, high] = std::minmax_element(t.begin(), t.end());
  const std::vector<Part> parts = parts_of(t, std::max(0.06 * (*high - *low), std::min(5.0, 0.25 * (*high - *low))));
  Part best;
  for (const Part& p : parts) {
    if ((direction == "heating" && p.span < 0) || (direction == "cooling" && p.span > 0)) continue;
    if (std::abs(p.span) > std::abs(best.span)) best = p;
  }
  if (!(std::abs(best.span) > 0))
    throw InputError(fmt::format("{}: must hold a scan in the direction '{}', got none", c.source, direction));
  best = trimmed(t, best);
  if (parts.size() > 1 && std::abs(best.span) < 0.99 * (*high - *low) + 1)
    context.warn(fmt::format("{}: the temperature turns around {} times; the {} part from {:.5g} K to {:.5g} K is used", c.source,
                             parts.size() - 1, best.span > 0 ? "heating" : "cooling", t[best.from], t[best.to - 1]));
  else if (parts.size() > 1)
    context.warn(fmt::format("{}: the temperature turns around; the {} part is used", c.source, best.span > 0 ? "heating" : "cooling"));
  return best;
}

/// K/s, signed; NaN when nothing tells.
double rate_of(const Curve& c, const Rows& rows, const Part& p, std::optional<double> given, Context& context) {
  const double sign = p.span > 0 ? 1 : -1;
  std::optional<double> stated = given ? given : c.property("rate", "K/min");
  if (stated) stated = sign * std::abs(*stated) / 60;
  if (rows.time.empty()) return stated.value_or(NAN);
  const std::span<const double> time(rows.time.data() + p.from, p.to - p.from), t(rows.temperature.data() + p.from, p.to - p.from);
  const double measured = numeric::straight_line(time, t).slope;
  if (!(measured * sign > 0))
    throw InputError(fmt::format("{}: time must rise along the scan, got a rate of {:.3g} K/s", c.source, measured));
  if (stated && std::abs(*stated / measured - 1) > 0.1)
    throw InputError(
        fmt::format("{}: the rate must agree with the time column, {:.4g} K/min, got {:.4g} K/min", c.source, measured * 60, *stated * 60));
  static_cast<void>(context);
  return measured;
}

/// Means over cells of even width; linear interpolation across empty ones.
void resample(const std::vector<double>& t, const std::vector<double>& y, Scan& out) {
  const double range = t.back() - t.front();
  const std::size_t cells = std::clamp<std::size_t>(t.size(), 20, most_points);
  out.step = range / static_cast<double>(cells - 1);
  std::vector<double> sum(cells, 0), weight(cells, 0);
  for (std::size_t i = 0; i < t.size(); ++i) {  // each point shared by the two nearest cells: keeps the first moment
    const double place = (t[i] - t.front()) / out.step;
    const auto k = std::min(cells - 2, static_cast<std::size_t>(place));
    const double f = place - static_cast<double>(k);
    sum[k] += (1 - f) * y[i], weight[k] += 1 - f, sum[k + 1] += f * y[i], weight[k + 1] += f;
  }
  const bool dense = t.size() > most_points * 3 / 2;
  std::size_t j = 0;
  for (std::size_t k = 0; k < cells; ++k) {
    const double at = t.front() + static_cast<double>(k) * out.step;
    out.temperature.push_back(at);
    while (j + 2 < t.size() && t[j + 1] < at) ++j;
    const double f = std::clamp((at - t[j]) / (t[j + 1] - t[j]), 0.0, 1.0);
    out.y.push_back(dense && weight[k] > 0.5 ? sum[k] / weight[k] : y[j] + f * (y[j + 1] - y[j]));
  }
}

}  // namespace

std::size_t Scan::index(double t) const {
  const auto place = std::lower_bound(temperature.begin(), temperature.end(), t) - temperature.begin();
  return std::min(static_cast<std::size_t>(place), temperature.size() - 1);
}

void require_inside(const Scan& s, const std::optional<double>& t, const char* option) {
  if (t && (*t < s.temperature.front() - s.step || *t > s.temperature.back() + s.step))
    throw InputError(fmt::format("{}: {} must lie inside the scan, {:.5g} K to {:.5g} K, got {:.5g} K", s.source, option,
                                 s.temperature.front(), s.temperature.back(), *t));
}

ColumnRoles scan_columns() {
  return {
      {"temperature", "K", "sample temperature", true, {"t", "temp", "sampletemperature", "ts", "furnacetemperature"}},
      {"heat_flow",
       "W/g",
       "heat flow per mass, endotherm positive",
       false,
       {"heatflow", "hf", "dsc", "heatflow(normalized)", "phi", "heatflownormalized"}},
      {"heat_capacity",
       "J/(g K)",
       "specific heat capacity, instead of heat_flow",
       false,
       {"cp", "heatcapacity", "specificheat", "specificheatcapacity"}},
      {"time", "s", "time, for the rate", false, {"t(s)", "elapsedtime"}},
  };
}

Scan scan(const Curve& c, std::optional<double> rate, const std::string& direction, Context& context) {
  const bool capacity = c.find("heat_capacity") && !c.find("heat_flow");
  if (!capacity && !c.find("heat_flow"))
    throw InputError(fmt::format("{}: must have a column heat_flow or heat_capacity, got neither", c.source));
  const Rows rows = rows_of(c, capacity);
  if (rows.temperature.size() < 20)
    throw InputError(fmt::format("{}: must have at least 20 points, got {}", c.source, rows.temperature.size()));
  const Part p = chosen(c, rows.temperature, direction, context);
  Scan out;
  out.source = c.source;
  out.rate = rate_of(c, rows, p, rate, context);
  out.calibrated = capacity || std::isfinite(out.rate);
  const double scale = capacity ? 1 : std::isfinite(out.rate) ? 1 / out.rate : p.span > 0 ? 1 : -1;
  out.cooling = p.span < 0;
  for (std::size_t i = p.from; out.calibrated && i < p.to; ++i) {
    const double y = rows.y[i], rate_in_force = std::isfinite(out.rate) ? out.rate : 1;
    out.recorded.push_back(rows.temperature[i]);
    out.clock.push_back(rows.time.empty() ? rows.temperature[i] / rate_in_force : rows.time[i]);
    out.flow.push_back(capacity ? y * rate_in_force : y);
  }
  std::vector<double> t, y;
  for (std::size_t k = 0; k < p.to - p.from; ++k) {
    const std::size_t i = p.span > 0 ? p.from + k : p.to - 1 - k;
    if (!t.empty() && !(rows.temperature[i] > t.back())) continue;
    t.push_back(rows.temperature[i]), y.push_back(rows.y[i] * scale);
  }
  if (t.size() < 20) throw InputError(fmt::format("{}: must have at least 20 rising temperatures, got {}", c.source, t.size()));
  resample(t, y, out);
  return out;
}

Smooth smooth(const std::vector<double>& y, double step, std::size_t half) {
  const std::size_t n = y.size();
  std::vector<double> sum(n + 1, 0), moment(n + 1, 0);  // of y and of (index - middle) y: the middle keeps the sums small
  const double middle = static_cast<double>(n) / 2;
  for (std::size_t i = 0; i < n; ++i) sum[i + 1] = sum[i] + y[i], moment[i + 1] = moment[i] + (static_cast<double>(i) - middle) * y[i];
  Smooth s;
  std::vector<double> off;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t from = i > half ? i - half : 0, to = std::min(n, i + half + 1);
    const double m = static_cast<double>(to - from), centre = (static_cast<double>(from) + static_cast<double>(to - 1)) / 2;
    const double mean = (sum[to] - sum[from]) / m, squares = m * (m * m - 1) / 12;
    const double slope = squares > 0 ? (moment[to] - moment[from] - (centre - middle) * (sum[to] - sum[from])) / squares : 0;
    s.value.push_back(mean + slope * (static_cast<double>(i) - centre)), s.slope.push_back(slope / step);
    off.push_back(std::abs(y[i] - s.value.back()));
  }
  std::nth_element(off.begin(), off.begin() + static_cast<std::ptrdiff_t>(n / 2), off.end());
  s.noise = 1.4826 * off[n / 2];
  s.slope_noise = s.noise / (step * std::sqrt(std::pow(2 * static_cast<double>(half) + 1, 3) / 12));
  return s;
}

}  // namespace heteroglass::calorimetry
