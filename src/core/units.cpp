#include "core/units.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>
#include <vector>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"

namespace heteroglass {
namespace {

enum Base { length, mass, time, temperature, amount, current, angle, cycle, lj_sigma, lj_epsilon, lj_tau, lj_mass };

constexpr Dimension dim(std::initializer_list<std::pair<Base, int>> powers) {
  Dimension d{};
  for (const auto& [base, power] : powers) d[base] = static_cast<signed char>(power);
  return d;
}

struct Symbol {
  Unit unit;
  bool prefixable;
};

const std::map<std::string, Symbol, std::less<>>& symbols() {
  constexpr double e = constants::elementary_charge, pi = 3.14159265358979323846;
  const auto energy = dim({{mass, 1}, {length, 2}, {time, -2}});
  const auto pressure = dim({{mass, 1}, {length, -1}, {time, -2}});
  static const std::map<std::string, Symbol, std::less<>> table = {
      {"1", {{1, 0, {}}, false}},
      {"%", {{0.01, 0, {}}, false}},
      {"atom", {{1, 0, {}}, false}},
      {"atoms", {{1, 0, {}}, false}},
      {"m", {{1, 0, dim({{length, 1}})}, true}},
      {"angstrom", {{1e-10, 0, dim({{length, 1}})}, false}},
      {"g", {{1e-3, 0, dim({{mass, 1}})}, true}},
      {"u", {{constants::atomic_mass, 0, dim({{mass, 1}})}, false}},
      {"amu", {{constants::atomic_mass, 0, dim({{mass, 1}})}, false}},
      {"s", {{1, 0, dim({{time, 1}})}, true}},
      {"min", {{60, 0, dim({{time, 1}})}, false}},
      {"h", {{3600, 0, dim({{time, 1}})}, false}},
      {"d", {{86400, 0, dim({{time, 1}})}, false}},
      {"K", {{1, 0, dim({{temperature, 1}})}, true}},
      {"degC", {{1, 273.15, dim({{temperature, 1}})}, false}},
      {"mol", {{1, 0, dim({{amount, 1}})}, true}},
      {"rad", {{1, 0, dim({{angle, 1}})}, true}},
      {"deg", {{pi / 180, 0, dim({{angle, 1}})}, false}},
      {"Hz", {{1, 0, dim({{cycle, 1}, {time, -1}})}, true}},
      {"N", {{1, 0, dim({{mass, 1}, {length, 1}, {time, -2}})}, true}},
      {"Pa", {{1, 0, pressure}, true}},
      {"bar", {{1e5, 0, pressure}, true}},
      {"atm", {{101325, 0, pressure}, false}},
      {"P", {{0.1, 0, dim({{mass, 1}, {length, -1}, {time, -1}})}, false}},
      {"J", {{1, 0, energy}, true}},
      {"eV", {{e, 0, energy}, true}},
      {"cal", {{4.184, 0, energy}, true}},
      {"W", {{1, 0, dim({{mass, 1}, {length, 2}, {time, -3}})}, true}},
      {"V", {{1, 0, dim({{mass, 1}, {length, 2}, {time, -3}, {current, -1}})}, true}},
      {"ampere", {{1, 0, dim({{current, 1}})}, false}},
      {"sigma", {{1, 0, dim({{lj_sigma, 1}})}, false}},
      {"epsilon", {{1, 0, dim({{lj_epsilon, 1}})}, false}},
      {"tau", {{1, 0, dim({{lj_tau, 1}})}, false}},
      {"lj_mass", {{1, 0, dim({{lj_mass, 1}})}, false}},
  };
  return table;
}

const std::map<std::string, std::string, std::less<>>& spellings() {
  static const std::map<std::string, std::string, std::less<>> table = {
      {"A", "angstrom"},
      {"Å", "angstrom"},
      {"Å", "angstrom"},
      {"ang", "angstrom"},
      {"Angstrom", "angstrom"},
      {"angstroms", "angstrom"},
      {"Ang", "angstrom"},
      {"°", "deg"},
      {"degree", "deg"},
      {"degrees", "deg"},
      {"º", "deg"},
      {"°C", "degC"},
      {"ºC", "degC"},
      {"℃", "degC"},
      {"C", "degC"},
      {"deg C", "degC"},
      {"Celsius", "degC"},
      {"celsius", "degC"},
      {"kelvin", "K"},
      {"Kelvin", "K"},
      {"sec", "s"},
      {"hr", "h"},
      {"hour", "h"},
      {"hours", "h"},
      {"minute", "min"},
      {"minutes", "min"},
      {"day", "d"},
      {"Da", "u"},
      {"radian", "rad"},
      {"radians", "rad"},
      {"at", "atoms"},
      {"fraction", "1"},
  };
  return table;
}

double prefix(std::string_view p) {
  static const std::map<std::string_view, double> table = {{"f", 1e-15}, {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6}, {"µ", 1e-6},
                                                           {"μ", 1e-6},  {"m", 1e-3},  {"c", 1e-2}, {"d", 1e-1}, {"h", 1e2},
                                                           {"k", 1e3},   {"M", 1e6},   {"G", 1e9},  {"T", 1e12}};
  const auto found = table.find(p);
  return found == table.end() ? 0 : found->second;
}

Unit power(Unit u, int n) {
  Unit result;
  result.factor = std::pow(u.factor, n);
  result.offset = n == 1 ? u.offset : 0;
  for (std::size_t i = 0; i < u.dimension.size(); ++i) result.dimension[i] = static_cast<signed char>(u.dimension[i] * n);
  return result;
}

Unit multiply(const Unit& a, const Unit& b) {
  Unit result;
  result.factor = a.factor * b.factor;
  for (std::size_t i = 0; i < a.dimension.size(); ++i) result.dimension[i] = static_cast<signed char>(a.dimension[i] + b.dimension[i]);
  return result;
}

class UnitParser {
 public:
  explicit UnitParser(std::string_view text) : all_(text), rest_(text) {}

