#include "run/curve_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "core/error.hpp"

namespace heteroglass::run {
namespace {

std::string trimmed(const std::string& s) {
  const std::size_t a = s.find_first_not_of(" \t"), b = s.find_last_not_of(" \t");
  return a == std::string::npos ? "" : s.substr(a, b - a + 1);
}

std::string unquoted(const std::string& s) { return s.size() >= 2 && s.front() == '"' && s.back() == '"' ? s.substr(1, s.size() - 2) : s; }

/// Cuts at commas outside double quotes, which stay. A quote opens only where a value begins: G" is a name.
std::vector<std::string> quoted_parts(const std::string& text) {
  std::vector<std::string> parts(1);
  bool quoted = false, begins = true;
  for (const char c : text) {
    if (c == '"' && (quoted || begins)) quoted = !quoted;
    begins = c == ',' || c == '=' || (begins && c == ' ');
    if (c == ',' && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  std::vector<std::string> filled;
  for (const std::string& p : parts)
    if (!trimmed(p).empty()) filled.push_back(trimmed(p));
  return filled;
}

struct Spelling {
  std::string_view from, to;
};
constexpr Spelling spellings[] = {{"″", "''"},    {"′", "'"},     {"’", "'"},     {"”", "''"},      {"\"", "''"}, {"α", "alpha"},
                                  {"β", "beta"},  {"γ", "gamma"}, {"δ", "delta"}, {"ε", "epsilon"}, {"η", "eta"}, {"θ", "theta"},
                                  {"ν", "nu"},    {"ρ", "rho"},   {"σ", "sigma"}, {"τ", "tau"},     {"φ", "phi"}, {"ω", "omega"},
                                  {"Δ", "delta"}, {"Ω", "omega"}, {"\u00a0", ""}, {"`", "'"},       {"´", "'"},   {"∗", "*"}};

}  // namespace

const Fields& CurveOptions::fields() {
  static const Fields table = {
      field<&CurveOptions::columns>("columns", "", "which column plays which role, e.g. storage=E',loss=#3"),
      field<&CurveOptions::column_units>("column_units", "", "units that the file does not say, by role or column, e.g. storage=MPa"),
      field<&CurveOptions::step>("step", "", "curves of the file to use: numbers from 1, -1 the last, or labels; empty: all"),
      field<&CurveOptions::split>("split", "", "column that cuts one table into curves, or none; empty: automatic"),
      field<&CurveOptions::range>("range", "", "part to use: 300K:680K of the first column, or time=1s:,temperature=:400K"),
      field<&CurveOptions::exotherm>("exotherm", "", "direction in which the file draws exotherms").one_of({"file", "up", "down"}),
      field<&CurveOptions::mass>("mass", "mg", "sample mass, where the file does not say it").positive(),
      field<&CurveOptions::normalise>("normalise", "", "divides columns by their first or max value or by a number: storage=first"),
      field<&CurveOptions::property>("property", "", "what belongs to a whole curve: temperature=400K; one for each curve: 380:390:400K"),
  };
  return table;
}

NamedText named_texts(const std::string& text, const std::string& flag, const std::string& fallback) {
  NamedText pairs;
  for (const std::string& part : quoted_parts(text)) {
    const std::size_t equals = part.front() == '"' ? std::string::npos : part.find('=');
    if (equals == std::string::npos && fallback.empty())
      throw InputError(fmt::format("{}: must be written NAME=VALUE,NAME=VALUE, got '{}'", flag, part));
    const std::string name = equals == std::string::npos ? fallback : trimmed(part.substr(0, equals));
    const std::string value = unquoted(trimmed(equals == std::string::npos ? part : part.substr(equals + 1)));
    if (name.empty() || value.empty()) throw InputError(fmt::format("{}: must be written NAME=VALUE,NAME=VALUE, got '{}'", flag, part));
    pairs.emplace_back(name, value);
  }
  return pairs;
}

std::vector<std::string> comma_parts(const std::string& text) {
  std::vector<std::string> parts;
  for (const std::string& part : quoted_parts(text)) parts.push_back(unquoted(part));
  return parts;
}

std::string folded(const std::string& name) {
  std::string out;
  for (std::size_t i = 0; i < name.size();) {
    const std::string_view rest = std::string_view(name).substr(i);
    const auto* s = std::find_if(std::begin(spellings), std::end(spellings), [&](const Spelling& p) { return rest.starts_with(p.from); });
    if (s != std::end(spellings)) {
      out += s->to;
      i += s->from.size();
      continue;
    }
    const char c = name[i++];
    if (std::string_view(" _-.()[]\t").find(c) == std::string_view::npos)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

}  // namespace heteroglass::run
