/// Tables of relaxation/fit: parameters, components, compared models, isochronal peaks.
#pragma once

#include <array>
#include <functional>

#include "relaxation/fit_setup.hpp"

namespace heteroglass::relaxation {

struct Fitted {
  std::string curve;         ///< what the points came from, for the tables
  double temperature = NAN;  ///< [K] of an isotherm
  SumModel model;
  ScanFit fit;
};

/// A parameter as users see it: tau instead of its logarithm.
Measured shown(const Fitted& f, std::size_t parameter);
/// Its 95 % interval, likewise.
std::array<double, 2> shown_interval(const Fitted& f, std::size_t parameter);
Table parameter_table(const std::vector<Fitted>& all, const std::string& interval);
Table component_table(const std::vector<Fitted>& all, std::span<const ScanPoint> points, std::optional<double> glass_transition);
/// A row for each isotherm: what relaxation/temperature_law reads.
Table isotherm_table(const std::vector<Fitted>& all);
/// A function of the parameters with its error by their covariance.
Measured derived(const Fitted& f, const std::function<double(std::span<const double>)>& g, const std::string& note);

}  // namespace heteroglass::relaxation
