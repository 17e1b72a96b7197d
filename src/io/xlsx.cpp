// The parts of SpreadsheetML that hold cells: names of sheets, shared strings, rows. Formulas count by their stored value.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/cell.hpp"
#include "io/instrument.hpp"
#include "io/sheets.hpp"
#include "io/zip.hpp"

namespace heteroglass::io {
namespace {

/// Elements of one name, in order: their attributes and what is inside. Enough XML for files that programs wrote.
class Elements {
 public:
  Elements(std::string_view xml, std::string name) : xml_(xml), name_(std::move(name)) {}

  bool next() {
    while (true) {
      const std::size_t open = xml_.find('<', at_);
      if (open == std::string_view::npos) return false;
      const std::size_t close = xml_.find('>', open);
      if (close == std::string_view::npos) return false;
      at_ = close + 1;
      std::string_view tag = xml_.substr(open + 1, close - open - 1);
      const bool empty = tag.ends_with('/');
      if (empty) tag.remove_suffix(1);
      const std::size_t space = tag.find_first_of(" \t\n");
      if (local(tag.substr(0, space)) != name_) continue;
      attributes_ = space == std::string_view::npos ? std::string_view() : tag.substr(space);
      inside_ = {};
      if (empty) return true;
      const std::string end = "</" + std::string(tag.substr(0, space)) + ">";
      const std::size_t stop = xml_.find(end, at_);
      if (stop == std::string_view::npos) return false;
      inside_ = xml_.substr(at_, stop - at_);
      at_ = stop + end.size();
      return true;
    }
  }

  std::string attribute(std::string_view key) const {
    const std::string wanted = " " + std::string(key) + "=\"";
    const std::size_t from = attributes_.find(wanted);
    if (from == std::string_view::npos) return {};
    const std::size_t start = from + wanted.size();
    return std::string(attributes_.substr(start, attributes_.find('"', start) - start));
  }
  std::string_view inside() const { return inside_; }

 private:
  static std::string_view local(std::string_view tag) {
    const std::size_t colon = tag.find(':');
    return colon == std::string_view::npos ? tag : tag.substr(colon + 1);
  }
  std::string_view xml_, attributes_, inside_;
  std::string name_;
  std::size_t at_ = 0;
};

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '&') {
      out += text[i];
      continue;
    }
    const std::size_t end = text.find(';', i);
    const std::string_view entity = text.substr(i + 1, end == std::string_view::npos ? 0 : end - i - 1);
    if (entity == "amp")
      out += '&';
    else if (entity == "lt")
      out += '<';
    else if (entity == "gt")
      out += '>';
    else if (entity == "quot")
      out += '"';
    else if (entity == "apos" || entity == "#39")
      out += '\'';
    else if (entity == "#176")
      out += "\u00b0";
    else if (entity == "#181")
      out += "\u00b5";
    if (end == std::string_view::npos) break;
    i = end;
  }
  return out;
}

/// All pieces of text in an element (a string may be cut into runs of one font).
std::string texts(std::string_view xml) {
  std::string out;
  for (Elements t(xml, "t"); t.next();) out += unescaped(t.inside());
  return out;
}

/// "BC12" to 54
std::size_t column_of(const std::string& reference) {
  std::size_t n = 0;
  for (const char c : reference)
    if (std::isalpha(static_cast<unsigned char>(c)) != 0)
      n = n * 26 + static_cast<std::size_t>(std::toupper(static_cast<unsigned char>(c)) - 'A' + 1);
  return n == 0 ? 0 : n - 1;
}

std::string cell_text(const Elements& cell, const std::vector<std::string>& shared, const std::string& path) {
  const std::string type = cell.attribute("t");
  if (type == "inlineStr") return texts(cell.inside());
  Elements v(cell.inside(), "v");
  if (!v.next()) return {};
  std::string value = unescaped(v.inside());
  if (type == "e") return "#N/A";
  if (type != "s") return value;
  std::size_t index = 0;
  std::from_chars(value.data(), value.data() + value.size(), index);
  if (index >= shared.size())
    throw FormatError(path, 0, fmt::format("a shared text must be one of {}, got number {}", shared.size(), value));
  return shared[index];
}

Sheet sheet_of(const std::string& name, std::string_view xml, const std::vector<std::string>& shared, const std::string& path) {
  Sheet sheet{name, {}};
  std::size_t line = 0, widest = 0;
  for (Elements row(xml, "row"); row.next();) {
    const std::string number = row.attribute("r");
    ++line;
    if (!number.empty()) std::from_chars(number.data(), number.data() + number.size(), line);
    SheetRow cells{line, {}, false};
    for (Elements cell(row.inside(), "c"); cell.next();) {
      const std::string reference = cell.attribute("r");
      const std::size_t at = reference.empty() ? cells.cells.size() : column_of(reference);
      if (at > 16383) throw FormatError(path, line, fmt::format("a cell must be in column A to XFD, got '{}'", reference));
      if (at >= cells.cells.size()) cells.cells.resize(at + 1);
      cells.cells[at] = cell_text(cell, shared, path);
    }
    widest = std::max(widest, cells.cells.size());
    sheet.rows.push_back(std::move(cells));
  }
  for (SheetRow& row : sheet.rows) row.cells.resize(widest);
  return sheet;
}

/// Id of each worksheet's relation to its file.
std::map<std::string, std::string> relations(std::string_view xml) {
  std::map<std::string, std::string> out;
  for (Elements r(xml, "Relationship"); r.next();) {
    std::string target = r.attribute("Target");
    out[r.attribute("Id")] = target.starts_with("/") ? target.substr(1) : "xl/" + target;
  }
  return out;
}

}  // namespace

std::vector<Curve> read_xlsx(const std::string& path) {
  const std::map<std::string, std::string> files = unzip(path, read_file(path), "xl/");
  const auto file = [&](const std::string& name) -> std::string_view {
    const auto at = files.find(name);
    return at == files.end() ? std::string_view() : std::string_view(at->second);
  };
  if (file("xl/workbook.xml").empty())
    throw FormatError(path, 0, "the archive must be an Excel workbook (xl/workbook.xml), and is another");
  std::vector<std::string> shared;
  for (Elements s(file("xl/sharedStrings.xml"), "si"); s.next();) shared.push_back(texts(s.inside()));
  const std::map<std::string, std::string> targets = relations(file("xl/_rels/workbook.xml.rels"));
  std::vector<Sheet> sheets;
  for (Elements s(file("xl/workbook.xml"), "sheet"); s.next();) {
    const auto target = targets.find(s.attribute("r:id"));
    const std::string name = target == targets.end() ? fmt::format("xl/worksheets/sheet{}.xml", sheets.size() + 1) : target->second;
    sheets.push_back(sheet_of(unescaped(s.attribute("name")), file(name), shared, path));
  }
  return curves_of_sheets(path, std::move(sheets));
}

}  // namespace heteroglass::io
