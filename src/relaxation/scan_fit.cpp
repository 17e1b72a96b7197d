#include "relaxation/scan_fit.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::relaxation {
namespace {

using Complex = std::complex<double>;

/// Root mean square of a part of the residuals, in units of the weights.
double scatter(std::span<const ScanPoint> points, const std::vector<Complex>& model, const ScanWeights& w, bool loss) {
  double sum = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Complex d = points[i].modulus - model[i];
    sum += std::pow(loss ? d.imag() / w.loss[i] : d.real() / w.storage[i], 2);
  }
  return std::sqrt(sum / static_cast<double>(points.size()));
}

/// Weights in proportion to the model, times the scatter of each part.
ScanWeights model_weights(std::span<const ScanPoint> points, const std::vector<Complex>& model, const std::string& kind) {
  ScanWeights w;
  double top_storage = 0, top_loss = 0;
  for (const Complex& m : model) top_storage = std::max(top_storage, std::abs(m.real())), top_loss = std::max(top_loss, std::abs(m.imag()));
  for (const Complex& m : model) {
    const bool relative = kind == "relative";
    w.storage.push_back(relative ? std::max(std::abs(m.real()), 1e-4 * top_storage) : top_storage);
    w.loss.push_back(relative ? std::max(std::abs(m.imag()), 1e-3 * top_loss) : top_loss);
  }
  // A part that is matched to rounding (exact data) keeps a finite weight.
  const double storage = std::max(scatter(points, model, w, false), 1e-9), loss = std::max(scatter(points, model, w, true), 1e-9);
  for (double& v : w.storage) v *= storage;
  for (double& v : w.loss) v *= loss;
  return w;
}

}  // namespace

std::size_t residual_count(std::size_t points, const ScanFitSettings& s) {
  return points * (std::size_t{s.use_storage} + std::size_t{s.use_loss});
}

ScanWeights measured_weights(std::span<const ScanPoint> points, const std::string& kind) {
  std::vector<Complex> measured;
  for (const ScanPoint& p : points) measured.push_back(p.modulus);
  ScanWeights w;
  double top_storage = 1e-300, top_loss = 1e-300;
  for (const Complex& m : measured)
    top_storage = std::max(top_storage, std::abs(m.real())), top_loss = std::max(top_loss, std::abs(m.imag()));
  for (const Complex& m : measured) {
    w.storage.push_back(kind == "absolute" ? top_storage : std::max(std::abs(m.real()), 1e-4 * top_storage));
    w.loss.push_back(kind == "absolute" ? top_loss : std::max(std::abs(m.imag()), 1e-3 * top_loss));
  }
  return w;
}

ScanFit scan_fit_once(const SumModel& model, std::span<const ScanPoint> points, const ScanWeights& w, const ScanFitSettings& s) {
  const std::size_t n = points.size(), m = model.parameters().size();
  std::vector<numeric::Parameter> parameters;
  for (const SumModel::Entry& e : model.parameters()) parameters.push_back({e.name, e.start, e.low, e.high, e.fixed});
  std::vector<Complex> value(n), slopes(n * m);
  const auto residuals = [&](std::span<const double> p, std::span<double> r, double* jacobian) {
    model.evaluate(points, p, value.data(), jacobian ? slopes.data() : nullptr);
    std::size_t row = 0;
    for (const bool loss : {false, true}) {
      if (!(loss ? s.use_loss : s.use_storage)) continue;
      for (std::size_t i = 0; i < n; ++i, ++row) {
        const double weight = loss ? w.loss[i] : w.storage[i];
        const Complex d = value[i] - points[i].modulus;
        r[row] = (loss ? d.imag() : d.real()) / weight;
        if (jacobian)
          for (std::size_t k = 0; k < m; ++k) jacobian[row * m + k] = (loss ? slopes[i * m + k].imag() : slopes[i * m + k].real()) / weight;
      }
    }
  };
  ScanFit fit;
  fit.least_squares = numeric::least_squares(parameters, residual_count(n, s), residuals,
                                             {.analytic = true,
                                              .loss = s.loss,
                                              .loss_scale = 2,
                                              .known_errors = w.known,
                                              .max_iterations = s.max_iterations,
                                              .profile = s.profile});
  fit.model.resize(n);
  model.evaluate(points, fit.least_squares.value, fit.model.data(), nullptr);
  fit.weights = w;
  return fit;
}

ScanFit scan_fit(SumModel& model, std::span<const ScanPoint> points, const ScanWeights& weights, const ScanFitSettings& settings) {
  ScanFitSettings quick = settings;
  quick.profile = false;
  ScanWeights w = weights;
  const auto keep = [&](const ScanFit& fit) {
    for (std::size_t k = 0; k < model.parameters().size(); ++k) model.parameters()[k].start = fit.least_squares.value[k];
  };
  // Weights by the model rather than by noisy values: the latter pull the curve down.
  if (!w.known)
    for (int pass = 0; pass < 3; ++pass) {
      const ScanFit fit = scan_fit_once(model, points, w, quick);
      keep(fit);
      w = model_weights(points, fit.model, settings.weights);
    }
  ScanFit fit = scan_fit_once(model, points, w, settings);
  keep(fit);
  ScanWeights unit = measured_weights(points, settings.weights);
  fit.noise_storage = scatter(points, fit.model, unit, false), fit.noise_loss = scatter(points, fit.model, unit, true);
  return fit;
}

}  // namespace heteroglass::relaxation
