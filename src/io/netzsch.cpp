#include <algorithm>
#include <map>
#include <optional>

#include "core/error.hpp"
#include "io/cell.hpp"
#include "io/instrument.hpp"
#include "io/table.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

using Cells = std::vector<std::string>;

struct Header {
  std::map<std::string, Cells> keys;  ///< one value, or one for each sample
  char separator = ';', decimal = '.';
};

/// Values of a key: DATA COMPARE writes one for each sample, between tabs or the separator of the data.
Cells values_of(std::string_view text, char separator) {
  Cells out;
  const char at = text.find('\t') != std::string_view::npos ? '\t' : separator;
  while (true) {
    const std::size_t end = text.find(at);
    const std::string value(trimmed(text.substr(0, end)));
    if (!value.empty()) out.push_back(value);
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

void read_key(std::string_view line, Header& header) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon < 2) return;
  const std::string key(trimmed(line.substr(1, colon - 1)));
  const Cells values = values_of(line.substr(colon + 1), header.separator);
  if (values.empty()) return;
  header.keys[key] = values;
  if (key == "DECIMAL") header.decimal = values.front() == "COMMA" ? ',' : '.';
  if (key == "SEPARATOR")
    header.separator = values.front() == "COMMA" ? ',' : values.front() == "TAB" ? '\t' : values.front() == "SPACE" ? ' ' : ';';
}

/// "DSC/(mW/mg) [1.2]" is a DSC signal of the first sample.
std::string without_index(const std::string& name) {
  const std::size_t open = name.find('[');
  const std::size_t close = name.find(']', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || close == std::string::npos || close == open + 1) return name;
  if (name.find_first_not_of("0123456789. ", open + 1) != close) return name;
  return std::string(trimmed(name.substr(0, open) + name.substr(close + 1)));
}

/// "-30,0°C/10,0(K/min)/200,0°C": the rate, when there is just one, with the sign of the way.
std::optional<double> rate_of(const std::string& range) {
  std::vector<double> numbers;
  std::size_t rates = 0;
  for (std::size_t from = 0; from <= range.size();) {
    const std::size_t end = std::min(range.find('/', from), range.size());
    std::string part = range.substr(from, end - from);
    from = end + 1;
    if (part == "min)") {
      ++rates;
      continue;
    }
    const std::size_t stop = part.find_first_not_of("0123456789.,-+");
    part = part.substr(0, stop);
    if (const auto v = cell_number(part, has_decimal(part, ',') ? ',' : '.')) numbers.push_back(*v);
  }
  if (rates != 1 || numbers.size() != 3) return std::nullopt;
  return numbers[2] > numbers[0] ? numbers[1] : -numbers[1];
}

void add_properties(const Header& header, std::size_t sample, Curve& curve) {
  const auto value = [&](const std::string& key) -> std::string {
    const auto at = header.keys.find(key);
    if (at == header.keys.end()) return {};
    return at->second[std::min(sample, at->second.size() - 1)];
  };
  if (const auto exo = cell_number(value("EXO"), '.'); exo && *exo != 0) curve.properties["exotherm"] = {*exo > 0 ? 1.0 : -1.0, "1"};
  if (const auto rate = rate_of(value("RANGE")); rate && *rate != 0) curve.properties["rate"] = {*rate, "K/min"};
  for (const char* unit : {"mg", "g"}) {
    const std::string text = value(fmt::format("SAMPLE MASS /{}", unit));
    if (const auto mass = cell_number(text, has_decimal(text, ',') ? ',' : '.'); mass && *mass > 0)
      curve.properties["mass"] = {*mass, unit};
  }
  for (const char* key : {"SAMPLE", "IDENTITY", "FILE"})
    if (curve.label.empty()) curve.label = value(key);
}

/// How many samples stand side by side behind `shared` columns.
std::size_t samples(const Cells& names, std::size_t shared) {
  const std::size_t n = names.size() - shared;
  for (std::size_t period = 1; 2 * period <= n; ++period) {
    bool same = n % period == 0;
    for (std::size_t i = shared + period; i < names.size() && same; ++i) same = names[i] == names[i - period];
    if (same) return n / period;
  }
  return 1;
}

/// Cuts a table of several samples into curves of their own, without the rows that a sample does not have.
std::vector<Curve> compared(const Curve& table, const Header& header, const Cells& names) {
  std::size_t shared = 0, count = samples(names, 0);
  if (count < 2 && names.size() > 2) shared = 1, count = samples(names, 1);
  std::vector<Curve> out;
  const std::size_t period = (names.size() - shared) / count;
  for (std::size_t k = 0; k < count; ++k) {
    Curve c;
    c.warnings = table.warnings;
    for (std::size_t i = 0; i < shared; ++i) c.columns.push_back(table.columns[i]);
    for (std::size_t i = 0; i < period; ++i) c.columns.push_back(table.columns[shared + k * period + i]);
    for (std::size_t i = 0; i < c.columns.size(); ++i) c.columns[i].name = named_column(names[i]).name;
    std::vector<bool> keep(table.size(), false);
    for (std::size_t i = shared; i < c.columns.size(); ++i)
      for (std::size_t r = 0; r < keep.size(); ++r) keep[r] = keep[r] || c.columns[i].values[r] == c.columns[i].values[r];
    for (CurveColumn& column : c.columns) {
      std::size_t n = 0;
      for (std::size_t r = 0; r < keep.size(); ++r)
        if (keep[r]) column.values[n++] = column.values[r];
      column.values.resize(n);
    }
    add_properties(header, k, c);
    c.source = fmt::format("{} ({})", table.source, c.label.empty() ? fmt::format("sample {}", k + 1) : c.label);
    out.push_back(std::move(c));
  }
  return out;
}

}  // namespace

std::vector<Curve> read_netzsch(const std::string& path, std::string_view text) {
  Header header;
  Lines lines(text);
  std::string_view line;
  Cells names;
  std::size_t start = 0, first = 0;
  while (lines.next(line)) {
    if (line.starts_with("##")) {
      const std::vector<SheetRow> row = rows_of_text(line.substr(2), header.separator, 1);
      if (row.empty()) continue;
      names = row.front().cells;
      start = lines.position(), first = lines.number() + 1;
      break;
    }
    if (line.starts_with("#")) read_key(line, header);
  }
  if (names.empty())
    throw FormatError(path, lines.number(), "a NETZSCH export must name its columns in a line '##Temp./\u00b0C;...', and has none");
  while (names.size() > 1 && names.back().empty()) names.pop_back();
  std::vector<CurveColumn> columns;
  for (std::string& n : names) n = without_index(n), columns.push_back(named_column(n));
  TableBuilder table(path, columns);
  for (SheetRow& row : rows_of_text(text.substr(start), header.separator, first)) {
    if (row.comment) continue;
    while (row.cells.size() > columns.size() && row.cells.back().empty()) row.cells.pop_back();
    table.add(row.line, std::move(row.cells));
  }
  if (table.empty()) throw FormatError(path, lines.number(), "a NETZSCH export must hold at least one row of numbers, got none");
  const Curve whole = table.finish(header.decimal);
  if (whole.columns.size() != names.size()) {  // a column of words went
    Curve c = whole;
    add_properties(header, 0, c);
    return {c};
  }
  return compared(whole, header, names);
}

}  // namespace heteroglass::io
