#include "io/cell.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <vector>

#include "core/error.hpp"
#include "core/units.hpp"
#include "io/number.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

constexpr std::string_view minus = "\u2212";

std::string lower(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t i = text.find(from); i != std::string::npos; i = text.find(from, i + to.size())) text.replace(i, from.size(), to);
}

bool parses(const std::string& unit) {
  try {
    static_cast<void>(parse_unit(unit));
    return true;
  } catch (const InputError&) {
    return false;
  }
}

/// "(x)" and "[x]" without their brackets, when these belong together.
std::string_view unbracketed(std::string_view text) {
  text = trimmed(text);
  while (text.size() >= 2 && ((text.front() == '(' && text.back() == ')') || (text.front() == '[' && text.back() == ']'))) {
    int depth = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      depth += (text[i] == '(' || text[i] == '[') ? 1 : (text[i] == ')' || text[i] == ']') ? -1 : 0;
      if (depth == 0) return text;
    }
    text = trimmed(text.substr(1, text.size() - 2));
  }
  return text;
}

/// Where the bracket that ends at `close` opens; npos when nowhere.
std::size_t opening(std::string_view text, std::size_t close) {
  int depth = 0;
  for (std::size_t i = close + 1; i-- > 0;) {
    depth += (text[i] == ')' || text[i] == ']') ? 1 : (text[i] == '(' || text[i] == '[') ? -1 : 0;
    if (depth == 0) return i;
  }
  return std::string_view::npos;
}

CurveColumn column(std::string_view name, std::string_view unit) { return {std::string(trimmed(name)), file_unit(unit), {}}; }

std::optional<double> first_number(std::string_view text, std::string_view& rest) {
  const std::size_t from = text.find_first_of("0123456789");
  if (from == std::string_view::npos) return std::nullopt;
  std::size_t to = text.find_first_not_of("0123456789.,eE+-", from);
  if (to == std::string_view::npos) to = text.size();
  std::string_view cell = text.substr(from, to - from);
  while (!cell.empty() && std::string_view(".,eE+-").find(cell.back()) != std::string_view::npos) cell.remove_suffix(1);
  rest = trimmed(text.substr(from + cell.size()));
  return cell_number(cell, has_decimal(cell, ',') ? ',' : '.');
}

}  // namespace

bool is_gap(std::string_view cell) {
  const std::string c = lower(trimmed(cell));
  static constexpr std::array<std::string_view, 12> gaps = {"",   "-",    "--",   "---",  "nan", "n/a",
                                                            "na", "#n/a", "null", "none", "*",   "\u2014"};
  return std::find(gaps.begin(), gaps.end(), c) != gaps.end();
}

std::optional<double> cell_number(std::string_view cell, char decimal) {
  std::string text(trimmed(cell));
  replace_all(text, minus, "-");
  const char other = decimal == ',' ? '.' : ',';
  if (text.empty() || text.find(other) != std::string::npos) return std::nullopt;
  std::replace(text.begin(), text.end(), ',', '.');
  double value = 0;
  if (!is_real(text, value)) return std::nullopt;
  return value;
}

