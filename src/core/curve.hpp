/// Named columns of equal length with units: a log, a measured curve, a table of points.
///
/// Conventions of the curves that an analysis is handed (run/curve_input.hpp makes them):
///   - columns are the roles found in the file, by the names of the roles, in their units; no value is NaN or infinite;
///   - heat flow (a role named heat_flow...) is endotherm positive, whatever way the file draws it, per gram where the role's
///     unit is per gram; the direction comes from the file or from `--exotherm`, never from a guess;
///   - properties hold what the header of the file, its step or the user says: `temperature`, `mass`, `rate`, `frequency`, ...
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace heteroglass {

struct CurveColumn {
  std::string name;
  std::string unit;  ///< empty: the file does not say
  std::vector<double> values;
};

/// What the header of a file says of the whole curve, or the user did: sample mass, heating rate, temperature of an isotherm.
struct CurveProperty {
  double value = 0;
  std::string unit;
};

/// A column that an analysis reads: its name there, the unit it is handed over in, and how files call it.
struct ColumnRole {
  std::string name;  ///< "storage"
  std::string unit;  ///< "GPa"; files in another unit of the same dimension are converted, a file without a unit must be told
  std::string help;
  bool required = true;
  std::vector<std::string> also;  ///< other names in files, without case, blanks and underscores: "storagemodulus", "e'", "g'"
};
using ColumnRoles = std::vector<ColumnRole>;

struct Curve {
  std::string source;  ///< file and part of it, for messages
  std::string label;   ///< name of the step or sample in its file; empty: none
  std::vector<CurveColumn> columns;
  std::vector<std::string> warnings;
  std::map<std::string, CurveProperty> properties;  ///< "temperature", "mass", "rate", "frequency", ... with their units

  std::size_t size() const { return columns.empty() ? 0 : columns.front().values.size(); }
  /// nullptr when there is no such column.
  const CurveColumn* find(const std::string& name) const;
  /// @throws InputError naming the columns there are.
  const CurveColumn& at(const std::string& name) const;
  /// A property in `unit`; nothing when the curve does not have it. @throws InputError for a unit of another dimension
  std::optional<double> property(const std::string& name, const std::string& unit) const;
};

}  // namespace heteroglass
