#include <algorithm>

#include "core/error.hpp"
#include "io/cell.hpp"
#include "io/instrument.hpp"
#include "io/table.hpp"

namespace heteroglass::io {
namespace {

constexpr std::string_view announced = "Number of Points";

/// "Number of Points = 5304"
std::optional<double> points_announced(const std::string& cell) {
  if (!cell.starts_with(announced)) return std::nullopt;
  const std::size_t equals = cell.find('=');
  return equals == std::string::npos ? std::nullopt : cell_number(std::string_view(cell).substr(equals + 1), '.');
}

bool is_header(const SheetRow& row) {
  return row.cells.size() > 1 && std::all_of(row.cells.begin(), row.cells.end(), [](const std::string& c) { return !looks_numeric(c); }) &&
         std::any_of(row.cells.begin(), row.cells.end(), [](const std::string& c) { return !named_column(c).unit.empty(); });
}

struct Part {
  TableBuilder table;
  std::optional<double> announced;
  std::size_t rows = 0, line = 0;
};

}  // namespace

std::vector<Curve> read_hysitron(const std::string& path, std::string_view text) {
  std::vector<Part> parts;
  std::optional<double> points;
  for (const SheetRow& row : rows_of_text(text, '\t', 1)) {
    if (const auto n = points_announced(row.cells.front())) {
      points = n;
    } else if (is_header(row)) {
      std::vector<CurveColumn> columns;
      for (const std::string& c : row.cells) columns.push_back(named_column(c));
      parts.push_back({TableBuilder(path, columns), points, 0, row.line});
      points.reset();
    } else if (!parts.empty()) {
      parts.back().table.add(row.line, row.cells);
      ++parts.back().rows;
    }
  }
  std::vector<Curve> curves;
  for (Part& p : parts) {
    if (p.announced && *p.announced != static_cast<double>(p.rows))
      throw FormatError(path, p.line,
                        fmt::format("{} rows must follow as the header announces, got {}: the file is cut", *p.announced, p.rows));
    if (p.rows == 0) continue;
    curves.push_back(p.table.finish('.'));
    if (parts.size() > 1) curves.back().label = fmt::format("part {}", curves.size());
  }
  if (curves.empty()) throw FormatError(path, 0, "rows of depth, load and time must follow their names, got none");
  return curves;
}

}  // namespace heteroglass::io
