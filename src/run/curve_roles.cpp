#include "run/curve_roles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "core/units.hpp"

namespace heteroglass::run {
namespace {

std::vector<std::string> names_of(const Curve& table) {
  std::vector<std::string> names;
  for (const CurveColumn& c : table.columns) names.push_back(c.name);
  return names;
}

std::string column_list(const Curve& table) {
  std::vector<std::string> shown;
  for (const CurveColumn& c : table.columns) shown.push_back(c.unit.empty() ? c.name : fmt::format("{} [{}]", c.name, c.unit));
  return fmt::format("{}", fmt::join(shown, ", "));
}

std::optional<Dimension> dimension(const std::string& unit) {
  try {
    return parse_unit(unit).dimension;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

bool answers_to(const ColumnRole& role, const std::string& column) {
  const std::string name = folded(column);
  return name == folded(role.name) ||
         std::any_of(role.also.begin(), role.also.end(), [&](const std::string& other) { return name == folded(other); });
}

std::string role_unit(const ColumnRole& role) { return role.unit.empty() ? "1" : role.unit; }

/// Whether the numbers can become the role's at all; an unknown or missing unit may.
bool can_become(const std::string& unit, const ColumnRole& role) {
  if (unit.empty()) return true;
  const auto from = dimension(unit), to = dimension(role_unit(role));
  if (!from || !to || *from == *to) return from.has_value() && to.has_value();
  if (is_frequency(unit) && is_frequency(role_unit(role))) return true;
  return dimension(unit + "/g") == to || same_dimension(unit, role_unit(role));
}

const std::string* text_of(const NamedText& pairs, const std::string& name) {
  for (const auto& [key, value] : pairs)
    if (key == name || folded(key) == folded(name)) return &value;
  return nullptr;
}

std::optional<std::size_t> only(const std::vector<std::size_t>& found) {
  return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

/// The column of a role that was not named by the user.
std::optional<std::size_t> recognised(const Curve& table, const ColumnRole& role, const CurveOptions& options) {
  std::vector<std::size_t> exact, alike, fitting;
  std::vector<std::string> unused;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == role.name) exact.push_back(i);
    if (!answers_to(role, table.columns[i].name)) continue;
    alike.push_back(i);
    if (can_become(column_unit(table.columns[i], role.name, options, unused), role)) fitting.push_back(i);
  }
  if (const auto one = only(exact)) return one;
  if (const auto one = only(alike)) return one;
  if (const auto one = only(fitting)) return one;
  if (alike.empty()) return std::nullopt;
  const std::vector<std::size_t>& rivals = fitting.empty() ? alike : fitting;
  std::vector<std::string> names;
  names.reserve(rivals.size());
  for (const std::size_t i : rivals) names.push_back(fmt::format("'{}' (#{})", table.columns[i].name, i + 1));
  const std::string choice = fmt::format("{}=#{}", role.name, rivals.front() + 1);
  throw AmbiguousRole(fmt::format("{}: one column must be the {}, got {}; choose with --columns {}", table.source, role.name,
                                  fmt::join(names, " and "), choice),
                      role.name, rivals);
}

[[noreturn]] void missing(const Curve& table, const ColumnRole& role) {
  std::string hint = did_you_mean(role.name, names_of(table));
  for (const std::string& other : role.also)
    if (hint.empty()) hint = did_you_mean(other, names_of(table));
  throw InputError(fmt::format("{}: a column must be the {} ({}){}; columns are: {}; choose with --columns {}=NAME", table.source,
                               role.name, role.help, hint, column_list(table), role.name));
}

/// A column that two roles claim goes to the one whose unit fits, else to the first.
void settle_claims(const Curve& table, const CurveOptions& options, std::vector<RoleUse>& uses) {
  std::vector<std::string> unused;
  for (std::size_t i = 0; i < uses.size(); ++i)
    for (std::size_t k = i + 1; k < uses.size();) {
      if (uses[i].column != uses[k].column) {
        ++k;
        continue;
      }
      const CurveColumn& c = table.columns[uses[i].column];
      const auto exact = [&](const RoleUse& u) {
        return same_dimension(column_unit(c, u.role->name, options, unused), role_unit(*u.role));
      };
      if (!exact(uses[i]) && exact(uses[k])) std::swap(uses[i], uses[k]);
      uses.erase(uses.begin() + static_cast<std::ptrdiff_t>(k));
    }
}

/// Names that mean an angular frequency; then Hz beside them is a contradiction and not a conversion.
bool named_angular(const std::string& column) {
  const std::string name = folded(column);
  return name.find("omega") != std::string::npos || name.find("angular") != std::string::npos || name == "w";
}

void convert_frequency(const Curve& table, const CurveColumn& c, RoleUse& use, std::vector<std::string>& notes) {
  constexpr double two_pi = 2 * std::numbers::pi;
  const std::string& to = use.role->unit;
  const bool to_angular = !same_dimension(to, "Hz");
  if (to_angular && named_angular(c.name))
    throw InputError(
        fmt::format("{}: column '{}' must be in rad/s as its name says, got {} (1 {} would be {:.10g} rad/s); if the numbers "
                    "are angular frequencies, say --column-units {}=rad/s",
                    table.source, c.name, use.unit, use.unit, two_pi * parse_unit(use.unit).factor, use.role->name));
  use.scale = parse_unit(use.unit).factor / parse_unit(to).factor * (to_angular ? two_pi : 1 / two_pi);
  notes.push_back(fmt::format("{} is {} the column '{}', which is in {}", use.role->name, to_angular ? "2 pi times" : "1/(2 pi) times",
                              c.name, use.unit));
}

void convert_units(const Curve& table, const CurveOptions& options, RoleUse& use, std::vector<std::string>& notes) {
  const CurveColumn& c = table.columns[use.column];
  const std::string to = role_unit(*use.role), name = use.role->name;
  use.name = c.name;
  use.unit = column_unit(c, name, options, notes);
  if (c.name == fmt::format("column {}", use.column + 1) && !text_of(named_texts(options.columns, "--columns"), name))
    notes.push_back(fmt::format("the file names no columns: {} is taken as {} (choose with --columns)", c.name, name));
  if (use.unit.empty() && to == "1") {
    notes.push_back(fmt::format("the file gives no unit for '{}': {} is taken as a pure number, not in percent", c.name, name));
    use.unit = "1";
  }
  if (use.unit.empty())
    throw InputError(fmt::format("{}: the unit of column '{}' must be known, and the file does not say it; add --column-units {}={}",
                                 table.source, c.name, name, to));
  const auto from = dimension(use.unit);
  if (!from)
    throw InputError(fmt::format("{}: the unit of column '{}' must be a known unit, got '{}'; add --column-units {}={}", table.source,
                                 c.name, use.unit, name, to));
  if (*from != *dimension(to) && is_frequency(use.unit) && is_frequency(to)) return convert_frequency(table, c, use, notes);
  std::string unit = use.unit;
  if (*from != *dimension(to) && dimension(unit + "/g") == dimension(to)) unit += "/g", use.needs_mass = true;
  try {
    use.shift = convert(0, unit, to);
    const Unit a = parse_unit(unit), b = parse_unit(to);
    use.scale = a.dimension == b.dimension ? a.factor / b.factor : convert(1, unit, to);
  } catch (const InputError& e) {
    const std::string what = e.what();
    const std::size_t hint = what.find("; the data are");
    throw InputError(fmt::format("{}: column '{}' as {} must be in {}, got {}{}", table.source, c.name, name, to, use.unit,
                                 hint == std::string::npos ? "" : what.substr(hint)));
  }
}

void check_role_names(const NamedText& pairs, const ColumnRoles& roles, const std::string& flag) {
  std::vector<std::string> names;
  for (const ColumnRole& r : roles) names.push_back(r.name);
  for (const auto& [name, unused] : pairs)
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw InputError(
          fmt::format("{}: '{}' must be a role{}; roles are: {}", flag, name, did_you_mean(name, names), fmt::join(names, ", ")));
}

}  // namespace

bool same_dimension(const std::string& a, const std::string& b) {
  const auto x = dimension(a), y = dimension(b);
  return x && y && *x == *y;
}
bool is_temperature(const std::string& unit) { return same_dimension(unit, "K"); }
bool is_frequency(const std::string& unit) { return same_dimension(unit, "Hz") || same_dimension(unit, "rad/s"); }
bool is_time(const std::string& unit) { return same_dimension(unit, "s"); }

std::size_t column_index(const Curve& table, const std::string& name, const std::string& flag) {
  if (name.size() > 1 && name.front() == '#' && name.find_first_not_of("0123456789", 1) == std::string::npos && name.size() < 6) {
    const std::size_t n = std::stoul(name.substr(1));
    if (n >= 1 && n <= table.columns.size()) return n - 1;
  }
  std::vector<std::size_t> exact, alike;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) exact.push_back(i);
    if (folded(table.columns[i].name) == folded(name)) alike.push_back(i);
  }
  if (const auto one = only(exact)) return *one;
  if (const auto one = exact.empty() ? only(alike) : std::nullopt) return *one;
  if (alike.size() > 1)
    throw InputError(fmt::format("{}: one column must be called '{}', got {} of that name; choose by number, e.g. #{}", flag, name,
                                 alike.size(), alike.front() + 1));
  throw InputError(fmt::format("{}: '{}' must be a column of {}{}; columns are: {}", flag, name, table.source,
                               did_you_mean(name, names_of(table)), column_list(table)));
}

