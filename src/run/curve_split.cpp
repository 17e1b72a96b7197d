#include "run/curve_split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <numbers>
#include <numeric>
#include <optional>

#include "core/units.hpp"
#include "run/curve_roles.hpp"

namespace heteroglass::run {
namespace {

constexpr double isothermal = 3;           // K: more is a scan
constexpr std::size_t fewest_rows = 3;     // of a curve
constexpr std::size_t most_pieces = 1000;  // more are noise, not curves

using Rows = std::vector<std::size_t>;

struct Spread {
  double low = std::numeric_limits<double>::infinity(), high = -low, sum = 0;
  std::size_t count = 0;
  void add(double v) {
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v), sum += v, ++count;
  }
  double mean() const { return sum / static_cast<double>(count); }
};

Spread spread(const std::vector<double>& values, const Rows& rows) {
  Spread s;
  for (const std::size_t i : rows) s.add(values[i]);
  return s;
}

Rows all_rows(const Curve& table) {
  Rows rows(table.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

/// The finite values of a column in groups: values nearer than `gap(v)` are one.
template <class Gap> std::vector<Rows> clusters(const std::vector<double>& values, Gap gap) {
  Rows order;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::isfinite(values[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<Rows> groups;
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (k == 0 || values[order[k]] - values[order[k - 1]] > gap(values[order[k]])) groups.emplace_back();
    groups.back().push_back(order[k]);
  }
  for (Rows& g : groups) std::sort(g.begin(), g.end());
  return groups;
}

/// Temperatures settle within half a kelvin, frequencies and numbers of segments are set.
std::vector<Rows> groups_of(const CurveColumn& c) {
  if (is_temperature(c.unit)) return clusters(c.values, [](double) { return 0.5; });
  return clusters(c.values, [](double v) { return 1e-3 * std::abs(v) + 1e-12; });
}

std::vector<Piece> named_pieces(const Curve& table, const std::vector<Rows>& groups, const CurveColumn& by) {
  std::vector<Piece> out;
  for (const Rows& rows : groups) {
    const double value = spread(by.values, rows).mean();
    const std::string unit = by.unit.empty() || by.unit == "1" ? "" : " " + by.unit;
    const std::string label = unit.empty() ? fmt::format("{} {:.6g}", by.name, value) : fmt::format("{:.6g}{}", value, unit);
    out.push_back({rows, label, constants_of(table, rows)});
  }
  // the order of the file, which is that of the experiment
  std::stable_sort(out.begin(), out.end(), [](const Piece& a, const Piece& b) { return a.rows.front() < b.rows.front(); });
  return out;
}

bool is_group_name(const std::string& column) {
  static const char* names[] = {"set",     "setno", "segment", "segmentno", "segmentnumber", "step",     "stepno", "stepnumber", "cycle",
                                "cycleno", "loop",  "run",     "sweep",     "curve",         "isotherm", "block",  "blockno"};
  return std::any_of(std::begin(names), std::end(names), [n = folded(column)](const char* name) { return n == name; });
}

/// A column of few whole numbers, each in one stretch of rows.
bool groups_rows(const CurveColumn& c) {
  if (!is_group_name(c.name)) return false;
  std::vector<double> seen;
  std::size_t longest = 0, length = 0;
  for (std::size_t i = 0; i < c.values.size(); ++i) {
    const double v = c.values[i];
    if (!std::isfinite(v) || v != std::floor(v)) return false;
    if (i > 0 && v == c.values[i - 1]) {
      longest = std::max(longest, ++length);
      continue;
    }
    if (std::find(seen.begin(), seen.end(), v) != seen.end() || seen.size() > most_pieces) return false;
    seen.push_back(v), length = 1;
  }
  return seen.size() > 1 && longest >= fewest_rows;
}

/// Stretches between restarts: steps against the run of the abscissa by at least half of the stretch before.
std::vector<Rows> restarts(const std::vector<double>& x) {
  const bool decades = std::all_of(x.begin(), x.end(), [](double v) { return !(v <= 0); });
  const auto at = [&](std::size_t i) { return decades ? std::log(x[i]) : x[i]; };
  std::ptrdiff_t rising = 0;
  for (std::size_t i = 1; i < x.size(); ++i) rising += at(i) > at(i - 1) ? 1 : at(i) < at(i - 1) ? -1 : 0;
  const double sign = rising >= 0 ? 1 : -1;
  std::vector<Rows> out(1);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!out.back().empty()) {
      const double back = sign * (at(out.back().back()) - at(i)), run = sign * (at(out.back().back()) - at(out.back().front()));
      if (back > 0 && back >= 0.5 * run && run > 0) out.emplace_back();
    }
    out.back().push_back(i);
  }
  return out;
}

bool all_long_enough(const std::vector<Rows>& groups) {
  return groups.size() > 1 && groups.size() <= most_pieces &&
         std::all_of(groups.begin(), groups.end(), [](const Rows& r) { return r.size() >= fewest_rows; });
}

/// A column of a temperature scan whose few values repeat: the frequencies of an interleaved measurement.
const CurveColumn* repeating_frequency(const Curve& table, std::size_t abscissa) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const CurveColumn& c = table.columns[i];
    const std::string name = folded(c.name);
    const bool frequency = is_frequency(c.unit) || (c.unit.empty() && (name == "f" || name.starts_with("freq")));
    if (i == abscissa || !frequency) continue;
    const std::vector<Rows> groups = groups_of(c);
    if (groups.size() <= 60 && all_long_enough(groups)) return &c;
  }
  return nullptr;
}

