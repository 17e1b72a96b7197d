/// Which column of a file plays which role of an analysis, and how its numbers become the role's.
///
/// A column is found by `--columns`, else by the role's own name, else by the role's other names (`folded`). What is not clear
/// is refused: two columns for one role, a role that is required and not there, a unit that the file does not say, a unit of
/// another dimension. Three conversions beyond plain units are made, and said: f in Hz to omega in rad/s and back (omega =
/// 2 pi f), and W to W/g by the sample mass.
#pragma once

#include <string>
#include <vector>

#include "core/curve.hpp"
#include "core/error.hpp"
#include "run/curve_options.hpp"

namespace heteroglass::run {

/// value of the role = scale * value of the column + shift
struct RoleUse {
  const ColumnRole* role = nullptr;
  std::size_t column = 0;
  std::string name;  ///< of the column
  std::string unit;  ///< of the column, from the file or from --column-units
  double scale = 1, shift = 0;
  bool needs_mass = false;  ///< still to be divided by the mass in g
};

/// One entry for each role that the table has. `notes` takes what the user must know. @throws InputError
std::vector<RoleUse> role_uses(const Curve& table, const ColumnRoles& roles, const CurveOptions& options, std::vector<std::string>& notes);

/// Two columns or more could play a role.
class AmbiguousRole : public InputError {
 public:
  AmbiguousRole(const std::string& what, std::string which, std::vector<std::size_t> candidates)
      : InputError(what), role(std::move(which)), columns(std::move(candidates)) {}
  std::string role;
  std::vector<std::size_t> columns;
};

/// The columns that play the roles, before anything is known of their units. @throws InputError
std::vector<RoleUse> find_roles(const Curve& table, const ColumnRoles& roles, const CurveOptions& options);

/// The column that `name` means: #3, the exact name, or the same name folded. @throws InputError naming the columns there are
std::size_t column_index(const Curve& table, const std::string& name, const std::string& flag);
/// Whether some column answers to `name`, be it clear which or not.
bool has_column(const Curve& table, const std::string& name);

/// Unit of a column after `--column-units`, by the names of the column and of `role`; empty: nobody says.
std::string column_unit(const CurveColumn& column, const std::string& role, const CurveOptions& options, std::vector<std::string>& notes);

/// Whether the unit is one of temperature, of angular frequency or frequency, of time; false for what is no unit.
bool is_temperature(const std::string& unit);
bool is_frequency(const std::string& unit);
bool is_time(const std::string& unit);
bool same_dimension(const std::string& a, const std::string& b);

}  // namespace heteroglass::run
