#include <algorithm>
#include <cctype>
#include <utility>

#include "core/error.hpp"
#include "io/cell.hpp"
#include "io/instrument.hpp"
#include "io/table.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

using Cells = std::vector<std::string>;

/// "[step]", "[Step]"
std::string section(const SheetRow& row) {
  const std::string& c = row.cells.front();
  if (c.size() < 3 || c.front() != '[' || c.back() != ']') return {};
  std::string name = c.substr(1, c.size() - 2);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char x) { return static_cast<char>(std::tolower(x)); });
  return name;
}

std::vector<CurveColumn> columns_of(Cells names, const Cells& units) {
  while (!names.empty() && names.back().empty()) names.pop_back();
  std::vector<CurveColumn> columns;
  for (std::size_t i = 0; i < names.size(); ++i) columns.push_back({names[i], i < units.size() ? file_unit(units[i]) : "", {}});
  return columns;
}

/// A row may be longer by empty cells; missing ones at its end are gaps.
Cells fitted(Cells cells, std::size_t width) {
  while (cells.size() > width && cells.back().empty()) cells.pop_back();
  if (cells.size() < width) cells.resize(width);
  return cells;
}

class TriosReader {
 public:
  TriosReader(std::string path, std::string_view text) : path_(std::move(path)), rows_(rows_of_text(text, '\t', 1)) {}

  std::vector<Curve> read() {
    for (std::size_t i = 0; i < rows_.size();) {
      if (section(rows_[i]) == "step") {
        i = step(i + 1);
        continue;
      }
      std::string line;
      for (const std::string& c : rows_[i].cells) line += c + " ";
      read_properties(line, properties_);
      ++i;
    }
    if (curves_.empty()) throw FormatError(path_, 0, "a TRIOS export must hold at least one [step] with rows of numbers, got none");
    return std::move(curves_);
  }

 private:
  std::size_t end_of_step(std::size_t i) const {
    while (i < rows_.size() && section(rows_[i]).empty()) ++i;
    return i;
  }

  std::size_t step(std::size_t begin) {
    const std::size_t end = end_of_step(begin);
    const bool lims =
        begin < end && std::any_of(rows_.begin() + static_cast<std::ptrdiff_t>(begin), rows_.begin() + static_cast<std::ptrdiff_t>(end),
                                   [](const SheetRow& r) { return r.cells.front() == "Variables"; });
    lims ? lims_step(begin, end) : text_step(begin, end);
    return end;
  }

  /// Name, names of columns, units, rows.
  void text_step(std::size_t begin, std::size_t end) {
    if (end < begin + 3) return;
    const std::vector<CurveColumn> columns = columns_of(rows_[begin + 1].cells, rows_[begin + 2].cells);
    TableBuilder table(path_, columns);
    for (std::size_t i = begin + 3; i < end; ++i) table.add(rows_[i].line, fitted(rows_[i].cells, columns.size()));
    finish(table, rows_[begin].cells.front());
  }

  /// Keys with tabs behind them.
  void lims_step(std::size_t begin, std::size_t end) {
    std::string name;
    Cells names, units;
    std::vector<const SheetRow*> points;
    for (std::size_t i = begin; i < end; ++i) {
      const Cells& cells = rows_[i].cells;
      const Cells rest(cells.begin() + 1, cells.end());
      if (cells.front() == "Step name" && !rest.empty()) name = rest.front();
      if (cells.front() == "Variables") names = rest;
      if (cells.front() == "Units") units = rest;
      if (cells.front().starts_with("Data point")) points.push_back(&rows_[i]);
    }
    const std::vector<CurveColumn> columns = columns_of(names, units);
    TableBuilder table(path_, columns);
    for (const SheetRow* row : points) table.add(row->line, fitted({row->cells.begin() + 1, row->cells.end()}, columns.size()));
    finish(table, name);
  }

  void finish(TableBuilder& table, const std::string& name) {
    if (table.empty()) return;
    Curve c = table.finish();
    c.label = name.empty() ? fmt::format("step {}", curves_.size() + 1) : name;
    c.source = fmt::format("{} ({})", path_, c.label);
    c.properties = properties_;
    curves_.push_back(std::move(c));
  }

  std::string path_;
  std::vector<SheetRow> rows_;
  std::map<std::string, CurveProperty> properties_;
  std::vector<Curve> curves_;
};

}  // namespace

std::vector<Curve> read_trios(const std::string& path, std::string_view text) { return TriosReader(path, text).read(); }

}  // namespace heteroglass::io
