/// Measured curves as isotherms: one temperature, an abscissa of frequency or time, one or two ordinates, all as logarithms.
///
/// A curve belongs to one temperature by its property `temperature`; otherwise by a column `temperature`, which may change along
/// the curve: rows whose temperature stays within `tolerance` of the mean of their group are one isotherm. Groups of the same
/// temperature are joined. Rows are put in the order of the abscissa; values that are not positive have no logarithm and are left
/// out with a warning.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/curve.hpp"

namespace heteroglass::relaxation {

enum class Domain { frequency, relaxation, creep };

struct Isotherm {
  double temperature = 0;              ///< [K] mean of its rows
  std::vector<double> x;               ///< ln(w / rad s^-1) or ln(t / s), ascending
  std::vector<std::vector<double>> y;  ///< [channel][point] ln of storage and loss [GPa], modulus [GPa] or compliance [1/GPa]
};

struct Isotherms {
  Domain domain = Domain::frequency;
  std::vector<std::string> channels;  ///< "storage", "loss", "modulus", "compliance"
  std::vector<Isotherm> list;         ///< ascending temperature
  /// +1 when a rise of ln a moves points to larger abscissa (frequency), -1 for times.
  double direction() const { return domain == Domain::frequency ? 1 : -1; }
};

/// The roles that isotherms() and relaxation spectra read.
const ColumnRoles& modulus_roles();

/// Isotherms of fewer than 3 points are left out with a warning.
/// @throws InputError when no known ordinate is there or temperatures are missing
Isotherms isotherms(std::span<const Curve> curves, double tolerance, Context& context);

}  // namespace heteroglass::relaxation
