#include <algorithm>

#include "core/error.hpp"
#include "io/cell.hpp"
#include "io/instrument.hpp"
#include "io/table.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

using Cells = std::vector<std::string>;

bool starts(const SheetRow& row, const char* key) { return row.cells.front().starts_with(key); }

std::string line_of(const SheetRow& row) { return fmt::format("{}", fmt::join(row.cells, " ")); }

/// "Glass 1, 12.3400 mg"
void read_sample(const std::string& line, std::map<std::string, CurveProperty>& properties) {
  const std::size_t comma = line.rfind(", ");
  if (comma != std::string::npos) read_properties("sample mass " + line.substr(comma + 2), properties);
}

}  // namespace

std::vector<Curve> read_mettler(const std::string& path, std::string_view text) {
  const std::vector<SheetRow> rows = rows_of_text(text, ' ', 1);
  std::vector<Curve> curves;
  std::map<std::string, CurveProperty> properties;
  std::string label;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string line = line_of(rows[i]);
    read_properties(line, properties);
    if (i > 0 && (line_of(rows[i - 1]) == "Sample:" || line_of(rows[i - 1]) == "Sample")) read_sample(line, properties);
    if (starts(rows[i], "Sample:") && rows[i].cells.size() > 1) read_sample(line, properties);
    if (line == "Curve Name:" && i + 1 < rows.size()) label = line_of(rows[i + 1]);
    if (line != "Curve Values:") continue;
    if (i + 3 >= rows.size())
      throw FormatError(path, rows[i].line, "names, units and numbers must follow 'Curve Values:', and the file ends");
    std::vector<CurveColumn> columns;
    const Cells &names = rows[i + 1].cells, &units = rows[i + 2].cells;
    for (std::size_t k = 0; k < names.size(); ++k) columns.push_back({names[k], k < units.size() ? file_unit(units[k]) : "", {}});
    // [] beside the number of the point says that it has no unit
    if (!columns.empty() && columns.front().unit.empty()) columns.front().unit = "1";
    TableBuilder table(path, columns);
    for (i += 3; i < rows.size() && looks_numeric(rows[i].cells.front()); ++i) table.add(rows[i].line, rows[i].cells);
    --i;
    if (table.empty()) continue;
    Curve c = table.finish();
    c.label = label.empty() ? fmt::format("curve {}", curves.size() + 1) : label;
    c.source = fmt::format("{} ({})", path, c.label);
    curves.push_back(std::move(c));
  }
  if (curves.empty()) throw FormatError(path, 0, "a STARe export must hold rows of numbers below 'Curve Values:', got none");
  for (Curve& c : curves) c.properties = properties;
  return curves;
}

}  // namespace heteroglass::io