  Unit parse() {
    const Unit u = product();
    skip_space();
    if (!rest_.empty()) fail(std::string(rest_));
    return u;
  }

 private:
  [[noreturn]] void fail(const std::string& symbol) const {
    std::vector<std::string> names;
    for (const auto& [name, unused] : symbols()) names.push_back(name);
    throw InputError(fmt::format("unit '{}': '{}' must be a known unit{}", all_, symbol, did_you_mean(symbol, names)));
  }
  void skip_space() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  Unit product() {
    skip_space();
    bool single = true;
    Unit result, first;
    if (!rest_.starts_with("/")) result = first = factor();
    while (true) {
      skip_space();
      if (rest_.empty() || rest_.front() == ')') break;
      single = false;
      if (take("/")) {
        result = multiply(result, power(factor(), -1));
      } else {
        static_cast<void>(take("*") || take("·") || take("."));  // or a space
        result = multiply(result, factor());
      }
    }
    return single ? first : result;
  }
  Unit factor() {
    skip_space();
    if (take("(")) {
      const Unit inner = product();
      if (!take(")")) fail("missing )");
      return power(inner, exponent());
    }
    const Unit u = symbol();
    return power(u, exponent());
  }
  int exponent() {
    if (take("²")) return 2;
    if (take("³")) return 3;
    if (take("⁻¹")) return -1;
    if (take("⁻³")) return -3;
    const bool caret = take("^") || take("**");
    int value = 1;
    const char* begin = rest_.data() + (caret && rest_.starts_with("+") ? 1 : 0);
    const auto [end, status] = std::from_chars(begin, rest_.data() + rest_.size(), value);
    if (status == std::errc()) {
      if (value == 0) fail("the power 0 of a unit");  // A/A0 is a ratio of amplitudes
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    } else if (caret) {
      fail("^" + std::string(rest_));
    }
    return value;
  }
  Unit symbol() {
    if (take("1")) return {};
    if (rest_.starts_with("deg C")) return take("deg C"), symbols().at("degC").unit;
    std::size_t n = 0;
    while (n < rest_.size() && std::string_view(" */^().0123456789+-").find(rest_[n]) == std::string_view::npos &&
           !rest_.substr(n).starts_with("·") && !rest_.substr(n).starts_with("²") && !rest_.substr(n).starts_with("³") &&
           !rest_.substr(n).starts_with("⁻"))
      ++n;
    const std::string_view word = rest_.substr(0, n);
    if (word.empty()) fail(std::string(rest_));
    const Unit u = look_up(word);
    rest_.remove_prefix(n);
    return u;
  }
  Unit look_up(std::string_view word) const {
    if (const auto s = spellings().find(word); s != spellings().end()) word = s->second;
    if (const auto s = symbols().find(word); s != symbols().end()) return s->second.unit;
    for (std::size_t n : {std::size_t{1}, std::size_t{2}}) {
      if (word.size() <= n) break;
      const double scale = prefix(word.substr(0, n));
      const auto s = symbols().find(word.substr(n));
      if (scale != 0 && s != symbols().end() && s->second.prefixable) {
        Unit u = s->second.unit;
        u.factor *= scale;
        return u;
      }
    }
    fail(std::string(word));
  }

