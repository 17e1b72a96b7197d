#include "io/sheets.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "io/cell.hpp"

namespace heteroglass::io {
namespace {

constexpr std::size_t fewest_rows = 3;

std::size_t numbers(const SheetRow& row) {
  return static_cast<std::size_t>(std::count_if(row.cells.begin(), row.cells.end(), [](const std::string& c) { return looks_numeric(c); }));
}

/// Rows of several numbers in succession; a form with a number here and there has none.
bool holds_table(const Sheet& sheet) {
  std::size_t run = 0;
  for (const SheetRow& row : sheet.rows) {
    run = numbers(row) >= 2 ? run + 1 : 0;
    if (run >= fewest_rows) return true;
  }
  return false;
}

/// Columns and rows that are empty throughout.
void trim(Sheet& sheet) {
  std::size_t width = 0;
  for (const SheetRow& row : sheet.rows)
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      if (!row.cells[i].empty()) width = std::max(width, i + 1);
  // a column used by fewer than two rows is a remark beside the table
  while (width > 1 && std::count_if(sheet.rows.begin(), sheet.rows.end(),
                                    [&](const SheetRow& r) { return r.cells.size() >= width && !r.cells[width - 1].empty(); }) < 2)
    --width;
  for (SheetRow& row : sheet.rows) row.cells.resize(width);
  std::erase_if(sheet.rows, [](const SheetRow& r) {
    return std::all_of(r.cells.begin(), r.cells.end(), [](const std::string& c) { return c.empty(); });
  });
}

}  // namespace

std::vector<Curve> curves_of_sheets(const std::string& path, std::vector<Sheet> sheets) {
  std::vector<Curve> out;
  std::vector<std::string> others;
  for (Sheet& sheet : sheets) {
    if (!holds_table(sheet)) {
      others.push_back(sheet.name);
      continue;
    }
    trim(sheet);
    for (Curve& c : curves_of_rows(path + ":" + sheet.name, std::move(sheet.rows),
                                   {.decimal = '.', .continued_names = false, .padded = true, .where = "row"})) {
      c.label = sheet.name + (c.label.empty() ? "" : ", " + c.label);
      out.push_back(std::move(c));
    }
  }
  if (out.empty()) throw FormatError(path, 0, "a workbook must have a sheet with a table of numbers, and has none");
  if (!others.empty())
    out.front().warnings.push_back(fmt::format("{}: sheets without a table are left out: {}", path, fmt::join(others, ", ")));
  return out;
}

}  // namespace heteroglass::io
