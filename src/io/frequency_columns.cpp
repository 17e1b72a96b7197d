#include "io/frequency_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "io/cell.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

struct Named {
  std::string name;  ///< without the frequency
  double hertz = 0;
};

/// "E' (1.000 Hz)", "E'(10,0 Hz)", "tan delta @ 1 kHz", "E' 1Hz"
std::optional<Named> named_frequency(const std::string& column) {
  const std::size_t unit = column.rfind("Hz");
  if (unit == std::string::npos) return std::nullopt;
  const std::string_view behind = trimmed(std::string_view(column).substr(unit + 2));
  if (!behind.empty() && behind != ")" && behind != "]") return std::nullopt;
  const bool kilo = unit > 0 && column[unit - 1] == 'k', milli = unit > 0 && column[unit - 1] == 'm';
  std::string_view before = trimmed(std::string_view(column).substr(0, unit - (kilo || milli ? 1 : 0)));
  std::size_t from = before.size();
  while (from > 0 && std::string_view("0123456789.,").find(before[from - 1]) != std::string_view::npos) --from;
  const std::string_view number = before.substr(from);
  const auto value = cell_number(number, has_decimal(number, ',') ? ',' : '.');
  std::string_view name = trimmed(before.substr(0, from));
  while (!name.empty() && std::string_view("([@_, ").find(name.back()) != std::string_view::npos) name.remove_suffix(1);
  if (!value || !(*value > 0) || name.empty()) return std::nullopt;
  return Named{std::string(name), *value * (kilo ? 1e3 : milli ? 1e-3 : 1)};
}

std::vector<Curve> split(const Curve& table) {
  std::vector<std::optional<Named>> named;
  std::vector<double> frequencies;
  for (const CurveColumn& c : table.columns) {
    named.push_back(named_frequency(c.name));
    if (named.back() && std::find(frequencies.begin(), frequencies.end(), named.back()->hertz) == frequencies.end())
      frequencies.push_back(named.back()->hertz);
  }
  if (frequencies.size() < 2) return {table};
  std::vector<Curve> out;
  for (const double f : frequencies) {
    Curve c = table;
    c.columns.clear();
    for (std::size_t i = 0; i < named.size(); ++i) {
      if (named[i] && named[i]->hertz != f) continue;
      c.columns.push_back(table.columns[i]);
      if (named[i]) c.columns.back().name = named[i]->name;
    }
    c.properties["frequency"] = {f, "Hz"};
    c.label = fmt::format("{}{}{:.6g} Hz", table.label, table.label.empty() ? "" : ", ", f);
    c.source = fmt::format("{} ({:.6g} Hz)", table.source, f);
    out.push_back(std::move(c));
  }
  return out;
}

}  // namespace

std::vector<Curve> split_named_frequencies(const std::vector<Curve>& curves) {
  std::vector<Curve> out;
  for (const Curve& c : curves)
    for (Curve& part : split(c)) out.push_back(std::move(part));
  return out;
}

}  // namespace heteroglass::io
