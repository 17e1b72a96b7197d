/// From the options of relaxation/fit to a model with fixed, started and bounded parameters.
#pragma once

#include "relaxation/fit.hpp"
#include "relaxation/scan_data.hpp"
#include "relaxation/scan_fit.hpp"

namespace heteroglass::relaxation {

struct FitSetup {
  SumModel model;
  std::vector<bool> given;  ///< parameters whose start the user chose
};

/// `model` is the text of the sum. @throws InputError
FitSetup fit_setup(const std::string& model, const FitOptions& options, bool thermal, double reference_temperature);
/// Bounds of scale and time from the data.
void bound_by_data(SumModel& model, std::span<const ScanPoint> points);
ScanFitSettings scan_settings(const FitOptions& options, const Scan& first);
/// 95 % intervals by resampling residuals; replaces those in `fit`.
void bootstrap_intervals(ScanFit& fit, const SumModel& model, std::span<const ScanPoint> points, const ScanFitSettings& settings,
                         const FitOptions& options, Context& context);

}  // namespace heteroglass::relaxation
