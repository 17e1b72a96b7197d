#include "landscape/normal_modes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "numeric/lowest_modes.hpp"
#include "numeric/symmetric_eigen.hpp"

namespace heteroglass::landscape {

Modes all_modes(Harmonic& minimum) {
  Modes m;
  numeric::SymmetricEigen e = numeric::symmetric_eigen(minimum.dense(true));
  m.largest = e.values.back();
  m.value = std::move(e.values), m.vector = std::move(e.vectors.values);
  m.error.assign(m.value.size(), 1e-15 * static_cast<double>(m.value.size()) * m.largest);
  return m;
}

Modes softest_modes(Harmonic& minimum, std::size_t count, std::size_t seed, double free_bytes, Context& context) {
  const std::vector<double> known = minimum.translations(true);
  const std::size_t n = minimum.size();
  const numeric::LinearMap product = minimum.dynamical();
  const numeric::SpectralBounds bounds = numeric::spectral_bounds(n, product, known, 30);
  numeric::LowestSettings settings;
  settings.count = count, settings.known = known, settings.seed = seed;
  numeric::LowestModes found;
  if (minimum.factor_bytes() <= free_bytes) {
    context.progress(0, "factorising the dynamical matrix");
    double shift = 1e-4 * bounds.high;
    auto factor = minimum.factor(true, shift);
    for (; !factor && shift < bounds.high; factor = minimum.factor(true, shift)) shift = std::max(10 * shift, -1.1 * bounds.low);
    if (!factor) throw NumericalError("modes: the dynamical matrix must be bounded from below, got no factor");
    found = numeric::lowest_by_inverse(
        n, [&](auto x, auto y, std::size_t v) { factor->solve(x, y, v); }, product, settings, context);
  } else {
    context.warn(
        fmt::format("the factor of the dynamical matrix would need {:.1f} GB of the {:.1f} GB free: the softest modes come from a "
                    "polynomial filter, which takes long",
                    minimum.factor_bytes() / 1e9, free_bytes / 1e9));
    settings.tolerance = 1e-5;
    found = numeric::lowest_by_filter(n, product, bounds.high, settings, context);
  }
  if (!found.converged) context.warn("not all of the softest modes converged; see frequency_error");
  Modes m;
  m.largest = bounds.high;
  m.value = std::move(found.value), m.vector = std::move(found.vector);
  // |A y - lambda y| bounds the error, its square over the distance to the next mode usually does too.
  m.error = std::move(found.residual);
  return m;
}

double participation(std::span<const double> e, std::size_t dimension, std::size_t atoms) {
  double fourth = 0;
  for (std::size_t i = 0; i < atoms; ++i) {
    double square = 0;
    for (std::size_t k = 0; k < dimension; ++k) square += e[i * dimension + k] * e[i * dimension + k];
    fourth += square * square;
  }
  return 1 / (static_cast<double>(atoms) * fourth);
}

}  // namespace heteroglass::landscape
