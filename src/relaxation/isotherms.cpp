#include "relaxation/isotherms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>

#include "core/error.hpp"

namespace heteroglass::relaxation {
namespace {

struct Layout {
  Domain domain = Domain::frequency;
  std::vector<std::string> channels;
  bool operator==(const Layout&) const = default;
};

Layout layout_of(const Curve& c) {
  const bool frequency = c.find("angular_frequency") || c.find("frequency"), time = c.find("time");
  Layout l;
  if (frequency) {
    for (const char* name : {"storage", "loss"})
      if (c.find(name)) l.channels.emplace_back(name);
  } else if (time && c.find("modulus")) {
    l = {Domain::relaxation, {"modulus"}};
  } else if (time && c.find("compliance")) {
    l = {Domain::creep, {"compliance"}};
  }
  if (l.channels.empty()) {
    std::vector<std::string> names;
    for (const CurveColumn& column : c.columns) names.push_back(column.name);
    throw InputError(
        fmt::format("{}: must have a frequency with storage or loss, or a time with modulus or compliance (--columns "
                    "time=NAME,compliance=NAME), got {}",
                    c.source, names.empty() ? "none of these" : fmt::format("{}", fmt::join(names, ", "))));
  }
  return l;
}

std::vector<double> abscissa(const Curve& c, Domain domain) {
  if (domain != Domain::frequency) return c.at("time").values;
  if (const CurveColumn* w = c.find("angular_frequency")) return w->values;
  std::vector<double> w = c.at("frequency").values;
  for (double& f : w) f *= 2 * std::numbers::pi;
  return w;
}

/// Groups of successive rows at one temperature.
struct Group {
  double sum = 0;
  std::vector<std::size_t> rows;
  double mean() const { return sum / static_cast<double>(rows.size()); }
};

std::vector<Group> groups(const Curve& c, double tolerance) {
  std::vector<Group> list;
  const CurveColumn* column = c.find("temperature");
  const std::optional<double> whole = c.property("temperature", "K");
  if (!column && !whole)
    throw InputError(fmt::format("{}: must have a temperature, as a column or with --property temperature=400K, got none", c.source));
  for (std::size_t i = 0; i < c.size(); ++i) {
    const double t = whole ? *whole : column->values[i];
    if (!std::isfinite(t) || t <= 0) continue;
    if (list.empty() || std::abs(t - list.back().mean()) > tolerance) list.emplace_back();
    list.back().sum += t;
    list.back().rows.push_back(i);
  }
  return list;
}

void sort_by_abscissa(Isotherm& isotherm) {
  std::vector<std::size_t> order(isotherm.x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return isotherm.x[a] < isotherm.x[b]; });
  const auto sorted = [&](const std::vector<double>& v) {
    std::vector<double> out;
    out.reserve(v.size());
    for (std::size_t i : order) out.push_back(v[i]);
    return out;
  };
  isotherm.x = sorted(isotherm.x);
  for (auto& channel : isotherm.y) channel = sorted(channel);
}

/// Joins isotherms closer than `tolerance`.
std::vector<Isotherm> merged(std::vector<Isotherm> list, double tolerance) {
  std::sort(list.begin(), list.end(), [](const Isotherm& a, const Isotherm& b) { return a.temperature < b.temperature; });
  std::vector<Isotherm> out;
  for (Isotherm& i : list) {
    if (out.empty() || i.temperature - out.back().temperature > tolerance) {
      out.push_back(std::move(i));
      continue;
    }
    Isotherm& o = out.back();
    const auto n = static_cast<double>(o.x.size()), m = static_cast<double>(i.x.size());
    o.temperature = (n * o.temperature + m * i.temperature) / (n + m);
    o.x.insert(o.x.end(), i.x.begin(), i.x.end());
    for (std::size_t c = 0; c < o.y.size(); ++c) o.y[c].insert(o.y[c].end(), i.y[c].begin(), i.y[c].end());
  }
  for (Isotherm& i : out) sort_by_abscissa(i);
  return out;
}

}  // namespace

const ColumnRoles& modulus_roles() {
  static const ColumnRoles roles = {
      // A file's frequency in Hz becomes 2 pi f; see run/curve_roles.hpp.
      {"angular_frequency",
       "rad/s",
       "angular frequency",
       false,
       {"omega", "w", "freq", "frequency", "f", "angfreq", "reducedfrequency", "curvefrequency"}},
      {"time", "s", "time since the step", false, {"t", "steptime", "reducedtime", "curvetime"}},
      {"storage",
       "GPa",
       "storage modulus",
       false,
       {"storagemodulus", "e'", "g'", "m'", "estor", "gstor", "eprime", "gprime", "curvestorage"}},
      {"loss",
       "GPa",
       "loss modulus",
       false,
       {"lossmodulus", "e''", "g''", "m''", "eloss", "gloss", "edoubleprime", "gdoubleprime", "curveloss"}},
      {"modulus",
       "GPa",
       "relaxation modulus",
       false,
       {"relaxationmodulus", "erelax", "grelax", "e", "g", "g(t)", "gt", "e(t)", "curvemodulus"}},
      {"compliance", "1/GPa", "creep compliance", false, {"creepcompliance", "j", "d", "j(t)", "jt", "curvecompliance"}},
      {"temperature", "K", "temperature of the row", false, {"temp", "t", "sampletemperature"}},
  };
  return roles;
}

Isotherms isotherms(std::span<const Curve> curves, double tolerance, Context& context) {
  Isotherms out;
  std::optional<Layout> layout;
  std::size_t left_out = 0, rows = 0;
  for (const Curve& c : curves) {
    const Layout here = layout_of(c);
    if (layout && !(here == *layout))
      throw InputError(fmt::format("{}: every isotherm must have the same columns ({}), got {}", c.source,
                                   fmt::join(layout->channels, ", "), fmt::join(here.channels, ", ")));
    layout = here;
    const std::vector<double> x = abscissa(c, here.domain);
    for (const Group& group : groups(c, tolerance)) {
      Isotherm isotherm;
      isotherm.temperature = group.mean();
      isotherm.y.resize(here.channels.size());
      for (std::size_t i : group.rows) {
        ++rows;
        bool usable = x[i] > 0 && std::isfinite(x[i]);
        for (const std::string& name : here.channels) usable = usable && c.at(name).values[i] > 0 && std::isfinite(c.at(name).values[i]);
        if (!usable) {
          ++left_out;
          continue;
        }
        isotherm.x.push_back(std::log(x[i]));
        for (std::size_t k = 0; k < here.channels.size(); ++k) isotherm.y[k].push_back(std::log(c.at(here.channels[k]).values[i]));
      }
      if (!isotherm.x.empty()) out.list.push_back(std::move(isotherm));
    }
  }
  if (!layout) return out;
  out.domain = layout->domain, out.channels = layout->channels;
  if (left_out > 0)
    context.warn(
        fmt::format("{} of {} rows have a frequency, time, modulus or compliance that is not positive, and are left out", left_out, rows));
  out.list = merged(std::move(out.list), tolerance);
  std::erase_if(out.list, [&](const Isotherm& i) {
    if (i.x.size() >= 3) return false;
    context.warn(fmt::format("the isotherm at {:.2f} K has {} point(s) and is left out: it must have 3", i.temperature, i.x.size()));
    return true;
  });
  return out;
}

}  // namespace heteroglass::relaxation