const CurveColumn* group_column(const Curve& table) {
  for (const CurveColumn& c : table.columns)
    if (groups_rows(c)) return &c;
  return nullptr;
}

/// In an interleaved scan the temperature drifts within a cycle of frequencies as it does between cycles; isotherms stand apart.
bool is_interleaved(const Curve& table, const std::vector<Rows>& cycles) {
  for (const CurveColumn& c : table.columns) {
    if (!is_temperature(c.unit)) continue;
    double within = 0, whole = spread(c.values, all_rows(table)).high - spread(c.values, all_rows(table)).low;
    for (const Rows& rows : cycles) within += spread(c.values, rows).high - spread(c.values, rows).low;
    return whole > isothermal && within > 0.4 * whole;
  }
  return false;
}

/// Isotherms one below the other: the frequency runs through its values again and again, each time at one temperature.
bool is_isothermal(const Curve& table, const CurveColumn& frequency) {
  const std::vector<Rows> cycles = restarts(frequency.values);
  return all_long_enough(cycles) && !is_interleaved(table, cycles);
}

std::vector<Piece> stretches(const Curve& table, const std::vector<Rows>& rows) {
  std::vector<Piece> out;
  for (const Rows& r : rows) {
    const auto constant = constants_of(table, r);
    const auto t = constant.find("temperature");
    const std::string label =
        t == constant.end() ? fmt::format("part {}", out.size() + 1) : fmt::format("{:.4g} {}", t->second.value, t->second.unit);
    out.push_back({r, label, constant});
  }
  return out;
}

std::vector<Piece> automatic(const Curve& table, Abscissa abscissa, std::vector<std::string>& notes) {
  const auto said = [&](std::vector<Piece> found, const std::string& by) {
    notes.push_back(fmt::format("the table is cut into {} curves {} (--split none leaves it whole)", found.size(), by));
    return found;
  };
  const CurveColumn* x = &table.columns[abscissa.column];
  if (is_temperature(x->unit)) {
    if (const CurveColumn* f = repeating_frequency(table, abscissa.column)) {
      if (abscissa.required || !is_isothermal(table, *f))
        return said(named_pieces(table, groups_of(*f), *f), fmt::format("by the frequencies of '{}'", f->name));
      x = f;
    }
  }
  if (const CurveColumn* group = group_column(table); group && group != x)
    return said(named_pieces(table, groups_of(*group), *group), fmt::format("by '{}'", group->name));
  if (is_temperature(x->unit)) return {};
  const std::vector<Rows> starts = restarts(x->values);
  if (!all_long_enough(starts)) return {};
  if (is_interleaved(table, starts) && all_long_enough(groups_of(*x)))
    return said(named_pieces(table, groups_of(*x), *x),
                fmt::format("by the frequencies of '{}', which are interleaved in a scan", x->name));
  return said(stretches(table, starts), fmt::format("where '{}' starts again, first in row {}", x->name, starts[1].front() + 1));
}

/// The column of a kind that has one of these names, in their order; else the first of the kind.
const CurveColumn* first_of(const Curve& table, bool (*kind)(const std::string&), std::initializer_list<const char*> names) {
  for (const char* name : names)
    for (const CurveColumn& c : table.columns)
      if (folded(c.name) == name && kind(c.unit)) return &c;
  for (const CurveColumn& c : table.columns)
    if (kind(c.unit)) return &c;
  return nullptr;
}

}  // namespace

std::map<std::string, CurveProperty> constants_of(const Curve& table, const Rows& rows) {
  std::map<std::string, CurveProperty> out;
  const auto constant = [&](const CurveColumn* c, double width) -> std::optional<double> {
    if (!c) return std::nullopt;
    const Spread s = spread(c->values, rows);
    const bool settled = s.count == rows.size() && s.count > 0 && s.high - s.low <= width * (width < 1 ? std::abs(s.high) : 1);
    return settled ? std::optional(s.mean()) : std::nullopt;
  };
  const CurveColumn* t = first_of(table, is_temperature, {"temperature", "t", "temp", "sampletemperature", "ts"});
  if (const auto v = constant(t, isothermal)) out["temperature"] = {*v, t->unit};
  const CurveColumn* f = first_of(table, is_frequency, {"frequency", "f", "freq"});
  if (const auto v = constant(f, 1e-3))
    out["frequency"] = same_dimension(f->unit, "Hz") ? CurveProperty{*v, f->unit}
                                                     : CurveProperty{*v * parse_unit(f->unit).factor / (2 * std::numbers::pi), "Hz"};
  return out;
}

std::vector<Piece> pieces(const Curve& table, std::optional<Abscissa> abscissa, const std::string& split, std::vector<std::string>& notes) {
  if (!split.empty() && split != "none") {
    const CurveColumn& by = table.columns[column_index(table, split, "--split")];
    return named_pieces(table, groups_of(by), by);
  }
  if (split.empty() && abscissa) {
    std::vector<Piece> found = automatic(table, *abscissa, notes);
    if (!found.empty()) return found;
  }
  return {{all_rows(table), "", constants_of(table, all_rows(table))}};
}

}  // namespace heteroglass::run
