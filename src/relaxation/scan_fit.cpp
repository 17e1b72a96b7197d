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

/// Noise of a sequence without any model: fourth differences of neighbours, in which a smooth curve cancels; 0 for fewer than 9 values.
double neighbour_noise(const std::vector<double>& y) {
  std::vector<double> d;
  for (std::size_t i = 4; i < y.size(); ++i) d.push_back(std::abs(y[i] - 4 * y[i - 1] + 6 * y[i - 2] - 4 * y[i - 3] + y[i - 4]));
  if (d.size() < 5) return 0;
  std::nth_element(d.begin(), d.begin() + static_cast<std::ptrdiff_t>(d.size() / 2), d.end());
  return d[d.size() / 2] / (0.6745 * std::sqrt(70.0));  // median of |normal| is 0.6745, variance of the difference 70
}

/// Mean of a value and its two neighbours on each side, so that noise does not weigh itself.
std::vector<double> smoothed(const std::vector<double>& y) {
  std::vector<double> out;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const std::size_t reach = std::min({std::size_t{2}, i, y.size() - 1 - i});
    double sum = 0;
    for (std::size_t k = i - reach; k <= i + reach; ++k) sum += y[k];
    out.push_back(sum / static_cast<double>(2 * reach + 1));
  }
  return out;
}

}  // namespace

std::size_t residual_count(std::size_t points, const ScanFitSettings& s) {
  return points * (std::size_t{s.use_storage} + std::size_t{s.use_loss});
}

ScanWeights measured_weights(std::span<const ScanPoint> points, const std::string& kind) {
  ScanWeights w;
  const auto part = [&](bool loss, double floor, std::vector<double>& weight) {
    std::vector<double> y;
    for (const ScanPoint& p : points) y.push_back(std::abs(loss ? p.modulus.imag() : p.modulus.real()));
    const double top = std::max(*std::max_element(y.begin(), y.end()), 1e-300);
    std::vector<double> scaled;
    if (kind == "absolute") {
      weight.assign(y.size(), top);
      for (const double v : y) scaled.push_back(v / top);
    } else {
      weight = smoothed(y);
      for (double& v : weight) v = std::max(v, floor * top);
      for (const double v : y) scaled.push_back(std::log(std::max(v, floor * top)));
    }
    return neighbour_noise(scaled);
  };
  const double storage = part(false, 1e-4, w.storage), loss = part(true, 1e-3, w.loss);
  // The parts are weighed by their own noise; the common factor is found by the fit. A part that is exact does not silence the other.
  const double ratio = storage > 1e-9 && loss > 1e-9 ? std::clamp(loss / storage, 0.1, 10.0) : 1;
  for (double& v : w.loss) v *= ratio;
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

ScanFit scan_fit(SumModel& model, std::span<const ScanPoint> points, const ScanWeights& w, const ScanFitSettings& settings) {
  ScanFit fit = scan_fit_once(model, points, w, settings);
  for (std::size_t k = 0; k < model.parameters().size(); ++k) model.parameters()[k].start = fit.least_squares.value[k];
  // What the fit found the common factor to be, so that the weights are standard errors.
  const int freedom = fit.least_squares.residuals - fit.least_squares.free_parameters;
  const double factor = w.known || freedom <= 0 ? 1 : std::sqrt(fit.least_squares.chi2 / freedom);
  for (double& v : fit.weights.storage) v *= factor;
  for (double& v : fit.weights.loss) v *= factor;
  ScanWeights unit = w;
  for (std::size_t i = 0; i < points.size(); ++i)
    unit.storage[i] = std::max(points[i].modulus.real(), 1e-300), unit.loss[i] = std::max(points[i].modulus.imag(), 1e-300);
  fit.noise_storage = scatter(points, fit.model, unit, false), fit.noise_loss = scatter(points, fit.model, unit, true);
  return fit;
}

}  // namespace heteroglass::relaxation
