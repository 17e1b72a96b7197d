#include <cctype>
#include <charconv>

#include "core/error.hpp"
#include "io/cell.hpp"
#include "io/instrument.hpp"
#include "io/table.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

struct Header {
  std::vector<CurveColumn> columns;
  std::map<std::string, CurveProperty> properties;
  std::string sample;
};

void read_key(const std::vector<std::string>& cells, Header& header) {
  const std::string &key = cells.front(), value = cells.size() > 1 ? cells[1] : "";
  if (key.starts_with("Sig") && key.size() > 3 && std::isdigit(static_cast<unsigned char>(key[3])) != 0) {
    header.columns.push_back(named_column(value));
  } else if (key == "Exotherm") {
    read_properties("exotherm " + value, header.properties);
  } else if (key == "Size") {
    read_properties("sample size " + value + " " + (cells.size() > 2 ? cells[2] : ""), header.properties);
  } else if (key == "Sample") {
    header.sample = value;
  }
}

}  // namespace

std::vector<Curve> read_ta_universal(const std::string& path, std::string_view text) {
  Header header;
  bool data = false;
  std::vector<TableBuilder> parts;
  std::size_t events = 0;
  for (const SheetRow& row : rows_of_text(text, '\t', 1)) {
    if (row.cells.front() == "StartOfData") {
      data = true;
      if (header.columns.empty()) throw FormatError(path, row.line, "signals must be named (Sig1, Sig2, ...) above StartOfData, got none");
      parts.emplace_back(path, header.columns);
    } else if (!data) {
      read_key(row.cells, header);
    } else if (cell_number(row.cells.front(), '.') == -1.0) {
      ++events;
      if (!parts.back().empty()) parts.emplace_back(path, header.columns);
    } else {
      parts.back().add(row.line, row.cells);
    }
  }
  if (!data) throw FormatError(path, 0, "data must follow a line StartOfData, and there is none");
  std::erase_if(parts, [](const TableBuilder& p) { return p.empty(); });
  if (parts.empty()) throw FormatError(path, 0, "StartOfData must be followed by at least one row of numbers, got none");
  std::vector<Curve> curves;
  for (TableBuilder& part : parts) {
    Curve c = part.finish('.');
    c.properties = header.properties;
    c.label = parts.size() > 1 ? fmt::format("segment {}", curves.size() + 1) : header.sample;
    if (parts.size() > 1) c.source = fmt::format("{} ({})", path, c.label);
    curves.push_back(std::move(c));
  }
  if (events > 0)
    curves.front().warnings.push_back(
        fmt::format("{}: {} rows mark events (time -1) and are left out; they separate the segments", path, events));
  return curves;
}

}  // namespace heteroglass::io