bool looks_numeric(std::string_view cell) {
  cell = trimmed(cell);
  return std::any_of(cell.begin(), cell.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
         cell.find_first_not_of("0123456789.,+-eE' ") == std::string_view::npos && cell.front() != 'e' && cell.front() != 'E';
}

bool has_decimal(std::string_view cell, char decimal) {
  cell = trimmed(cell);
  const std::size_t at = cell.find(decimal);
  return at != std::string_view::npos && cell_number(cell, decimal).has_value();
}

std::string file_unit(std::string_view given) {
  std::string text(unbracketed(given));
  replace_all(text, "\u00a0", " ");
  static const std::map<std::string, std::string> spellings = {
      {"-", "1"},          {"--", "1"},        {"\u2013", "1"},       {"none", "1"},        {"unitless", "1"},    {"dimensionless", "1"},
      {"sec", "s"},        {"sec.", "s"},      {"seconds", "s"},      {"second", "s"},      {"min.", "min"},      {"mins", "min"},
      {"minutes", "min"},  {"minute", "min"},  {"hours", "h"},        {"hr", "h"},          {"oc", "degC"},       {"\u00b0 c", "degC"},
      {"deg c", "degC"},   {"deg. c", "degC"}, {"deg.c", "degC"},     {"degree c", "degC"}, {"celsius", "degC"},  {"cel", "degC"},
      {"c\u00b0", "degC"}, {"\u2103", "degC"}, {"degrees c", "degC"}, {"kelvin", "K"},      {"rad/sec", "rad/s"}, {"1/sec", "1/s"},
      {"hertz", "Hz"},     {"gpa", "GPa"},     {"hz", "Hz"},          {"\u79d2", "s"},      {"\u5206", "min"}};
  if (parses(text)) return text;
  if (const auto s = spellings.find(lower(text)); s != spellings.end()) return s->second;
  std::string joined = text;  // Pa-s, N-m: a hyphen between letters multiplies
  for (std::size_t i = 1; i + 1 < joined.size(); ++i)
    if (joined[i] == '-' && std::isalpha(static_cast<unsigned char>(joined[i - 1])) != 0 &&
        std::isalpha(static_cast<unsigned char>(joined[i + 1])) != 0)
      joined[i] = ' ';
  replace_all(joined, "oC", "degC");
  replace_all(joined, "\u2103", "degC");
  replace_all(joined, "\u22c5", "\u00b7");
  return parses(joined) ? joined : text;
}

bool is_unit(std::string_view text) {
  const std::string unit = file_unit(text);
  return !unit.empty() && parses(unit);
}

CurveColumn named_column(std::string_view header) {
  header = trimmed(header);
  for (std::size_t close = header.find_last_of(")]"); close != std::string_view::npos && close > 0;) {
    const std::size_t open = opening(header, close);
    if (open == std::string_view::npos || open == 0) break;
    const std::string_view inside = header.substr(open, close - open + 1);
    std::string_view before = trimmed(header.substr(0, open));
    const std::string_view after = trimmed(header.substr(close + 1));
    if (is_unit(inside) && lower(before) != "tan" && !before.empty()) {
      if (before.back() == '/') before = trimmed(before.substr(0, before.size() - 1));
      return column(after.empty() ? std::string(before) : std::string(before) + " " + std::string(after), inside);
    }
    close = header.find_last_of(")]", open - 1);
  }
  for (std::size_t slash = header.find('/'); slash != std::string_view::npos; slash = header.find('/', slash + 1)) {
    const std::string_view unit = trimmed(header.substr(slash + 1)), name = trimmed(header.substr(0, slash));
    const bool apart = slash > 0 && header[slash - 1] == ' ';
    if (!name.empty() && !unit.empty() && (apart || is_unit(unit))) return column(name, unit);
  }
  if (const std::size_t comma = header.rfind(", "); comma != std::string_view::npos && comma > 0 && is_unit(header.substr(comma + 2)))
    return column(header.substr(0, comma), header.substr(comma + 2));
  return {std::string(header), "", {}};
}

void read_properties(std::string_view line, std::map<std::string, CurveProperty>& properties) {
  const std::string text = lower(line);
  const auto has = [&](std::string_view part) { return text.find(part) != std::string::npos; };
  for (const char* up :
       {"exo up", "exotherm up", "endo down", "endotherm down", "^exo", "^ exo", "exo ^", "exo \u2191", "\u2191exo", "\u2191 exo"})
    if (has(up)) properties["exotherm"] = {1, "1"};
  for (const char* down :
       {"exo down", "exotherm down", "endo up", "endotherm up", "^endo", "^ endo", "endo ^", "endo \u2191", "\u2191endo"})
    if (has(down)) properties["exotherm"] = {-1, "1"};
  static constexpr std::array<std::string_view, 10> words = {"sample mass",   "sample weight", "initial mass", "einwaage",    "probenmasse",
                                                             "probengewicht", "masse",         "weight",       "sample size", "mass"};
  for (const std::string_view word : words) {
    const std::size_t found = text.find(word);
    if (found == std::string::npos || text.find("molar") != std::string::npos) continue;
    // the unit stands behind the number or, as in "MASS /mg:4.98", behind the word
    std::string_view rest, after = line.substr(found + word.size());
    const std::optional<double> value = first_number(after, rest);
    if (!value || !(*value > 0)) continue;
    const std::string_view between = trimmed(after.substr(0, after.find_first_of("0123456789")));
    for (const char* unit : {"mg", "\u00b5g", "\u03bcg", "ug", "g"}) {
      const bool behind = rest.starts_with(unit) && (rest.size() == std::string_view(unit).size() ||
                                                     std::isalpha(static_cast<unsigned char>(rest[std::string_view(unit).size()])) == 0);
      if (behind || between.find("/" + std::string(unit)) == 0 || between.find("(" + std::string(unit) + ")") == 0) {
        properties["mass"] = {*value, unit[0] == 'g' ? "g" : unit[0] == 'm' ? "mg" : "ug"};
        return;
      }
    }
  }
}

}  // namespace heteroglass::io
