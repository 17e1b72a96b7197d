/// The fit of a sum of processes to measured points: start values from the data, weights, least squares, criteria.
#pragma once

#include <cstdint>
#include <string>

#include "core/context.hpp"
#include "relaxation/sum_model.hpp"

namespace heteroglass::relaxation {

struct ScanFitSettings {
  std::string weights = "relative";  ///< relative | absolute | given
  std::string loss = "none";
  bool use_storage = true, use_loss = true;
  bool profile = true;
  int max_iterations = 200;
};

/// What a residual is divided by: errors of M' and M'' of each point.
struct ScanWeights {
  std::vector<double> storage, loss;
  bool known = false;
};

struct ScanFit {
  numeric::LeastSquares least_squares;
  std::vector<std::complex<double>> model;
  ScanWeights weights;                       ///< that the fit ended with
  double noise_storage = 0, noise_loss = 0;  ///< relative (or absolute) scatter of each part about the model
};

/// Residuals of the parts that are used, first all storage, then all loss.
std::size_t residual_count(std::size_t points, const ScanFitSettings& settings);

/// Finds start values for the free parameters of `model` (fixed and given ones stay) and sets them.
/// @param given parameters whose start the user chose
void scan_start(SumModel& model, std::span<const ScanPoint> points, const ScanWeights& weights, const std::vector<bool>& given,
                const ScanFitSettings& settings, Context& context);

/// One least-squares fit with the weights as they are, from the starts in `model`.
ScanFit scan_fit_once(const SumModel& model, std::span<const ScanPoint> points, const ScanWeights& weights,
                      const ScanFitSettings& settings);
/// The same; keeps the optimum as start in `model`, scales the weights to standard errors, and measures the scatter of each part.
ScanFit scan_fit(SumModel& model, std::span<const ScanPoint> points, const ScanWeights& weights, const ScanFitSettings& settings);

/// Weights from the measured values: `relative` to smoothed values or `absolute`, M'' against M' by their noise, which neighbouring points show
/// without a model. So they do not follow a model that is wrong, and all models of a comparison have the same.
ScanWeights measured_weights(std::span<const ScanPoint> points, const std::string& kind);

}  // namespace heteroglass::relaxation
