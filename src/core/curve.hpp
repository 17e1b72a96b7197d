/// Named columns of equal length with units: a log, a measured curve, a table of points.
#pragma once

#include <string>
#include <vector>

namespace heteroglass {

struct CurveColumn {
  std::string name;
  std::string unit;  ///< empty: the file does not say
  std::vector<double> values;
};

struct Curve {
  std::string source;  ///< file and part of it, for messages
  std::vector<CurveColumn> columns;
  std::vector<std::string> warnings;

  std::size_t size() const { return columns.empty() ? 0 : columns.front().values.size(); }
  /// nullptr when there is no such column.
  const CurveColumn* find(const std::string& name) const;
  /// @throws InputError naming the columns there are.
  const CurveColumn& at(const std::string& name) const;
};

}  // namespace heteroglass