bool has_column(const Curve& table, const std::string& name) {
  if (std::any_of(table.columns.begin(), table.columns.end(), [&](const CurveColumn& c) { return folded(c.name) == folded(name); }))
    return true;
  if (!name.starts_with('#')) return false;
  try {
    column_index(table, name, "");
    return true;
  } catch (const InputError&) {
    return false;
  }
}

std::string column_unit(const CurveColumn& column, const std::string& role, const CurveOptions& options, std::vector<std::string>& notes) {
  const NamedText given = named_texts(options.column_units, "--column-units");
  const std::string* said = text_of(given, role);
  if (!said) said = text_of(given, column.name);
  if (!said) return column.unit;
  static_cast<void>(parse_unit(*said));
  if (!column.unit.empty() && column.unit != *said)
    notes.push_back(fmt::format("'{}' is taken in {} as --column-units says; the file says {}", column.name, *said, column.unit));
  return *said;
}

std::vector<RoleUse> find_roles(const Curve& table, const ColumnRoles& roles, const CurveOptions& options) {
  const NamedText chosen = named_texts(options.columns, "--columns");
  check_role_names(chosen, roles, "--columns");
  std::vector<RoleUse> explicit_uses, uses;
  for (const ColumnRole& role : roles)
    if (const std::string* name = text_of(chosen, role.name); name && (!options.partial || role.required || has_column(table, *name)))
      explicit_uses.push_back({&role, column_index(table, *name, fmt::format("--columns {}", role.name)), {}, {}, 1, 0, false});
  for (const ColumnRole& role : roles) {
    if (text_of(chosen, role.name)) continue;
    const auto found = recognised(table, role, options);
    const bool taken =
        found && std::any_of(explicit_uses.begin(), explicit_uses.end(), [&](const RoleUse& u) { return u.column == *found; });
    if (found && !taken) uses.push_back({&role, *found, {}, {}, 1, 0, false});
  }
  settle_claims(table, options, uses);
  uses.insert(uses.end(), explicit_uses.begin(), explicit_uses.end());
  std::sort(uses.begin(), uses.end(), [](const RoleUse& a, const RoleUse& b) { return a.role < b.role; });
  for (const ColumnRole& role : roles)
    if (role.required && std::none_of(uses.begin(), uses.end(), [&](const RoleUse& u) { return u.role == &role; })) missing(table, role);
  return uses;
}

std::vector<RoleUse> role_uses(const Curve& table, const ColumnRoles& roles, const CurveOptions& options, std::vector<std::string>& notes) {
  std::vector<RoleUse> uses = find_roles(table, roles, options);
  for (RoleUse& use : uses) convert_units(table, options, use, notes);
  return uses;
}

}  // namespace heteroglass::run
