#include <cmath>

#include "core/error.hpp"
#include "io/cell.hpp"
#include "io/instrument.hpp"
#include "io/table.hpp"

namespace heteroglass::io {
namespace {

/// One measurement: what its header states, and its rows.
struct Measurement {
  std::string label;
  std::map<std::string, CurveProperty> properties;
  std::optional<double> force, depth, time;  ///< [mN], [um], [s] of the header at the largest load
  std::vector<CurveColumn> columns;
  std::vector<SheetRow> rows;
};

std::optional<double> point_number(std::string_view text) {
  const std::size_t from = text.find_first_of("0123456789");
  if (from == std::string_view::npos) return std::nullopt;
  const std::size_t to = text.find_first_not_of("0123456789.", from);
  return cell_number(text.substr(from, to - from), '.');
}

/// "HIT	[N/mm²]	8553.6" under the name that results have.
void read_value(const std::vector<std::string>& cells, Measurement& m) {
  if (cells.size() < 3) return;
  const auto value = cell_number(cells[2], '.');
  if (!value) return;
  const std::string& key = cells[0];
  if (key == "HIT") m.properties["h_it"] = {*value, "MPa"};
  if (key == "EIT/(1-vs^2)") m.properties["plane_strain_modulus"] = {*value, "GPa"};
  if (key == "hr") m.properties["h_r"] = {*value, "um"};
  if (key == "hmax") m.properties["h_max"] = {*value, "um"}, m.depth = *value;
}

/// "HM  0.299995/    117.0/      0.0=   3928.6": load in N, time in s.
void read_load(const std::string& line, Measurement& m) {
  const std::size_t slash = line.find('/');
  if (!line.starts_with("HM ") || slash == std::string::npos) return;
  if (const auto newton = point_number(line.substr(3, slash - 3))) m.force = 1e3 * *newton;
  m.time = point_number(std::string_view(line).substr(slash + 1));
}

bool agrees(std::optional<double> stated, double found, double rounding) {
  return stated && std::abs(*stated - found) <= 2e-3 * std::abs(found) + rounding;
}

/// The columns F, h, t have no units; the header says them where its values are those of the row of the largest load.
void find_units(Curve& c, const Measurement& m, const std::string& path) {
  if (c.columns.size() != 3) return;
  const std::vector<double>& f = c.columns[0].values;
  std::size_t top = 0;
  for (std::size_t i = 1; i < f.size(); ++i)
    if (f[i] > f[top]) top = i;
  if (f.empty()) return;
  if (agrees(m.force, f[top], 0)) c.columns[0].unit = "mN";
  if (agrees(m.depth, c.columns[1].values[top], 6e-4)) c.columns[1].unit = "um";
  if (agrees(m.time, c.columns[2].values[top], 0.06)) c.columns[2].unit = "s";
  if (!c.columns[0].unit.empty() && !c.columns[1].unit.empty() && !c.columns[2].unit.empty())
    c.warnings.push_back(
        fmt::format("{}: columns F, h, t are in mN, um and s: so the largest load, its depth and its time are those of the header", path));
}

}  // namespace

std::vector<Curve> read_fischer(const std::string& path, std::string_view text) {
  std::vector<Measurement> all;
  bool data = false;
  Measurement next;
  for (SheetRow& row : rows_of_text(text, '\t', 1)) {
    const std::string& first = row.cells.front();
    if (first == "F" && row.cells.size() >= 2) {
      data = true;
      for (const std::string& c : row.cells) next.columns.push_back(named_column(c));
      all.push_back(std::move(next));
      next = {};
    } else if (data && looks_numeric(first)) {
      all.back().rows.push_back(std::move(row));
    } else {
      data = false;
      if (first.starts_with("Block :")) next.label = first.substr(first.find("Value"));
      read_load(first, next);
      read_value(row.cells, next);
    }
  }
  std::vector<Curve> curves;
  for (Measurement& m : all) {
    if (m.rows.empty()) continue;
    TableBuilder table(path, m.columns);
    for (SheetRow& r : m.rows) table.add(r.line, std::move(r.cells));
    Curve c = table.finish();
    find_units(c, m, path);
    if (const std::size_t colon = m.label.find(" : "); colon != std::string::npos) m.label.replace(colon, 3, " ");
    c.label = m.label.empty() ? fmt::format("{}", curves.size() + 1) : m.label;
    c.source = fmt::format("{} ({})", path, c.label), c.properties = std::move(m.properties);
    curves.push_back(std::move(c));
  }
  if (curves.empty()) throw FormatError(path, 0, "rows of load and depth must follow the names F, h, t, got none");
  return curves;
}

}  // namespace heteroglass::io
