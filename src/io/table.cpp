#include "io/table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "core/error.hpp"
#include "io/cell.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

using Cells = std::vector<std::string>;

bool numberish(const std::string& cell) { return is_gap(cell) || looks_numeric(cell) || cell_number(cell, '.') || cell_number(cell, ','); }

/// How strictly a row of data is told: tables of words and numbers begin their rows with words.
enum class Rows { of_numbers, with_words };

/// Most cells are numbers, the first among them: a row of data that may also hold words, such as a date.
bool is_data_row(const Cells& cells, Rows rows) {
  std::size_t numbers = 0, words = 0;
  bool unit = false;
  for (const std::string& c : cells)
    if (!is_gap(c)) ++(numberish(c) ? numbers : words), unit = unit || (!numberish(c) && is_unit(c));
  const bool only_ones =
      std::all_of(cells.begin(), cells.end(), [](const std::string& c) { return is_gap(c) || !numberish(c) || c == "1"; });
  if (numbers == 0 || (unit && only_ones)) return false;  // K, 1, 1 are units
  if (rows == Rows::with_words || words == 0) return true;
  return numbers >= words && looks_numeric(cells.front().empty() && cells.size() > 1 ? cells[1] : cells.front());
}

bool has_words(const Cells& cells) {
  return std::any_of(cells.begin(), cells.end(), [](const std::string& c) { return !numberish(c); });
}

/// The number of cells that most rows of numbers have.
std::size_t usual_width(const std::vector<SheetRow>& rows, Rows kind) {
  std::map<std::size_t, std::size_t> count;
  for (const SheetRow& r : rows)
    if (!r.comment && is_data_row(r.cells, kind)) ++count[r.cells.size()];
  std::size_t best = 0, most = 0;
  for (const auto& [width, n] : count)
    if (n >= most) best = width, most = n;
  return best;
}

char decimal_of(const std::string& path, const std::vector<SheetRow>& rows) {
  const SheetRow *comma = nullptr, *point = nullptr;
  std::string with_comma, with_point;
  for (const SheetRow& r : rows)
    for (const std::string& c : r.cells) {
      if (!comma && has_decimal(c, ',')) comma = &r, with_comma = c;
      if (!point && has_decimal(c, '.')) point = &r, with_point = c;
    }
  if (comma && point)
    throw FormatError(
        path, std::max(comma->line, point->line),
        fmt::format("decimal signs must be the same throughout, got '{}' and '{}'", excerpt(with_comma), excerpt(with_point)));
  return comma ? ',' : '.';
}

[[noreturn]] void damaged(const std::string& path, std::size_t line, const std::string& name, const std::string& cell, char decimal) {
  const auto marks = std::count_if(cell.begin(), cell.end(), [](char c) { return c == '.' || c == ','; });
  const std::string why =
      marks > 1 ? ": thousands marks that a spreadsheet put in have destroyed the decimal sign; export the file again" : "";
  throw FormatError(
      path, line,
      fmt::format("{} must be a number with a decimal {}, got '{}'{}", name, decimal == ',' ? "comma" : "point", excerpt(cell), why));
}

/// Names of columns that repeat get a number, so that each can be named.
void number_repeated(std::vector<CurveColumn>& columns) {
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name.empty()) columns[i].name = fmt::format("column {}", i + 1);
    if (const int n = ++seen[columns[i].name]; n > 1) columns[i].name += fmt::format(" ({})", n);
  }
}

/// How many times a pattern of at least two names repeats; 1 when it does not.
std::size_t repetitions(const std::vector<CurveColumn>& columns) {
  for (std::size_t period = 2; 2 * period <= columns.size(); ++period) {
    if (columns.size() % period != 0) continue;
    bool same = true;
    for (std::size_t i = period; i < columns.size() && same; ++i)
      same = columns[i].name == columns[i - period].name && !columns[i].name.empty();
    if (same) return columns.size() / period;
  }
  return 1;
}

/// One stretch of a file: what stands above its rows of numbers, and these.
struct Block {
  std::vector<SheetRow> head, data;
};

std::vector<Block> blocks_of(const std::string& path, std::vector<SheetRow> rows, const TableStyle& style) {
  const Rows kind = usual_width(rows, Rows::of_numbers) > 0 ? Rows::of_numbers : Rows::with_words;
  const std::size_t width = usual_width(rows, kind);
  std::vector<Block> blocks(1);
  bool inside = false;
  for (SheetRow& row : rows) {
    if (style.padded && row.cells.size() < width && !row.comment) row.cells.resize(width);
    const bool data = !row.comment && is_data_row(row.cells, kind) && (inside || row.cells.size() == width);
    if (data) {
      blocks.back().data.push_back(std::move(row));
      inside = true;
      continue;
    }
    if (row.comment || std::all_of(row.cells.begin(), row.cells.end(), [](const std::string& c) { return c.empty(); })) {
      if (!inside && row.comment) blocks.back().head.push_back(std::move(row));
      continue;
    }
    if (inside && row.cells.size() == width && std::any_of(row.cells.begin(), row.cells.end(), looks_numeric)) {
      const auto bad = std::find_if_not(row.cells.begin(), row.cells.end(), numberish);
      throw FormatError(path, row.line, fmt::format("a row of numbers must hold numbers only, got '{}'", excerpt(*bad)));
    }
    if (inside) blocks.emplace_back(), inside = false;
    blocks.back().head.push_back(std::move(row));
  }
  if (blocks.size() > 1 && blocks.back().data.empty()) blocks.pop_back();  // words at the end
  return blocks;
}

