/// Measured numbers beside those of surrogates: what chance alone gives.
///
///     p = (1 + number of surrogates as far from their mean as the data) / (1 + surrogates)        two-sided, by rank
///
/// With n surrogates p cannot fall below 1 / (n + 1). A surrogate without a value (NaN) is left out of its row.
/// Source: Davison, Hinkley, Bootstrap Methods and their Application (1997), section 4.2.
#pragma once

#include <span>
#include <string>

#include "core/value.hpp"

namespace heteroglass::numeric {

class NoiseTable {
 public:
  /// @param control what the surrogates are, for the help of the columns
  explicit NoiseTable(const std::string& control = "random fields with the same histogram and spectrum");
  void add(const std::string& quantity, double measured, std::span<const double> surrogates);
  /// A row of another control, named in a column of its own once one row has it.
  void add(const std::string& quantity, const std::string& control, double measured, std::span<const double> surrogates);
  Table table() const;

 private:
  std::string help_;
  TableColumn quantity_, control_, measured_, mean_, spread_, p_;
};

}  // namespace heteroglass::numeric
