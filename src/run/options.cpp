#include "run/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.hpp"
#include "core/suggest.hpp"

namespace heteroglass::run {
namespace {

std::string trimmed(const std::string& s) {
  const std::size_t a = s.find_first_not_of(" \t"), b = s.find_last_not_of(" \t");
  return a == std::string::npos ? "" : s.substr(a, b - a + 1);
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  if (trimmed(text).empty()) return parts;
  std::size_t from = 0;
  for (std::size_t comma = text.find(',');; comma = text.find(',', from)) {
    parts.push_back(trimmed(text.substr(from, comma == std::string::npos ? comma : comma - from)));
    if (comma == std::string::npos) return parts;
    from = comma + 1;
  }
}

std::string flag_name(const Field& f) { return "--" + hyphenated(f.name); }

/// "3.5 angstrom", "7"
std::string with_unit(double value, const std::string& unit) {
  return unit.empty() || unit == "1" ? fmt::format("{}", value) : fmt::format("{} {}", value, unit);
}

void check_range(const Field& f, double v, const std::string& unit) {
  const bool inside = v >= f.low && v <= f.high && !(f.low_open && v == f.low);
  if (inside) return;
  std::string need;
  if (std::isfinite(f.low)) need = fmt::format("{} {}", f.low_open ? "greater than" : "at least", with_unit(f.low, unit));
  if (std::isfinite(f.high)) need += fmt::format("{}at most {}", need.empty() ? "" : " and ", with_unit(f.high, unit));
  throw InputError(fmt::format("{}: must be {}, got {}", flag_name(f), need, with_unit(v, unit)));
}

void check_choice(const Field& f, const std::string& v) {
  if (f.choices.empty() || std::find(f.choices.begin(), f.choices.end(), v) != f.choices.end()) return;
  throw InputError(
      fmt::format("{}: must be one of {}, got '{}'{}", flag_name(f), fmt::join(f.choices, ", "), v, did_you_mean(v, f.choices)));
}

int parse_integer(const Field& f, const std::string& text) {
  int v = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (status == std::errc() && end == text.data() + text.size()) return v;
  double d = 0;  // 1e4 is an integer too
  const auto [dend, dstatus] = std::from_chars(text.data(), text.data() + text.size(), d);
  if (dstatus == std::errc() && dend == text.data() + text.size() && d == std::floor(d) && std::abs(d) < 2e9) return static_cast<int>(d);
  throw InputError(fmt::format("{}: must be a whole number, got '{}'", flag_name(f), text));
}

bool parse_flag(const Field& f, const std::string& text) {
  for (const char* yes : {"", "true", "yes", "on", "1"})
    if (text == yes) return true;
  for (const char* no : {"false", "no", "off", "0"})
    if (text == no) return false;
  throw InputError(fmt::format("{}: must be true or false, got '{}'", flag_name(f), text));
}

std::map<std::string, double> parse_named(const Field& f, const std::string& text, const std::string& unit) {
  std::map<std::string, double> result;
  for (const std::string& part : split(text)) {
    const std::size_t eq = part.find('=');
    if (eq == std::string::npos || eq == 0)
      throw InputError(fmt::format("{}: must be written NAME=VALUE,NAME=VALUE, got '{}'", flag_name(f), part));
    result[trimmed(part.substr(0, eq))] = parse_quantity(part.substr(eq + 1), unit, flag_name(f), f.temperature_difference);
  }
  return result;
}

std::string number_text(double v, const std::string& unit) {
  return unit.empty() || unit == "1" ? fmt::format("{}", v) : fmt::format("{}{}{}", v, unit[0] == '1' ? " " : "", unit);
}

}  // namespace

std::string hyphenated(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

const Field& find_option(const Fields& fields, const std::string& name, const std::string& where) {
  const std::string wanted = hyphenated(name);
  std::vector<std::string> names;
  for (const Field& f : fields) {
    if (hyphenated(f.name) == wanted) return f;
    names.push_back(hyphenated(f.name));
    for (const std::string& alias : f.aliases) {
      if (hyphenated(alias) == wanted) return f;
      names.push_back(hyphenated(alias));
    }
  }
  throw InputError(fmt::format("{}: '{}' must be one of its options{}; options: {}", where, wanted, did_you_mean(wanted, names),
                               fmt::join(names, ", ")));
}

void check_option(const Field& f, const void* options, UnitSystem system) {
  const std::string unit = unit_in(system, f.unit);
  switch (f.kind) {
    case Kind::real:
      return check_range(f, f.get<double>(options), unit);
    case Kind::optional_real:
      if (const auto& v = f.get<std::optional<double>>(options)) check_range(f, *v, unit);
      return;
    case Kind::integer:
      return check_range(f, f.get<int>(options), unit);
    case Kind::optional_integer:
      if (const auto& v = f.get<std::optional<int>>(options)) check_range(f, *v, unit);
      return;
    case Kind::text:
      return check_choice(f, f.get<std::string>(options));
    case Kind::reals:
      for (double v : f.get<std::vector<double>>(options)) check_range(f, v, unit);
      return;
    case Kind::integers:
      for (int v : f.get<std::vector<int>>(options)) check_range(f, v, unit);
      return;
    case Kind::texts:
      for (const std::string& v : f.get<std::vector<std::string>>(options)) check_choice(f, v);
      return;
    case Kind::named_reals:
      for (const auto& [name, v] : f.get<std::map<std::string, double>>(options)) check_range(f, v, unit);
      return;
    default:
      return;
  }
}

void set_option(const Field& f, void* options, const std::string& given, UnitSystem system) {
  const std::string unit = unit_in(system, f.unit), text = trimmed(given);
  const auto quantity = [&](const std::string& s) { return parse_quantity(s, unit, flag_name(f), f.temperature_difference); };
  switch (f.kind) {
    case Kind::real:
      f.get<double>(options) = quantity(text);
      break;
    case Kind::optional_real:
      f.get<std::optional<double>>(options) = quantity(text);
      break;
    case Kind::integer:
      f.get<int>(options) = parse_integer(f, text);
      break;
    case Kind::optional_integer:
      f.get<std::optional<int>>(options) = parse_integer(f, text);
      break;
    case Kind::flag:
      f.get<bool>(options) = parse_flag(f, text);
      break;
    case Kind::text:
      f.get<std::string>(options) = text;
      break;
    case Kind::reals: {
      std::vector<double> values;
      for (const std::string& part : split(text)) values.push_back(quantity(part));
      f.get<std::vector<double>>(options) = std::move(values);
      break;
    }
    case Kind::integers: {
      std::vector<int> values;
      for (const std::string& part : split(text)) values.push_back(parse_integer(f, part));
      f.get<std::vector<int>>(options) = std::move(values);
      break;
    }
    case Kind::texts:
      f.get<std::vector<std::string>>(options) = split(text);
      break;
    case Kind::named_reals:
      f.get<std::map<std::string, double>>(options) = parse_named(f, text, unit);
      break;
    default:
      throw InputError(fmt::format("{}: cannot be given as text", flag_name(f)));
  }
  check_option(f, options, system);
}

std::string option_text(const Field& f, const void* options, UnitSystem system) {
  const std::string unit = unit_in(system, f.unit);
  std::vector<std::string> parts;
  switch (f.kind) {
    case Kind::real:
      return number_text(f.get<double>(options), unit);
    case Kind::optional_real: {
      const auto& v = f.get<std::optional<double>>(options);
      return v ? number_text(*v, unit) : "";
    }
    case Kind::integer:
      return fmt::format("{}", f.get<int>(options));
    case Kind::optional_integer: {
      const auto& v = f.get<std::optional<int>>(options);
      return v ? fmt::format("{}", *v) : "";
    }
    case Kind::flag:
      return f.get<bool>(options) ? "true" : "false";
    case Kind::text:
      return f.get<std::string>(options);
    case Kind::reals:
      for (double v : f.get<std::vector<double>>(options)) parts.push_back(number_text(v, unit));
      break;
    case Kind::integers:
      for (int v : f.get<std::vector<int>>(options)) parts.push_back(fmt::format("{}", v));
      break;
    case Kind::texts:
      parts = f.get<std::vector<std::string>>(options);
      break;
    case Kind::named_reals:
      for (const auto& [name, v] : f.get<std::map<std::string, double>>(options)) parts.push_back(name + "=" + number_text(v, unit));
      break;
    default:
      break;
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

}  // namespace heteroglass::run
