// Tables in text: a row of names, perhaps a row of units, rows of numbers; comma, semicolon, tab or blanks.
#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/curve_file.hpp"
#include "io/encoding.hpp"
#include "io/table.hpp"

namespace heteroglass::io {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",;\t\"\n") == std::string_view::npos) return text;
  std::string result = "\"";
  for (char c : text) result += c == '"' ? "\"\"" : c == '\n' ? " " : std::string(1, c);
  return result + "\"";
}

}  // namespace

std::vector<Curve> read_csv(const std::string& path) { return curves_of_rows(path, rows_of_text(decoded_file(path).text)); }

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
