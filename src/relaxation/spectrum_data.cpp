#include "relaxation/spectrum_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "relaxation/spectrum.hpp"

namespace heteroglass::relaxation {
namespace {

/// Rows sorted by x, with finite values; x positive.
Measurement measurement(const std::string& channel, const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (x[i] > 0 && std::isfinite(x[i]) && std::isfinite(y[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  Measurement m;
  m.channel = channel;
  for (std::size_t i : order) m.x.push_back(x[i]), m.y.push_back(y[i]);
  return m;
}

std::vector<double> angular(const Curve& c) {
  if (const CurveColumn* w = c.find("angular_frequency")) return w->values;
  std::vector<double> w = c.at("frequency").values;
  for (double& f : w) f *= 2 * std::numbers::pi;
  return w;
}

bool alike(const std::vector<double>& v) {
  const auto [low, high] = std::minmax_element(v.begin(), v.end());
  return v.empty() || *high <= *low * 1.001;
}

/// Heating rate from the option, the file or the times of the rows. [K/s]
double heating_rate(const Curve& c, const SpectrumOptions& o) {
  const std::optional<double> rate = o.rate ? o.rate : c.property("rate", "K/min");
  if (!rate || !(*rate > 0))
    throw InputError(fmt::format("{}: a scan must have a heating rate (--rate 20K/min), got {}", c.source,
                                 rate ? fmt::format("{} K/min", *rate) : "none"));
  return *rate / 60;
}

std::vector<double> reference_modulus(const Curve& c, const SpectrumOptions& o) {
  if (const CurveColumn* r = c.find("reference")) return r->values;
  if (!o.reference_slope)
    throw InputError(
        fmt::format("{}: a modulus scan must have the modulus of the relaxed or crystalline state as column reference, or "
                    "--reference-slope, got neither",
                    c.source));
  const std::vector<double>&t = c.at("temperature").values, &m = c.at("storage").values;
  const auto first = static_cast<std::size_t>(std::min_element(t.begin(), t.end()) - t.begin());
  std::vector<double> r;
  r.reserve(t.size());
  for (double at : t) r.push_back(m[first] * std::exp(*o.reference_slope * (at - t[first])));
  return r;
}

void modulus_scan(const Curve& c, const SpectrumOptions& o, SpectrumData& d) {
  const std::vector<double> reference = reference_modulus(c, o);
  std::vector<double> deficit;
  for (std::size_t i = 0; i < c.size(); ++i) deficit.push_back(std::log(reference[i] / c.at("storage").values[i]) / o.susceptibility);
  d.list.push_back(measurement("deficit", c.at("temperature").values, deficit));
  const auto [low, high] = std::minmax_element(d.list[0].y.begin(), d.list[0].y.end());
  d.offset = *low - 0.05 * (*high - *low);
  for (double& y : d.list[0].y) y -= d.offset;
  d.extra = {true, false};
}

void heat_scan(const Curve& c, SpectrumData& d) {
  const CurveColumn* reference = c.find("reference_heat_flow");
  if (!reference)
    throw InputError(
        fmt::format("{}: a heat-flow scan must have that of the relaxed state as column reference_heat_flow, got none", c.source));
  std::vector<double> released;
  for (std::size_t i = 0; i < c.size(); ++i) released.push_back((reference->values[i] - c.at("heat_flow").values[i]) / d.heating.rate);
  d.list.push_back(measurement("heat", c.at("temperature").values, released));
  d.extra = {false, false};
}

void require_positive(const Measurement& m, const std::string& source) {
  for (double y : m.y)
    if (y <= 0)
      throw InputError(
          fmt::format("{}: {} must be positive for relative weights (or use --weights absolute), got {}", source, m.channel, y));
}

}  // namespace

SpectrumData spectrum_data(const Curve& c, const SpectrumOptions& o, Context& context) {
  SpectrumData d;
  // A scan at one frequency may carry it as a column.
  const bool frequency = (c.find("angular_frequency") || c.find("frequency")) && !(c.find("temperature") && alike(angular(c)));
  bool scan = false;
  if (frequency && (c.find("storage") || c.find("loss"))) {
    for (const char* name : {"storage", "loss"})
      if (c.find(name)) d.list.push_back(measurement(name, angular(c), c.at(name).values));
    d.extra = {o.plateau && c.find("storage"), false};
  } else if (c.find("time") && c.find("modulus")) {
    d.list.push_back(measurement("modulus", c.at("time").values, c.at("modulus").values));
    d.extra = {o.plateau, false};
  } else if (c.find("time") && c.find("compliance")) {
    d.list.push_back(measurement("compliance", c.at("time").values, c.at("compliance").values));
    d.extra = {o.plateau, o.flow};
  } else if (c.find("temperature") && (c.find("storage") || c.find("heat_flow"))) {
    scan = true;
    d.heating.attempt_frequency = o.attempt_frequency, d.heating.rate = heating_rate(c, o);
    c.find("storage") ? modulus_scan(c, o, d) : heat_scan(c, d);
  } else {
    std::vector<std::string> names;
    for (const CurveColumn& column : c.columns) names.push_back(column.name);
    throw InputError(
        fmt::format("{}: must have a frequency with storage or loss, a time with modulus or compliance, or a temperature with storage or "
                    "heat_flow (--columns ROLE=NAME), got {}",
                    c.source, names.empty() ? "none of these" : fmt::format("{}", fmt::join(names, ", "))));
  }
  if (d.list[0].x.size() < 4)
    throw InputError(fmt::format("{}: a spectrum needs at least 4 points with positive {}, got {}", c.source,
                                 scan        ? "temperature"
                                 : frequency ? "frequency"
                                             : "time",
                                 d.list[0].x.size()));
  if (d.list[0].x.size() < c.size())
    context.warn(fmt::format("{} of {} rows are left out: their frequency, time or temperature is not positive, or a value is missing",
                             c.size() - d.list[0].x.size(), c.size()));
  d.scale = 0;
  for (const Measurement& m : d.list)
    for (double y : m.y) d.scale = std::max(d.scale, std::abs(y));
  for (Measurement& m : d.list) {
    const bool relative = o.weights == "relative" && !scan;
    if (relative) require_positive(m, c.source);
    for (double y : m.y) m.weight.push_back(relative ? 1 / y : 1 / d.scale);
  }
  const double first = d.list[0].x.front(), last = d.list[0].x.back();
  d.from = frequency ? 1 / last : first, d.to = frequency ? 1 / first : last;
  if (scan) {
    d.heating.start = first;
    d.from = d.heating.energy_at(first), d.to = d.heating.energy_at(last);
  }
  return d;
}

std::vector<double> spectrum_grid(const SpectrumData& d, const SpectrumOptions& o) {
  std::vector<double> grid;
  if (d.energies()) {
    const double step = std::max(0.25 * constants::boltzmann * d.list[0].x.front(), (d.to - d.from) / 140);
    const double margin = 0.1 * o.margin * (d.to - d.from);
    const auto count = static_cast<std::size_t>(std::ceil((d.to - d.from + 2 * margin) / step)) + 1;
    for (std::size_t j = 0; j < count; ++j) grid.push_back(d.from - margin + step * static_cast<double>(j));
    return grid;
  }
  const double low = std::log10(o.tau_min.value_or(d.from * std::pow(10, -o.margin))),
               high = std::log10(o.tau_max.value_or(d.to * std::pow(10, o.margin)));
  if (!(high > low))
    throw InputError(fmt::format("--tau-max: must lie above --tau-min, got {:g} s and {:g} s", std::pow(10, high), std::pow(10, low)));
  const auto count = static_cast<std::size_t>(std::clamp(std::ceil((high - low) * o.points_per_decade), 8.0, 160.0)) + 1;
  for (std::size_t j = 0; j < count; ++j)
    grid.push_back(std::pow(10, low + (high - low) * static_cast<double>(j) / static_cast<double>(count - 1)));
  return grid;
}

}  // namespace heteroglass::relaxation
