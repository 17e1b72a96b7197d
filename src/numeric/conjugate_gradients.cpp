#include "numeric/conjugate_gradients.hpp"

#include <algorithm>
#include <cmath>

namespace heteroglass::numeric {

ConjugateGradients conjugate_gradients(std::size_t n, const LinearMap& product, std::span<const double> b, std::span<const double> known,
                                       double tolerance, int max_iterations, Context& context) {
  const std::size_t m = b.size() / n;
  ConjugateGradients out;
  out.x.assign(b.size(), 0);
  out.residual.assign(m, 0);
  std::vector<double> r(b.begin(), b.end()), p, image(b.size()), square(m), start(m);
  const auto part = [n](std::vector<double>& v, std::size_t k) { return std::span<double>(v).subspan(k * n, n); };
  for (std::size_t k = 0; k < m; ++k) {
    project_out(known, part(r, k));
    start[k] = square[k] = dot(part(r, k), part(r, k));
  }
  p = r;
  const auto done = [&](std::size_t k) { return square[k] <= tolerance * tolerance * start[k] || start[k] == 0; };
  double worst = 1;
  for (; out.iterations < max_iterations && !out.negative_curvature; ++out.iterations) {
    context.check_cancelled();
    bool all = true;
    worst = 0;
    for (std::size_t k = 0; k < m; ++k) {
      all = all && done(k);
      if (start[k] > 0) worst = std::max(worst, square[k] / start[k]);
    }
    if (all) break;
    if (out.iterations % 10 == 0)
      context.progress(std::clamp(std::log(worst) / (2 * std::log(tolerance)), 0.0, 1.0), "relaxing the strained glass");
    product(p, image, m);
    for (std::size_t k = 0; k < m; ++k) {
      if (done(k)) continue;
      const auto pk = part(p, k), ak = part(image, k), rk = part(r, k);
      project_out(known, ak);
      const double curvature = dot(pk, ak);
      if (!(curvature > 0)) {
        out.negative_curvature = true;
        break;
      }
      const double step = square[k] / curvature;
      add_scaled(step, pk, part(out.x, k));
      add_scaled(-step, ak, rk);
      const double next = dot(rk, rk), ratio = next / square[k];
      square[k] = next;
      for (std::size_t i = 0; i < n; ++i) pk[i] = rk[i] + ratio * pk[i];
    }
  }
  product(out.x, image, m);
  for (std::size_t k = 0; k < m; ++k) {
    const auto ak = part(image, k);
    for (std::size_t i = 0; i < n; ++i) ak[i] = b[k * n + i] - ak[i];
    project_out(known, ak);
    out.residual[k] = start[k] > 0 ? std::sqrt(dot(ak, ak) / start[k]) : 0;
  }
  // Rounding lets the true residual lag behind the recurrence by a little.
  out.converged = !out.negative_curvature && *std::max_element(out.residual.begin(), out.residual.end()) <= 100 * tolerance;
  return out;
}

}  // namespace heteroglass::numeric
