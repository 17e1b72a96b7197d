/// One table that holds several curves one below the other, cut into them.
///
/// `--split COLUMN` cuts by the values of a column, `--split none` leaves the table whole. By itself a table is cut
///   - where temperature and frequency both change, by what the measurement held: isotherms when the frequency runs through its
///     values at one temperature after another, else one curve for each frequency (always, where a temperature is required);
///   - by a column called set, segment, step, cycle, ... whose values change;
///   - where a frequency or time starts again.
/// A piece carries what is constant in it as properties: temperature (within 3 K), frequency.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/curve.hpp"

namespace heteroglass::run {

struct Piece {
  std::vector<std::size_t> rows;
  std::string label;  ///< "set 3", "1 Hz"; empty for a table that stays whole
  std::map<std::string, CurveProperty> properties;
};

/// The column of the first role that the table has.
struct Abscissa {
  std::size_t column = 0;
  bool required = false;  ///< by the analysis
};

/// `notes` says what was cut, by what. @throws InputError when `split` names no column
std::vector<Piece> pieces(const Curve& table, std::optional<Abscissa> abscissa, const std::string& split, std::vector<std::string>& notes);

/// Temperature and frequency that are constant over these rows, from the column of that name, else from the first with such a unit.
std::map<std::string, CurveProperty> constants_of(const Curve& table, const std::vector<std::size_t>& rows);

}  // namespace heteroglass::run
