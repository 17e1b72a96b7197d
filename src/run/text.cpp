#include "run/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/number.hpp"
#include "run/options.hpp"

namespace heteroglass::run {
namespace {

constexpr std::size_t shown_rows = 20;

std::string unit_suffix(const std::string& unit) { return unit.empty() || unit == "1" ? "" : " " + unit; }

/// The standard uncertainties of an array result, empty where it has none.
std::vector<double> errors_of(const Outcome& out, const Field& f) {
  for (const Field& e : *out.analysis->results)
    if (e.error_of == f.name && e.kind == Kind::reals) return e.get<std::vector<double>>(static_cast<const void*>(out.result.get()));
  return {};
}

std::string array_text(const std::vector<double>& v, const std::vector<double>& errors, const std::string& unit) {
  if (v.size() <= 8) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < v.size(); ++i) parts.push_back(rounded(v[i], errors.size() == v.size() ? errors[i] : std::nan("")));
    return fmt::format("[{}]{}", fmt::join(parts, ", "), unit);
  }
  double low = v.front(), high = v.front();
  for (double x : v)
    if (std::isfinite(x)) low = std::isfinite(low) ? std::min(low, x) : x, high = std::isfinite(high) ? std::max(high, x) : x;
  return fmt::format("{} values, {:.6g} to {:.6g}{}", v.size(), low, high, unit);
}

std::string value_text(const Outcome& out, const Field& f) {
  const void* result = out.result.get();
  const std::string unit = unit_suffix(unit_in(out.units, f.unit));
  const auto spread = out.spread.find(f.name);
  const std::string over = spread == out.spread.end() || spread->second.sd.size() != 1
                               ? ""
                               : fmt::format(" (spread {:.3g} over {} frames)", spread->second.sd[0], out.frames);
  switch (f.kind) {
    case Kind::real:
      return std::isnan(f.get<double>(result)) ? "none" : rounded(f.get<double>(result), std::nan("")) + unit + over;
    case Kind::optional_real: {
      const auto& v = f.get<std::optional<double>>(result);
      return v ? rounded(*v, std::nan("")) + unit : "none";
    }
    case Kind::measured: {
      const Measured& m = f.get<Measured>(result);
      if (std::isnan(m.value)) return m.note.empty() ? "none" : "none: " + m.note;
      const std::string why = std::isnan(m.error) && !m.note.empty() ? " (no error: " + m.note + ")" : "";
      return rounded(m.value, m.error) + unit + over + why;
    }
    case Kind::integer:
      return spread != out.spread.end() ? fmt::format("{:.6g}{}{}", spread->second.mean, unit, over)
                                        : fmt::format("{}{}", f.get<int>(result), unit);
    case Kind::optional_integer: {
      const auto& v = f.get<std::optional<int>>(result);
      return v ? fmt::format("{}", *v) : "none";
    }
    case Kind::flag:
      return f.get<bool>(result) ? "yes" : "no";
    case Kind::text:
      return f.get<std::string>(result);
    case Kind::texts:
      return fmt::format("{}", fmt::join(f.get<std::vector<std::string>>(result), ", "));
    case Kind::reals:
      return array_text(f.get<std::vector<double>>(result), errors_of(out, f), unit);
    case Kind::integers: {
      const auto& v = f.get<std::vector<int>>(result);
      return array_text({v.begin(), v.end()}, {}, unit);
    }
    case Kind::named_reals: {
      std::vector<std::string> parts;
      for (const auto& [name, v] : f.get<std::map<std::string, double>>(result))
        parts.push_back(fmt::format("{}={}", name, rounded(v, std::nan(""))));
      return fmt::format("{}{}", fmt::join(parts, ", "), unit);
    }
    case Kind::matrix: {
      const Matrix& m = f.get<Matrix>(result);
      return fmt::format("matrix of {} x {}{}", m.rows, m.columns, unit);
    }
    case Kind::frames:
      return fmt::format("{} configurations", f.get<std::vector<Frame>>(result).size());
    case Kind::table:
      break;
  }
  return "";
}

/// An array or table that has nothing in it: a result of another kind of input.
bool is_empty(const Field& f, const void* result) {
  switch (f.kind) {
    case Kind::reals:
      return f.get<std::vector<double>>(result).empty();
    case Kind::integers:
      return f.get<std::vector<int>>(result).empty();
    case Kind::texts:
      return f.get<std::vector<std::string>>(result).empty();
    case Kind::matrix:
      return f.get<Matrix>(result).values.empty();
    case Kind::table:
      return f.get<Table>(result).rows() == 0 && f.get<Table>(result).columns.empty();
    default:
      return false;
  }
}

