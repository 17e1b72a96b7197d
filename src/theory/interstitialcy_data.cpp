#include "theory/interstitialcy_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "core/error.hpp"
#include "numeric/local_line.hpp"

namespace heteroglass::theory {
namespace {

constexpr std::size_t grid_points = 201;

struct Series {
  std::string source;
  std::vector<double> x, y;
  std::optional<double> rate;  // K/min
};

/// The column of that role, from the one file that has it; sorted, equal temperatures averaged.
std::optional<Series> series_of(std::span<const Curve> curves, const std::string& role) {
  std::optional<Series> out;
  for (const Curve& c : curves) {
    const CurveColumn* y = c.find(role);
    if (!y) continue;
    if (out) throw InputError(fmt::format("{}: {} must come from one file, got it from {} too", c.source, role, out->source));
    const std::vector<double>& t = c.at("temperature").values;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < t.size(); ++i)
      if (std::isfinite(t[i]) && std::isfinite(y->values[i])) order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return t[a] < t[b]; });
    out = Series{c.source, {}, {}, c.property("rate", "K/min")};
    double count = 1;
    for (const std::size_t i : order) {
      if (!out->x.empty() && t[i] == out->x.back()) {
        out->y.back() += (y->values[i] - out->y.back()) / ++count;
      } else {
        out->x.push_back(t[i]), out->y.push_back(y->values[i]), count = 1;
      }
    }
    if (out->x.size() < 8) throw InputError(fmt::format("{}: {} must have at least 8 points, got {}", c.source, role, out->x.size()));
  }
  return out;
}

void check_positive(const Series& s, const char* what) {
  for (std::size_t i = 0; i < s.x.size(); ++i)
    if (!(s.y[i] > 0)) throw InputError(fmt::format("{}: {} must be positive, got {} GPa at {} K", s.source, what, s.y[i], s.x[i]));
}

}  // namespace

GlassData glass_data(std::span<const Curve> curves, const InterstitialcyOptions& o, Context& context) {
  const std::optional<Series> glass = series_of(curves, "shear_modulus"), crystal = series_of(curves, "crystal_modulus"),
                              heat = series_of(curves, "heat_flow"), base = series_of(curves, "crystal_heat_flow");
  if (!glass) throw InputError("theory/interstitialcy: must have a column shear_modulus in one of the files, got none");
  if (!crystal && !o.crystal_modulus)
    throw InputError("theory/interstitialcy: must have a column crystal_modulus, or --crystal-modulus, got neither");
  check_positive(*glass, "shear_modulus");
  if (crystal) check_positive(*crystal, "crystal_modulus");
  double low = glass->x.front(), high = glass->x.back();
  for (const std::optional<Series>* s : {&crystal, &heat, &base})
    if (*s) low = std::max(low, (*s)->x.front()), high = std::min(high, (*s)->x.back());
  low = std::max(low, o.temperature_low.value_or(low)), high = std::min(high, o.temperature_high.value_or(high));
  if (!(high > low))
    throw InputError(fmt::format("theory/interstitialcy: the columns must overlap in temperature, got {:.5g} K to {:.5g} K", low, high));
  GlassData d;
  d.smoothing = o.smoothing.value_or((high - low) / 40);
  const std::optional<double> rate = o.rate ? o.rate : heat && heat->rate ? heat->rate : glass->rate;
  d.rate = rate ? *rate / 60 : NAN;
  if (heat && !base) context.warn("heat flow is taken as that in excess of the crystal; give crystal_heat_flow when it is not");
  for (std::size_t k = 0; k < grid_points; ++k) {
    const double t = low + (high - low) * static_cast<double>(k) / (grid_points - 1);
    const auto line = [&](const Series& s) { return numeric::local_line(s.x, s.y, t, d.smoothing); };
    const numeric::StraightLine g = line(*glass);
    d.temperature.push_back(t), d.modulus.push_back(g.at(t)), d.modulus_error.push_back(std::sqrt(g.variance(t)));
    d.slope.push_back(g.slope), d.slope_error.push_back(std::sqrt(g.variance_slope));
    if (crystal) {
      const numeric::StraightLine m = line(*crystal);
      d.crystal.push_back(m.at(t)), d.crystal_error.push_back(std::sqrt(m.variance(t)));
      d.crystal_slope.push_back(m.slope), d.crystal_slope_error.push_back(std::sqrt(m.variance_slope));
    } else {
      d.crystal.push_back(*o.crystal_modulus + o.crystal_slope * (t - low)), d.crystal_error.push_back(0);
      d.crystal_slope.push_back(o.crystal_slope), d.crystal_slope_error.push_back(0);
    }
    if (heat) d.heat_flow.push_back(line(*heat).at(t) - (base ? line(*base).at(t) : 0));
  }
  return d;
}

}  // namespace heteroglass::theory
