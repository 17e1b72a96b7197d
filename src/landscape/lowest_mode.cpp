#include "landscape/lowest_mode.hpp"

#include <algorithm>
#include <cmath>

namespace heteroglass::landscape {
namespace {

/// Lowest eigenvalue of a symmetric tridiagonal matrix by bisection on the Sturm sequence, and its eigenvector by the recurrence of
/// inverse iteration.
double lowest_eigenvalue(const std::vector<double>& a, const std::vector<double>& b) {
  double low = a[0], high = a[0];
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double reach = (k > 0 ? std::abs(b[k - 1]) : 0) + (k + 1 < a.size() ? std::abs(b[k]) : 0);
    low = std::min(low, a[k] - reach), high = std::max(high, a[k] + reach);
  }
  const auto any_below = [&](double x) {
    double d = 1;
    for (std::size_t k = 0; k < a.size(); ++k) {
      d = a[k] - x - (k > 0 ? b[k - 1] * b[k - 1] / d : 0);
      if (d < 0) return true;
      if (d == 0) d = 1e-300;
    }
    return false;
  };
  for (int n = 0; n < 200 && high - low > 1e-14 * std::max(std::abs(low), std::abs(high)); ++n) {
    const double middle = 0.5 * (low + high);
    (any_below(middle) ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

/// Two steps of inverse iteration from (1, 1, ...), by elimination with the shift just below the eigenvalue, where all pivots are positive.
std::vector<double> eigenvector(const std::vector<double>& a, const std::vector<double>& b, double lambda) {
  const std::size_t n = a.size();
  double size = std::abs(lambda);
  for (double x : a) size = std::max(size, std::abs(x));
  const double shift = lambda - 1e-10 * size;
  std::vector<double> y(n, 1), d(n);
  for (int round = 0; round < 3; ++round) {
    for (std::size_t k = 0; k < n; ++k) {
      d[k] = a[k] - shift - (k > 0 ? b[k - 1] * b[k - 1] / d[k - 1] : 0);
      if (std::abs(d[k]) < 1e-14 * size) d[k] = 1e-14 * size;
      if (k > 0) y[k] -= b[k - 1] / d[k - 1] * y[k - 1];
    }
    for (std::size_t k = n; k-- > 0;) y[k] = (y[k] - (k + 1 < n ? b[k] * y[k + 1] : 0)) / d[k];
    double norm2 = 0;
    for (double v : y) norm2 += v * v;
    for (double& v : y) v /= std::sqrt(norm2);
  }
  return y;
}

}  // namespace

Mode lowest_mode(ForceField& field, const Vectors& x, const Vectors& force, const Vectors& start, const ModeOptions& o,
                 std::span<const Vectors> deflate) {
  std::vector<Vectors> out_of = field.rigid_motions(x);
  out_of.insert(out_of.end(), deflate.begin(), deflate.end());
  Vectors v = start;
  project_out(v, out_of);
  scale(v, 1 / norm(v));
  std::vector<Vectors> basis;
  std::vector<double> a, b, y;
  Vectors moved(x.size()), hv(x.size());
  Mode mode;
  double beta = 0;
  for (int k = 0; k < o.max_iterations; ++k) {
    basis.push_back(v);
    moved = x;
    add(moved, o.step, v);
    field.forces(moved, hv);
    for (std::size_t i = 0; i < hv.size(); ++i) hv[i] = (force[i] - hv[i]) / o.step;
    a.push_back(dot(v, hv));
    project_out(hv, out_of);
    for (int twice = 0; twice < 2; ++twice) project_out(hv, basis);
    beta = norm(hv);
    const double before = mode.curvature;
    mode.curvature = lowest_eigenvalue(a, b);
    mode.iterations = k + 1;
    y = eigenvector(a, b, mode.curvature);
    mode.residual = std::abs(beta * y.back());
    const double miss = o.residual > 0 ? mode.residual : std::abs(mode.curvature - before),
                 enough = o.residual > 0 ? o.residual : o.tolerance;
    mode.converged = k + 1 >= o.min_iterations && miss <= enough * std::abs(mode.curvature);
    const bool exhausted = beta <= 1e-10 * std::abs(mode.curvature) || basis.size() >= 3 * x.size();
    if (mode.converged || exhausted || mode.curvature < o.stop_below) break;
    b.push_back(beta);
    v = hv;
    scale(v, 1 / beta);
  }
  mode.direction.assign(x.size(), {});
  for (std::size_t k = 0; k < basis.size(); ++k) add(mode.direction, y[k], basis[k]);
  scale(mode.direction, 1 / norm(mode.direction));
  return mode;
}

}  // namespace heteroglass::landscape