/// What the head of a block says: names, units, labels above them, the rest.
struct Head {
  std::vector<CurveColumn> columns;
  Cells labels;       ///< row above the names, as wide as they are
  std::string label;  ///< words above a later block
  std::map<std::string, CurveProperty> properties;
};

/// At least half of what stands there are units, or nothing stands there at all.
bool is_unit_row(const Cells& cells) {
  std::size_t units = 0, filled = 0;
  for (const std::string& c : cells) filled += !c.empty(), units += !c.empty() && (is_unit(c) || is_gap(c));
  return 2 * units >= filled;
}

void set_names(Head& head, const Cells& names, std::size_t width) {
  head.columns.clear();
  for (std::size_t i = 0; i < width; ++i) head.columns.push_back(i < names.size() ? named_column(names[i]) : CurveColumn{});
}

void set_units(Head& head, const Cells& units) {
  for (std::size_t i = 0; i < units.size() && i < head.columns.size(); ++i)
    if (!units[i].empty()) head.columns[i].unit = file_unit(units[i]);
}

std::string joined(const Cells& cells) {
  std::string text;
  for (const std::string& c : cells)
    if (!c.empty()) text += (text.empty() ? "" : " ") + c;
  return text;
}

/// Rows directly above the numbers and nearly as wide are names, units, labels; in the order of the file.
Head read_head(const std::vector<SheetRow>& rows, std::size_t width, const TableStyle& style) {
  Head head;
  for (const SheetRow& r : rows) read_properties(joined(r.cells), head.properties);
  const auto wide = [&](const SheetRow& r) {
    const auto filled =
        static_cast<std::size_t>(std::count_if(r.cells.begin(), r.cells.end(), [](const std::string& c) { return !c.empty(); }));
    return r.cells.size() + 1 >= width && r.cells.size() <= width + 1 && 2 * filled + 1 >= width && (width == 1 || r.cells.size() > 1);
  };
  std::size_t first = rows.size();
  while (first > 0 && wide(rows[first - 1]) && rows.size() - first < 3) --first;
  std::vector<SheetRow> top(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end());
  if (std::any_of(top.begin(), top.end(), [](const SheetRow& r) { return !r.comment; }))
    std::erase_if(top, [](const SheetRow& r) { return r.comment; });
  if (top.empty()) return head;
  std::vector<CurveColumn> last;
  for (const std::string& c : top.back().cells) last.push_back(named_column(c));
  const bool sets = top.size() > 1 && repetitions(last) > 1;
  if (sets) {  // labels above a pattern of names
    head.labels = top[top.size() - 2].cells;
    set_names(head, top.back().cells, width);
    return head;
  }
  // names, then units; of more rows, the one above the units, or the last
  std::size_t units = top.size();
  for (std::size_t i = 1; i < top.size() && units == top.size(); ++i)
    if (is_unit_row(top[i].cells)) units = i;
  std::size_t names = units < top.size() ? units - 1 : top.size() - 1;
  if (units == top.size() && top.size() == 2 && !style.continued_names) names = 0, units = 1;  // units that are not known here
  set_names(head, top[names].cells, width);
  if (style.continued_names && names > 0) {
    Cells joint = top[names - 1].cells;
    joint.resize(std::max(joint.size(), top[names].cells.size()));
    for (std::size_t i = 0; i < top[names].cells.size(); ++i) joint[i] = joined({joint[i], top[names].cells[i]});
    set_names(head, joint, width);
  }
  if (units < top.size()) set_units(head, top[units].cells);
  for (std::size_t i = 0; i < first; ++i)
    if (!rows[i].comment && has_words(rows[i].cells)) head.label = joined(rows[i].cells);
  return head;
}

/// Curves that stand side by side, each with its own rows.
std::vector<Curve> side_by_side(const Curve& table, std::size_t times, const Cells& labels) {
  std::vector<Curve> out;
  const std::size_t period = table.columns.size() / times;
  for (std::size_t k = 0; k < times; ++k) {
    Curve c;
    c.source = table.source, c.properties = table.properties, c.warnings = table.warnings;
    for (std::size_t i = 0; i < period; ++i) {
      c.columns.push_back(table.columns[k * period + i]);
      if (k * period + i < labels.size() && c.label.empty()) c.label = labels[k * period + i];
    }
    std::vector<bool> keep(table.size(), false);
    for (const CurveColumn& column : c.columns)
      for (std::size_t r = 0; r < keep.size(); ++r) keep[r] = keep[r] || !std::isnan(column.values[r]);
    for (CurveColumn& column : c.columns) {
      std::size_t n = 0;
      for (std::size_t r = 0; r < keep.size(); ++r)
        if (keep[r]) column.values[n++] = column.values[r];
      column.values.resize(n);
    }
    if (c.label.empty()) c.label = fmt::format("{}", k + 1);
    c.source = fmt::format("{} ({})", table.source, c.label);
    out.push_back(std::move(c));
  }
  return out;
}

