/// Measured moduli as points (omega, T, M' + i M''), and what can be wrong with them.
#pragma once

#include <span>

#include "core/context.hpp"
#include "core/curve.hpp"
#include "relaxation/sum_model.hpp"

namespace heteroglass::relaxation {

struct Scan {
  std::string source;
  std::vector<ScanPoint> points;
  std::vector<double> storage_error, loss_error;  ///< [GPa]; empty when the file has none
  bool has_storage = true, has_loss = true;
  bool thermal = false;               ///< a temperature scan: at fixed frequency, over temperature
  double temperature = 0, omega = 0;  ///< of an isotherm, of a temperature scan; NaN when not known
};

/// The roles of fit and kramers_kronig: temperature, frequency, angular_frequency, storage, loss, loss_tangent, errors.
const ColumnRoles& scan_roles();

/// A curve as a scan, points in ascending omega or as they come in temperature. Rows with a storage modulus that is not positive, or a negative loss, are
/// left out with a warning. @throws InputError when frequency or moduli are missing
Scan scan(const Curve& curve, Context& context);

/// Where E' rises again late in a heating scan, as it does on crystallisation: the temperature of its minimum before a rise of more
/// than a tenth of the fall; NaN when there is none.
double crystallisation(const Scan& scan);

/// Temperatures of the loss maxima of a scan, the highest first: position by a parabola through the top, with the error by its scatter.
struct LossMaximum {
  double temperature, error, loss;
};
std::vector<LossMaximum> loss_maxima(const Scan& scan);

}  // namespace heteroglass::relaxation