std::string small_matrix(const Field& f, const Outcome& out) {
  const Matrix& m = f.get<Matrix>(static_cast<const void*>(out.result.get()));
  std::string text;
  for (std::size_t i = 0; i < m.rows; ++i) {
    text += "   ";
    for (std::size_t j = 0; j < m.columns; ++j) text += fmt::format(" {:>12.6g}", m(i, j));
    text += "\n";
  }
  return text;
}

/// Significant digits as in reports: scientific notation for the very small and large, whole numbers as they are.
std::string plain(double value, int digits) {
  if (value == std::floor(value) && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  if (report::wants_power(value, digits)) {
    std::string out = fmt::format("{:.{}e}", value, digits - 1);
    const std::size_t e = out.find('e');
    std::size_t end = out.find_last_not_of('0', e - 1) + 1;
    if (out[end - 1] == '.') --end;
    return out.substr(0, end) + out.substr(e);
  }
  return fmt::format("{:.{}g}", value, digits);
}

}  // namespace

std::string rounded(double value, double error) {
  if (!std::isfinite(value)) return std::isnan(value) ? "none" : fmt::format("{}", value);
  if (std::isnan(error)) return plain(value, 7);
  if (!(error > 0) || !std::isfinite(error)) return fmt::format("{} +- {:.2g}", plain(value, 7), error);
  const report::Digits d = report::digits_with_error(value, error);
  if (d.apart) return fmt::format("{} +- {}", plain(value, 3), plain(error, 2));
  if (d.power == 0) return fmt::format("{} +- {}", d.value, d.error);
  return fmt::format("({} +- {})e{:+03d}", d.value, d.error, d.power);
}

std::string table_text(const Table& t, UnitSystem system) {
  std::vector<std::vector<std::string>> cells;
  for (const TableColumn& c : t.columns) {
    if (c.name.ends_with("_error") && t.find(c.name.substr(0, c.name.size() - 6))) continue;
    const TableColumn* error = t.find(c.name + "_error");
    const std::string unit = c.is_text ? "" : unit_in(system, c.unit);
    std::vector<std::string> column = {c.name + (unit.empty() || unit == "1" ? "" : " [" + unit + "]")};
    for (std::size_t r = 0; r < std::min(t.rows(), shown_rows); ++r)
      column.push_back(c.is_text ? c.text[r] : rounded(c.number[r], error ? error->number[r] : std::nan("")));
    cells.push_back(std::move(column));
  }
  std::string out;
  for (std::size_t r = 0; !cells.empty() && r < cells.front().size(); ++r) {
    std::string line = "   ";
    for (const auto& column : cells) {
      std::size_t width = 0;
      for (const std::string& s : column) width = std::max(width, s.size());
      line += fmt::format(" {:<{}}", column[r], width + 1);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  if (t.rows() > shown_rows) out += fmt::format("    ... {} more rows (--json or -o DIR)\n", t.rows() - shown_rows);
  return out;
}

std::string text(const Outcome& out) {
  std::string lines = fmt::format("{}: {}\n", out.analysis->path(), out.analysis->summary);
  std::size_t width = 0;
  for (const Field& f : *out.analysis->results) width = std::max(width, f.name.size());
  for (const Field& f : *out.analysis->results) {
    if (!f.error_of.empty() || is_empty(f, static_cast<const void*>(out.result.get()))) continue;
    if (f.kind == Kind::table) {
      lines += fmt::format("  {}\n{}", f.name, table_text(f.get<Table>(static_cast<const void*>(out.result.get())), out.units));
      continue;
    }
    lines += fmt::format("  {:<{}}  {}\n", f.name, width, value_text(out, f));
    if (f.kind == Kind::matrix && !f.per_atom && f.get<Matrix>(static_cast<const void*>(out.result.get())).columns <= 6 &&
        f.get<Matrix>(static_cast<const void*>(out.result.get())).rows <= 6)
      lines += small_matrix(f, out);
  }
  for (const ColumnUse& c : out.columns)
    lines += fmt::format("  column {:<{}}  '{}' [{}]\n", c.role, width > 7 ? width - 7 : 1, c.column, c.unit);
  lines += "options\n";
  const std::shared_ptr<void> defaults = out.analysis->new_options();
  for (const Field& f : *out.analysis->options) {
    const std::string now = option_text(f, out.options.get(), out.units);
    const bool same = now == option_text(f, defaults.get(), out.units);
    lines += fmt::format("  --{:<{}}  {}{}\n", hyphenated(f.name), width, now.empty() ? "automatic" : now, same ? "  (default)" : "");
  }
  for (const auto& [name, value] : out.input_options) lines += fmt::format("  --{:<{}}  {}\n", hyphenated(name), width, value);
  for (const std::string& w : out.warnings) lines += "warning: " + w + "\n";
  return lines;
}

}  // namespace heteroglass::run