  std::string_view all_, rest_;
};

bool per_mole_apart(const Dimension& a, const Dimension& b, int sign) {
  Dimension shifted = a;
  shifted[amount] = static_cast<signed char>(shifted[amount] + sign);
  return shifted == b;
}

std::string lj_text(const Dimension& d) {
  int m = d[mass], l = d[length], t = d[time];
  const int theta = d[temperature];
  std::vector<std::pair<std::string, int>> parts;
  if (m != 0 && t == 0) {  // densities and masses stay in masses
    parts = {{"lj_mass", m}, {"sigma", l}};
  } else {
    parts = {{"epsilon", m + theta}, {"sigma", l - 2 * m}, {"tau", t + 2 * m}};
  }
  std::string over, under;
  for (const auto& [symbol, p] : parts) {
    if (p == 0) continue;
    std::string& side = p > 0 ? over : under;
    side += (side.empty() ? "" : " ") + symbol + (std::abs(p) > 1 ? fmt::format("^{}", std::abs(p)) : "");
  }
  if (under.empty()) return over.empty() ? "1" : over;
  const bool one = under.find(' ') == std::string::npos;
  return fmt::format("{}/{}{}{}", over.empty() ? "1" : over, one ? "" : "(", under, one ? "" : ")");
}

/// 1/K-like mistakes are told apart from the classic one: Hz for rad/s.
std::string mismatch_hint(double value, const Unit& from, const Unit& to, std::string_view to_text) {
  constexpr double two_pi = 6.283185307179586;
  if (from.dimension[cycle] == 1 && to.dimension[angle] == 1)
    return fmt::format("; as an angular frequency this is {:.10g} {}", value * from.factor * two_pi / to.factor, to_text);
  if (from.dimension[angle] == 1 && to.dimension[cycle] == 1)
    return fmt::format("; as a frequency this is {:.10g} {}", value * from.factor / two_pi / to.factor, to_text);
  const auto lennard_jones = [](const Dimension& d) { return d[lj_sigma] || d[lj_epsilon] || d[lj_tau] || d[lj_mass]; };
  if (lennard_jones(to.dimension) && !lennard_jones(from.dimension)) return "; the data are in Lennard-Jones units";
  return "";
}

}  // namespace

std::string_view name(UnitSystem system) {
  switch (system) {
    case UnitSystem::metal:
      return "metal";
    case UnitSystem::real:
      return "real";
    case UnitSystem::lj:
      return "lj";
    case UnitSystem::unknown:
      break;
  }
  return "unknown";
}

UnitSystem unit_system(std::string_view text) {
  for (UnitSystem s : {UnitSystem::metal, UnitSystem::real, UnitSystem::lj})
    if (text == name(s)) return s;
  throw InputError(fmt::format("--units: must be metal, lj or real, got '{}'", text));
}

Unit parse_unit(std::string_view text) { return UnitParser(text).parse(); }

std::string unit_in(UnitSystem system, std::string_view unit) {
  if (system != UnitSystem::lj || unit.empty()) return std::string(unit);
  const Dimension d = parse_unit(unit).dimension;
  bool mechanical = false;
  for (Base b : {length, mass, time, temperature}) mechanical = mechanical || d[b] != 0;
  if (!mechanical) return std::string(unit);
  if (d[amount] == -1 && d[mass] == 1) return "lj_mass";
  return lj_text(d);
}

double convert(double value, std::string_view from, std::string_view to) {
  const Unit a = parse_unit(from), b = parse_unit(to);
  const double si = value * a.factor + a.offset;
  double scale = 1;
  if (a.dimension != b.dimension) {
    if (per_mole_apart(a.dimension, b.dimension, 1)) {
      scale = 1 / constants::avogadro;
    } else if (per_mole_apart(a.dimension, b.dimension, -1)) {
      scale = constants::avogadro;
    } else {
      throw InputError(fmt::format("must be in {}, got {} {}{}", to, value, from, mismatch_hint(value, a, b, to)));
    }
  }
  return (si * scale - b.offset) / b.factor;
}

double parse_quantity(std::string_view text, std::string_view unit, std::string_view where, bool difference) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  double value = 0;
  const std::size_t sign = text.starts_with('+') ? 1 : 0;
  const auto [end, status] = std::from_chars(text.data() + sign, text.data() + text.size(), value);
  if (status != std::errc() || !std::isfinite(value))
    throw InputError(
        fmt::format("{}: must be a finite number with an optional unit such as '1{}', got '{}'", where, unit == "1" ? "" : unit, text));
  std::string_view given = text.substr(static_cast<std::size_t>(end - text.data()));
  while (!given.empty() && given.front() == ' ') given.remove_prefix(1);
  if (given.empty()) return value;
  try {
    if (difference && parse_unit(given).offset != 0) throw InputError(fmt::format("must be a temperature difference in K, got {}", text));
    return convert(value, given, unit.empty() ? "1" : unit);
  } catch (const InputError& e) {
    throw InputError(fmt::format("{}: {}", where, e.what()));
  }
}

std::string_view unit_grammar() {
  return "quantity := number [unit], e.g. 37.4GPa, 20K/min, 0.55J/g/K, J/(g K), 1.7nm^3, 60deg, 294.5degC\n"
         "unit     := factor { (\"*\" | \".\" | \" \" | \"/\") factor }; \"/\" divides by the next factor only\n"
         "factor   := ( symbol | \"(\" unit \")\" ) [ \"^\" integer ]\n"
         "symbols  := m angstrom(A, Å) g u s min h d K degC(°C) mol rad deg(°) Hz N Pa bar atm J eV cal W V ampere %,\n"
         "            sigma epsilon tau lj_mass for Lennard-Jones data; SI prefixes f p n u(µ) m c d h k M G T\n"
         "A bare number has the documented unit. rad/s and Hz are different. A temperature difference takes K only.\n";
}

}  // namespace heteroglass
