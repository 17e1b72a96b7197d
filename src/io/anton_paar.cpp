// CSM Instruments and Anton Paar indenters: reports of parameters, one column below the other; parameters of groups of measurements in
// rows; curves side by side.
#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "io/cell.hpp"
#include "io/instrument.hpp"
#include "io/table.hpp"

namespace heteroglass::io {
namespace {

using Cells = std::vector<std::string>;

bool is_empty_value(std::string_view cell) { return is_gap(cell) || cell == "--.--"; }

/// Units as these programs write them.
std::string unit_of(const std::string& text) {
  const std::string unit = file_unit(text);
  return unit.empty() || unit == "Nu" ? "1" : unit;
}

double value_of(const std::string& path, std::size_t line, const std::string& name, const std::string& cell, char decimal) {
  if (is_empty_value(cell)) return NAN;
  if (const auto v = cell_number(cell, decimal)) return *v;
  throw FormatError(path, line,
                    fmt::format("{} must be a number with a decimal {}, got '{}'", name, decimal == ',' ? "comma" : "point", cell));
}

/// The sign that the numbers have; both in one file are refused where the number is read.
char decimal_sign(const std::vector<SheetRow>& rows) {
  for (const SheetRow& r : rows)
    for (const std::string& c : r.cells)
      if (has_decimal(c, ',')) return ',';
  return '.';
}

/// A parameter of a report: its values by number, and what the report says of all of them.
struct Parameter {
  std::string name, unit = "1";
  std::vector<double> values;
  std::map<std::string, double> stated;  ///< Mean, Std Dev, N, ...
  std::size_t line = 0;
};

/// Mean and N of the values that were read must be those that the report states, else values are missing or damaged.
void check(const std::string& path, const Parameter& p) {
  double sum = 0, n = 0;
  for (const double v : p.values)
    if (!std::isnan(v)) sum += v, ++n;
  const auto count = p.stated.find("N"), mean = p.stated.find("Mean");
  if (count != p.stated.end() && count->second != n)
    throw FormatError(path, p.line, fmt::format("{} must have {} values as the report states, got {}", p.name, count->second, n));
  if (mean != p.stated.end() && n > 0 && std::abs(sum / n - mean->second) > 2e-3 + 1e-6 * std::abs(mean->second))
    throw FormatError(path, p.line, fmt::format("{} must have the mean {} as the report states, got {}", p.name, mean->second, sum / n));
}

/// Short names under which a report's own mean and standard deviation are handed on.
void state(Curve& c, const Parameter& p) {
  const std::string name = p.name == "HIT (O&P)" ? "h_it" : p.name == "EIT (O&P)" ? "e_it" : "";
  if (name.empty()) return;
  if (const auto m = p.stated.find("Mean"); m != p.stated.end()) c.properties[name + "_mean"] = {m->second, p.unit};
  if (const auto s = p.stated.find("Std Dev"); s != p.stated.end()) c.properties[name + "_sd"] = {s->second, p.unit};
}

/// "HIT (O&P)  Data : 1  8796,963", "[MPa]  Data : 2  8459,967", ..., "  Mean  9706,195".
std::vector<Curve> report(const std::string& path, const std::vector<SheetRow>& rows) {
  const char decimal = decimal_sign(rows);
  std::vector<Parameter> all;
  std::string title;
  for (const SheetRow& r : rows) {
    if (r.cells.size() < 3) {
      continue;
    }
    const std::string &head = r.cells[0], &what = r.cells[1], &value = r.cells[2];
    if (!what.starts_with("Data :")) {
      if (what.empty() && !value.empty() && all.empty()) title = value;
      if (!all.empty() && !what.empty()) all.back().stated[what] = value_of(path, r.line, what, value, decimal);
      continue;
    }
    const auto number = cell_number(std::string_view(what).substr(6), '.');
    if (number == 1.0) all.push_back({head, "1", {}, {}, r.line});
    if (all.empty() || number != static_cast<double>(all.back().values.size() + 1))
      throw FormatError(path, r.line, fmt::format("data must be numbered one after the other from 1, got '{}'", what));
    if (number == 2.0 && head.starts_with('[')) all.back().unit = unit_of(head);
    all.back().values.push_back(value_of(path, r.line, all.back().name, value, decimal));
  }
  if (all.empty()) throw FormatError(path, 0, "a report must hold lines 'Data : 1', got none");
  Curve c;
  c.source = path, c.label = title;
  c.columns.push_back({"indent", "1", {}});
  const std::size_t indents = all.front().values.size();
  const std::string leader = all.front().name;
  for (std::size_t i = 1; i <= indents; ++i) c.columns.front().values.push_back(static_cast<double>(i));
  for (Parameter& p : all) {
    if (p.values.size() != indents)
      throw FormatError(path, p.line,
                        fmt::format("{} must have {} data as {} has, got {}: the file is cut", p.name, indents, leader, p.values.size()));
    check(path, p), state(c, p);
    if (std::all_of(p.values.begin(), p.values.end(), [](double v) { return std::isnan(v); })) continue;
    c.columns.push_back({p.name, p.unit, std::move(p.values)});
  }
  return {c};
}

CurveColumn& column_of(Curve& c, const std::string& name, const std::string& unit) {
  for (CurveColumn& k : c.columns)
    if (k.name == name) return k;
  c.columns.push_back({name, unit, {}});
  return c.columns.back();
}

/// "Group  Measurement  Parameter  Unit  Value": a curve for each group, a row for each measurement.
std::vector<Curve> groups(const std::string& path, const std::vector<SheetRow>& rows) {
  const char decimal = decimal_sign(rows);
  std::vector<Curve> out;
  for (const SheetRow& r : rows) {
    if (r.cells.front() == "Group" && r.cells.size() > 2 && r.cells[2] == "Parameter") continue;
    if (r.cells.size() != 5)
      throw FormatError(path, r.line,
                        fmt::format("a row must have group, measurement, parameter, unit and value, got {} cells", r.cells.size()));
    const auto number = cell_number(r.cells[1], '.');
    if (!number) throw FormatError(path, r.line, fmt::format("a measurement must have a number, got '{}'", r.cells[1]));
    if (out.empty() || out.back().label != r.cells[0]) out.emplace_back(), out.back().label = r.cells[0];
    Curve& c = out.back();
    std::vector<double>& indent = column_of(c, "indent", "1").values;
    if (indent.empty() || indent.back() != *number) indent.push_back(*number);
    const std::size_t row = indent.size();
    std::vector<double>& values = column_of(c, r.cells[2], unit_of(r.cells[3])).values;
    values.resize(row, NAN);
    values.back() = value_of(path, r.line, r.cells[2], r.cells[4], decimal);
  }
  for (Curve& c : out) {
    c.source = out.size() > 1 ? fmt::format("{} ({})", path, c.label) : path;
    for (CurveColumn& k : c.columns) k.values.resize(c.columns.front().values.size(), NAN);
  }
  if (out.empty()) throw FormatError(path, 0, "rows must follow the names Group, Measurement, Parameter, Unit, Value, got none");
  return out;
}

/// "X_SAMPLE_1_Time_[s]" to label "SAMPLE_1" and column Time in s.
std::pair<std::string, CurveColumn> wide_name(const std::string& cell) {
  const std::size_t open = cell.rfind("_["), name = open == std::string::npos || open == 0 ? open : cell.rfind('_', open - 1);
  if (name == std::string::npos || name < 2) return {"", named_column(cell)};
  return {cell.substr(2, name - 2), {cell.substr(name + 1, open - name - 1), file_unit(std::string_view(cell).substr(open + 1)), {}}};
}

/// Curves side by side, each with its own rows; abscissas that repeat are left out.
std::vector<Curve> wide(const std::string& path, const std::vector<SheetRow>& rows) {
  const char decimal = decimal_sign(rows);
  Cells names = rows.front().cells;
  while (!names.empty() && names.back().empty()) names.pop_back();
  std::vector<Curve> out;
  for (std::size_t k = 0; k < names.size(); ++k) {
    auto [label, column] = wide_name(names[k]);
    if (out.empty() || out.back().label != label)
      out.emplace_back(), out.back().label = label, out.back().source = fmt::format("{} ({})", path, label);
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (rows[i].cells.size() < names.size())
        throw FormatError(path, rows[i].line, fmt::format("a row must have {} values, got {}", names.size(), rows[i].cells.size()));
      column.values.push_back(value_of(path, rows[i].line, column.name, rows[i].cells[k], decimal));
    }
    const CurveColumn* same = out.back().find(column.name);
    if (!same) {
      while (!column.values.empty() && std::isnan(column.values.back())) column.values.pop_back();
      out.back().columns.push_back(std::move(column));
      continue;
    }
    column.values.resize(same->values.size(), NAN);
    if (column.values != same->values)
      throw FormatError(path, rows.front().line,
                        fmt::format("{} of {} must be the same for all its quantities, and differs", column.name, label));
  }
  for (Curve& c : out) {
    std::size_t n = 0;
    for (const CurveColumn& k : c.columns) n = std::max(n, k.values.size());
    for (CurveColumn& k : c.columns) k.values.resize(n, NAN);
  }
  return out;
}

}  // namespace

std::vector<Curve> read_anton_paar(const std::string& path, std::string_view text) {
  const std::vector<SheetRow> rows = rows_of_text(text, '\t', 1);
  if (rows.empty()) throw FormatError(path, 0, "a file of an indenter must hold rows, got none");
  const std::string& first = rows.front().cells.front();
  if (first == "Group") return groups(path, rows);
  if (first.starts_with("X_")) return wide(path, rows);
  return report(path, rows);
}

}  // namespace heteroglass::io
