// Tables in text: a row of names, perhaps a row of units, rows of numbers; comma, semicolon or tab.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/curve_file.hpp"
#include "io/number.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

/// The character that separates most cells of the first row, outside quotes.
char separator(std::string_view line) {
  char best = '\0';
  std::ptrdiff_t most = 0;
  for (char c : {'\t', ';', ','}) {
    bool quoted = false;
    std::ptrdiff_t n = 0;
    for (char d : line) {
      if (d == '"') quoted = !quoted;
      n += d == c && !quoted;
    }
    if (n > most) most = n, best = c;
  }
  return best;
}

std::string strip(std::string_view cell) { return std::string(trimmed(cell)); }

std::vector<std::string> cells(std::string_view line, char at) {
  std::vector<std::string> result;
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      cell += line[i++];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == at && !quoted && at != '\0') {
      result.push_back(strip(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  result.push_back(strip(cell));
  return result;
}

bool is_number(const std::string& cell) {
  double unused = 0;
  return is_real(cell, unused);
}

/// "Temperature (K)", "Temperature [K]" and "Temperature / K" hold their unit.
void split_name(const std::string& text, CurveColumn& column) {
  column.name = text;
  const char last = text.empty() ? '\0' : text.back();
  const std::size_t open = last == ')' ? text.rfind('(') : last == ']' ? text.rfind('[') : std::string_view::npos;
  if (open != std::string_view::npos && open > 0) {
    column.name = strip(std::string_view(text).substr(0, open));
    column.unit = strip(std::string_view(text).substr(open + 1, text.size() - open - 2));
  } else if (const std::size_t slash = text.find(" / "); slash != std::string_view::npos) {
    column.name = strip(std::string_view(text).substr(0, slash));
    column.unit = strip(std::string_view(text).substr(slash + 3));
  }
}

std::string unit_text(std::string cell) {
  if (cell.size() >= 2 && ((cell.front() == '(' && cell.back() == ')') || (cell.front() == '[' && cell.back() == ']')))
    cell = cell.substr(1, cell.size() - 2);
  return cell == "-" ? "1" : cell;
}

class CsvReader {
 public:
  explicit CsvReader(const std::string& path) : path_(path), text_(read_file(path)), lines_(text_) {}

  Curve read() {
    if (text_.find('\0') != std::string_view::npos)
      throw FormatError(path_, 0, "a table must be text in UTF-8, got zero bytes (UTF-16 or a binary file?)");
    std::vector<std::string> row;
    while (next(row))
      if (!header(row)) data(row);
    if (curve_.size() == 0) throw FormatError(path_, lines_.number(), "a table must hold at least one row of numbers, got none");
    drop_empty_last_column();
    curve_.source = path_;
    return std::move(curve_);
  }

 private:
  bool next(std::vector<std::string>& row) {
    std::string_view line;
    while (lines_.next(line)) {
      if (lines_.number() == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
      if (trimmed(line).empty() || line.front() == '#') continue;
      if (separator_ == '\n') separator_ = separator(line);
      row = cells(line, separator_);
      ++row_;
      return true;
    }
    return false;
  }

  /// True when the row was one of names or of units.
  bool header(const std::vector<std::string>& row) {
    const bool numbers = std::all_of(row.begin(), row.end(), [](const std::string& c) { return c.empty() || is_number(c); });
    const bool empty = std::all_of(row.begin(), row.end(), [](const std::string& c) { return c.empty(); });
    if (row_ == 1) {
      curve_.columns.resize(row.size());
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (numbers) {
          curve_.columns[i].name = fmt::format("column {}", i + 1);
        } else {
          split_name(row[i], curve_.columns[i]);
        }
      }
      return !numbers;
    }
    if (row_ != 2 || (numbers && !empty) || row.size() != curve_.columns.size()) return false;
    if (std::any_of(row.begin(), row.end(), [](const std::string& c) { return is_number(c) && c != "1"; }))
      return false;  // a spoilt row of data
    if (std::any_of(row.begin(), row.end(), looks_spoilt)) return false;
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!row[i].empty()) curve_.columns[i].unit = unit_text(row[i]);
    return true;
  }

  static bool looks_spoilt(const std::string& cell) {
    return cell.size() > 1 && std::all_of(cell.begin(), cell.end(),
                                          [](char c) { return std::string_view("0123456789.,+-eE' ").find(c) != std::string_view::npos; });
  }

  void data(const std::vector<std::string>& row) {
    if (row.size() != curve_.columns.size())
      throw FormatError(path_, lines_.number(),
                        fmt::format("a row must have {} values as the first row has, got {}{}", curve_.columns.size(), row.size(),
                                    separator_ == ',' && row.size() > curve_.columns.size() ? " (decimal commas?)" : ""));
    for (std::size_t i = 0; i < row.size(); ++i) {
      double value = std::numeric_limits<double>::quiet_NaN();
      if (!row[i].empty() && !is_real(row[i], value))
        throw FormatError(path_, lines_.number(),
                          fmt::format("{} must be a number{}, got '{}'", curve_.columns[i].name,
                                      row[i].find(',') != std::string::npos ? " with a decimal point" : "", excerpt(row[i])));
      curve_.columns[i].values.push_back(value);
    }
  }

  /// Some programs end every line with a separator.
  void drop_empty_last_column() {
    const CurveColumn& last = curve_.columns.back();
    if (curve_.columns.size() > 1 && last.name.empty() &&
        std::all_of(last.values.begin(), last.values.end(), [](double v) { return std::isnan(v); }))
      curve_.columns.pop_back();
  }

  std::string path_, text_;
  Lines lines_;
  char separator_ = '\n';  ///< not known yet
  std::size_t row_ = 0;
  Curve curve_;
};

std::string quoted(const std::string& text) {
  if (text.find_first_of(",;\t\"\n") == std::string_view::npos) return text;
  std::string result = "\"";
  for (char c : text) result += c == '"' ? "\"\"" : c == '\n' ? " " : std::string(1, c);
  return result + "\"";
}

}  // namespace

std::vector<Curve> read_csv(const std::string& path) { return {CsvReader(path).read()}; }

void write_csv(const std::string& path, const Curve& curve) {
  fmt::memory_buffer buffer;
  const auto out = std::back_inserter(buffer);
  const auto line = [&](auto&& cell) {
    for (std::size_t i = 0; i < curve.columns.size(); ++i) fmt::format_to(out, "{}{}", i > 0 ? "," : "", cell(curve.columns[i]));
    fmt::format_to(out, "\n");
  };
  line([](const CurveColumn& c) { return quoted(c.name); });
  // "-" for a pure number: a row of ones would look like data
  line([](const CurveColumn& c) { return c.unit == "1" ? "-" : c.unit.empty() ? "\"\"" : quoted(c.unit); });
  for (std::size_t i = 0; i < curve.size(); ++i) line([i](const CurveColumn& c) { return fmt::format("{}", c.values[i]); });
  write_file(path, {buffer.data(), buffer.size()});
}

}  // namespace heteroglass::io
