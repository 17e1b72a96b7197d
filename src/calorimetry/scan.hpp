/// A calorimetric scan made ready for reading: one direction, evenly spaced in temperature, as apparent heat capacity.
///
///     c_p = Phi / (dT/dt),   Phi heat flow per mass, endotherm positive
///
/// A recording that turns around by more than a few kelvin is cut at its turning points and the widest part is taken; smaller reversals
/// (recalescence on freezing) stay. The rate comes from the time column when there is
/// one; a rate that was given must agree with it to 10 %, so that K/s is not taken for K/min. Without any rate y stays the heat flow
/// (its sign turned on cooling): temperatures can still be read, heats cannot. Cost O(rows).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/curve.hpp"

namespace heteroglass::calorimetry {

struct Scan {
  std::string source;
  std::vector<double> temperature;  ///< [K] ascending, evenly spaced
  std::vector<double> y;            ///< [J/(g K)] apparent heat capacity, or [W/g] when the rate is unknown
  double step = 0;                  ///< [K] between points
  double rate = 0;                  ///< [K/s] negative on cooling; NaN: unknown
  bool calibrated = false;          ///< y is a heat capacity
  bool cooling = false;             ///< recorded from hot to cold
  std::vector<double> clock, flow;  ///< [s], [W/g] rows in the order of recording; empty when not calibrated. Heat = integral flow d clock
  std::vector<double> recorded;     ///< [K] of those rows, as recorded

  std::size_t size() const { return temperature.size(); }
  /// Index of the first point at or above `t`, at most size() - 1.
  std::size_t index(double t) const;
};

/// @throws InputError when `t` is given and lies outside the scan
void require_inside(const Scan& scan, const std::optional<double>& t, const char* option);

/// The columns that `scan` reads.
ColumnRoles scan_columns();

/// @param rate [K/min] as given; nothing: time column, or the property `rate` of the curve
/// @param direction auto | heating | cooling
/// @throws InputError when there is neither heat_flow nor heat_capacity, the rates contradict, or fewer than 20 points remain
Scan scan(const Curve& curve, std::optional<double> rate, const std::string& direction, Context& context);

/// Values and slopes of lines through 2 `half` + 1 points around every point (fewer at the ends).
struct Smooth {
  std::vector<double> value, slope;
  double noise = 0;        ///< standard deviation of y about the lines, robust
  double slope_noise = 0;  ///< that of the slopes
};
Smooth smooth(const std::vector<double>& y, double step, std::size_t half);

}  // namespace heteroglass::calorimetry
