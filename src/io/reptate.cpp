#include <algorithm>
#include <cctype>

#include "core/error.hpp"
#include "io/cell.hpp"
#include "io/instrument.hpp"
#include "io/table.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

/// "T=-40;Mw=2.4;chem=PI;": the temperature is in degC by the format.
void read_keys(std::string_view line, Curve& curve) {
  while (!line.empty()) {
    const std::size_t end = line.find(';');
    const std::string_view pair = trimmed(line.substr(0, end));
    line = end == std::string_view::npos ? std::string_view() : line.substr(end + 1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = trimmed(pair.substr(0, equals)), value = trimmed(pair.substr(equals + 1));
    const auto number = cell_number(value, '.');
    if (key == "T" && number) curve.properties["temperature"] = {*number, "degC"};
    if (key == "gamma" && number) curve.properties["strain"] = {*number, "1"};
    if (key == "Mw" && number) curve.properties["molar_mass"] = {*number, "kg/mol"};
    if (key == "label") curve.label = std::string(value);
  }
}

/// Columns of files without names, by the definition of the format.
std::vector<CurveColumn> bare_columns(std::size_t n, Curve& curve, const std::string& path) {
  if (n == 2) {
    curve.warnings.push_back(fmt::format("{}: the file names no columns; by the .gt format they are t in s and G in Pa", path));
    return {{"t", "s", {}}, {"G", "Pa", {}}};
  }
  if (n == 3) {
    curve.warnings.push_back(fmt::format("{}: the file names no columns; by the .tts format they are w in rad/s, G' and G'' in Pa", path));
    return {{"w", "rad/s", {}}, {"G'", "Pa", {}}, {"G''", "Pa", {}}};
  }
  throw FormatError(path, 2, fmt::format("a RepTate file without names must have 2 columns (t, G) or 3 (w, G', G''), got {}", n));
}

std::string names_from(const std::vector<CurveColumn>& columns, std::size_t first) {
  std::vector<std::string> names;
  for (std::size_t i = first; i < columns.size(); ++i) {  // a name that stood before is another column
    const auto earlier = std::count_if(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(i),
                                       [&](const CurveColumn& c) { return c.name == columns[i].name; });
    names.push_back(earlier > 0 ? fmt::format("{} ({})", columns[i].name, earlier + 1) : columns[i].name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::vector<Curve> read_reptate(const std::string& path, std::string_view text) {
  Lines lines(text);
  std::string_view line;
  lines.next(line);
  Curve head;
  read_keys(line, head);
  const std::size_t first = lines.number() + 1;
  const std::string_view body = text.substr(lines.position());
  std::string_view names;
  Lines peek(body);
  while (peek.next(names) && trimmed(names).empty()) {
  }
  Curve curve;
  std::string curve_note;
  const std::vector<std::string_view> cells = words(names);
  if (!cells.empty() && cell_number(cells.front(), '.')) {
    TableBuilder table(path, bare_columns(cells.size(), head, path));
    for (SheetRow& row : rows_of_text(body, ' ', first)) table.add(row.line, std::move(row.cells));
    curve = table.finish('.');
  } else {
    // names and units between tabs, numbers between blanks or tabs
    const std::vector<SheetRow> top = rows_of_text(body, '\t', first);
    if (top.size() < 3) throw FormatError(path, first, "names, units and at least one row of numbers must follow the first line");
    std::vector<CurveColumn> columns;
    for (std::size_t i = 0; i < top[0].cells.size(); ++i)
      columns.push_back({top[0].cells[i], i < top[1].cells.size() ? file_unit(top[1].cells[i]) : "", {}});
    const std::vector<SheetRow> rows = rows_of_text(body, ' ', first);
    const std::size_t width = std::min(columns.size(), rows[2].cells.size());  // other rows must have as many
    if (width < columns.size()) {
      curve_note = fmt::format("{}: rows have {} values for {} names; the last columns are left out: {}", path, width, columns.size(),
                               names_from(columns, width));
      columns.resize(width);
    }
    TableBuilder table(path, columns);
    for (std::size_t i = 2; i < rows.size(); ++i) table.add(rows[i].line, rows[i].cells);
    curve = table.finish('.');
  }
  if (!curve_note.empty()) head.warnings.push_back(curve_note);
  if (curve.size() == 0) throw FormatError(path, first, "at least one row of numbers must follow the first line, got none");
  curve.properties = head.properties, curve.label = head.label;
  curve.warnings.insert(curve.warnings.end(), head.warnings.begin(), head.warnings.end());
  return {curve};
}

}  // namespace heteroglass::io