/// Ratios and counters by definition.
bool is_pure_number(const std::string& name) {
  static constexpr std::array<std::string_view, 8> counters = {"Index", "Nr", "Nr.", "No.", "Set", "Segment", "Cycle", "Point"};
  return name.starts_with("tan") || std::find(counters.begin(), counters.end(), name) != counters.end();
}

}  // namespace

void TableBuilder::add(std::size_t line, std::vector<std::string> cells) {
  if (cells.size() == columns_.size() + 1 && cells.back().empty()) cells.pop_back();  // some programs end every line with a separator
  if (cells.size() != columns_.size())
    throw FormatError(path_, line, fmt::format("a row must have {} values as the first row has, got {}", columns_.size(), cells.size()));
  rows_.push_back({line, std::move(cells), false});
}

Curve TableBuilder::finish(char decimal) {
  if (decimal == '\0') decimal = decimal_of(path_, rows_);
  Curve curve;
  curve.source = path_;
  number_repeated(columns_);
  std::vector<std::string> words;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    CurveColumn& column = columns_[i];
    if (column.unit.empty() && is_pure_number(column.name)) column.unit = "1";
    const SheetRow* bad = nullptr;
    std::size_t numbers = 0, spoilt = 0;
    for (const SheetRow& r : rows_) {
      const std::optional<double> v = is_gap(r.cells[i]) ? std::nullopt : cell_number(r.cells[i], decimal);
      const bool fails = !v && !is_gap(r.cells[i]);
      numbers += v.has_value(), spoilt += fails && looks_numeric(r.cells[i]);
      if (fails && !bad) bad = &r;
      column.values.push_back(v.value_or(std::nan("")));
    }
    if (bad && (numbers > 0 || spoilt > 0)) damaged(path_, bad->line, column.name, bad->cells[i], decimal);
    if (bad) {
      words.push_back(column.name);
      continue;
    }
    const bool nothing = numbers == 0 && column.name == fmt::format("column {}", i + 1) && i + 1 == columns_.size() && i > 0;
    if (!nothing) curve.columns.push_back(std::move(column));
  }
  if (!words.empty()) curve.warnings.push_back(fmt::format("{}: columns of words are left out: {}", path_, fmt::join(words, ", ")));
  return curve;
}

std::vector<Curve> curves_of_rows(const std::string& path, std::vector<SheetRow> rows, const TableStyle& style) {
  const std::size_t lines = rows.empty() ? 0 : rows.back().line;
  std::vector<Block> blocks = blocks_of(path, std::move(rows), style);
  if (blocks.front().data.empty()) throw FormatError(path, lines, "a table must hold at least one row of numbers, got none");
  std::vector<Curve> out;
  Head last;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const std::size_t width = blocks[b].data.front().cells.size();
    Head head = read_head(blocks[b].head, width, style);
    if (head.columns.empty() && b > 0 && last.columns.size() == width) {
      head.columns = last.columns;
      if (!blocks[b].head.empty()) head.label = joined(blocks[b].head.back().cells);
    }
    if (head.columns.empty()) {
      const auto names = std::find_if(blocks[b].head.rbegin(), blocks[b].head.rend(), [](const SheetRow& r) { return !r.comment; });
      if (names != blocks[b].head.rend() && names->cells.size() > 1)
        throw FormatError(path, blocks[b].data.front().line,
                          fmt::format("a row must have {} values as the row of names above it, got {}{}", names->cells.size(), width,
                                      2 * names->cells.size() == width ? " (decimal commas?)" : ""));
      head.columns.resize(width);
    }
    for (const auto& [name, property] : last.properties) head.properties.try_emplace(name, property);
    TableBuilder table(path, head.columns);
    for (SheetRow& r : blocks[b].data) table.add(r.line, std::move(r.cells));
    const std::size_t times = repetitions(head.columns);
    Curve c = table.finish(style.decimal);
    c.properties = head.properties;
    if (blocks.size() > 1)
      c.label = head.label.empty() ? fmt::format("part {}", b + 1) : head.label, c.source = fmt::format("{} ({})", path, c.label);
    if (times > 1 && c.columns.size() == head.columns.size()) {
      for (std::size_t i = 0; i < c.columns.size(); ++i) c.columns[i].name = c.columns[i % (c.columns.size() / times)].name;
      for (Curve& part : side_by_side(c, times, head.labels)) out.push_back(std::move(part));
    } else {
      out.push_back(std::move(c));
    }
    last = std::move(head);
  }
  return out;
}

}  // namespace heteroglass::io
