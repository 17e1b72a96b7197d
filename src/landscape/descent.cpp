#include "landscape/descent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::landscape {
namespace {

constexpr std::size_t block = 6144;  ///< numbers in a partial sum, a multiple of 3
constexpr std::size_t threaded = 8;  ///< blocks from which threads pay

std::size_t blocks(std::size_t n) { return (n + block - 1) / block; }

/// Eight running sums, so that the compiler may use vectors without changing the order of addition.
double short_dot(const double* a, const double* b, std::size_t n) {
  double s[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (std::size_t k = 0; k < 8; ++k) s[k] += a[i + k] * b[i + k];
  double rest = 0;
  for (; i < n; ++i) rest += a[i] * b[i];
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7])) + rest;
}

/// Calls work(k, from, to) for the blocks of n numbers.
template <class Work> void for_blocks(std::size_t n, Work&& work) {
  const auto count = static_cast<std::ptrdiff_t>(blocks(n));
#pragma omp parallel for schedule(static) if (static_cast <std::size_t>(count) >= threaded)
  for (std::ptrdiff_t k = 0; k < count; ++k) {
    const std::size_t from = static_cast<std::size_t>(k) * block;
    work(static_cast<std::size_t>(k), from, std::min(n, from + block));
  }
}

/// What the three methods share: the point, its gradient, and the count of evaluations.
class Walker {
 public:
  Walker(Function& function, std::span<double> point, const Descent& descent, Context& context)
      : f(function), x(point), how(descent), context_(context), g(point.size()) {
    evaluate();
    if (!finite()) throw NumericalError(fmt::format("relax: energy and forces must be finite at the start, got an energy of {}", e));
  }

  void evaluate() {
    context_.check_cancelled();
    e = f.value(x, g);
    ++evaluations;
  }
  bool finite() const { return std::isfinite(e) && std::isfinite(dot(g, g)); }
  double residual() const { return f.residual(g); }
  bool done() const { return residual() <= how.tolerance || e < how.stop_below || evaluations >= how.max_evaluations; }
  /// Differences of the value smaller than this are rounding.
  double noise() const { return 1e-13 * std::abs(e) + 1e-300; }

  Descended result(const std::string& stuck) const {
    Descended r{e, residual(), evaluations, false, e < how.stop_below, ""};
    r.converged = r.residual <= how.tolerance;
    if (!r.converged && !r.left) r.message = !stuck.empty() ? stuck : fmt::format("not converged after {} force evaluations", evaluations);
    return r;
  }

  Function& f;
  std::span<double> x;
  const Descent& how;

 private:
  Context& context_;

 public:
  std::vector<double> g;
  double e = 0;
  int evaluations = 0;
};

/// Goes along d from the walker's point. True: accepted, the walker stands at the new point. False: no lower point, it stands where it was.
bool line_search(Walker& w, std::span<const double> d) {
  const double slope = dot(w.g, d), start = w.e, noise = w.noise();
  if (!(slope < 0)) return false;
  const double longest = largest_triple(d);
  const std::vector<double> x0(w.x.begin(), w.x.end()), g0 = w.g;
  double a = longest > w.how.max_step ? w.how.max_step / longest : 1;
  for (int trial = 0; trial < 12; ++trial) {
    for_blocks(x0.size(), [&](std::size_t, std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i) w.x[i] = x0[i] + a * d[i];
    });
    w.evaluate();
    const bool finite = w.finite();
    const double ahead = finite ? dot(w.g, d) : 0;
    const bool falls = finite && w.e <= start + 1e-4 * a * slope;
    const bool flat = finite && std::abs(w.e - start) <= noise && std::abs(ahead) <= 0.9 * std::abs(slope);
    if (falls || flat) return true;
    if (w.evaluations >= w.how.max_evaluations) break;
    // The minimum of the parabola through both slopes, where they bracket one; else a plain cut.
    const double secant = finite && ahead > slope ? -slope / (ahead - slope) : 0.1;
    a *= std::clamp(secant, 0.1, 0.5);
  }
  std::copy(x0.begin(), x0.end(), w.x.begin());
  w.g = g0, w.e = start;
  return false;
}

Descended lbfgs(Walker& w, CurvatureMemory& memory) {
  const std::size_t n = w.x.size();
  std::vector<double> d(n), x0(n), g0(n);
  while (!w.done()) {
    for (std::size_t i = 0; i < n; ++i) d[i] = -w.g[i];
    memory.apply(d);
    // The first step, without memory: no longer than a hundredth of the longest allowed.
    if (memory.empty()) {
      const double longest = largest_triple(d), first = std::min(1.0, 0.01 * w.how.max_step / longest);
      for (double& v : d) v *= first;
    }
    std::copy(w.x.begin(), w.x.end(), x0.begin());
    g0 = w.g;
    if (!line_search(w, d)) {
      if (memory.empty()) return w.result("the energy cannot be lowered further: rounding, or a force that is not its gradient");
      memory.clear();
      continue;
    }
    std::vector<double> s(n), y(n);
    for (std::size_t i = 0; i < n; ++i) s[i] = w.x[i] - x0[i], y[i] = w.g[i] - g0[i];
    memory.keep(std::move(s), std::move(y));
  }
  return w.result("");
}

/// Approximate solution of H d = -g (Dembo, Steihaug): leaves at negative curvature with what it has, or with -g.
std::vector<double> newton_direction(Walker& w) {
  const std::size_t n = w.x.size();
  w.f.expand(w.x);
  std::vector<double> d(n, 0), r(n), p(n), hp(n);
  for (std::size_t i = 0; i < n; ++i) p[i] = r[i] = -w.g[i];
  const double start = dot(r, r);
  double rr = start;
  // Superlinear: the closer to the minimum, the more exactly.
  const double forcing = std::min(0.1, std::sqrt(w.residual()));
  for (int k = 0; k < 500 && rr > forcing * forcing * start; ++k) {
    w.f.product(p, hp);
    ++w.evaluations;
    const double curvature = dot(p, hp), pp = dot(p, p);
    if (curvature <= 1e-10 * pp) {
      if (k == 0) d = p;
      break;
    }
    const double a = rr / curvature;
    add(d, a, p);
    add(r, -a, hp);
    const double next = dot(r, r), b = next / rr;
    rr = next;
    for (std::size_t i = 0; i < n; ++i) p[i] = r[i] + b * p[i];
  }
  return d;
}

Descended newton(Walker& w) {
  while (!w.done()) {
    std::vector<double> d = newton_direction(w);
    if (line_search(w, d)) continue;
    for (std::size_t i = 0; i < d.size(); ++i) d[i] = -w.g[i];
    const double longest = largest_triple(d), first = std::min(1.0, 0.01 * w.how.max_step / longest);
    for (double& v : d) v *= first;
    if (!line_search(w, d)) return w.result("the energy cannot be lowered further: rounding, or a force that is not its gradient");
  }
  return w.result("");
}

/// Largest curvature, from differences of gradients along a vector that turns into the stiffest direction. Leaves the point unchanged.
double stiffness(Walker& w) {
  const std::size_t n = w.x.size();
  const std::vector<double> x0(w.x.begin(), w.x.end()), g0 = w.g;
  const double e0 = w.e;
  std::vector<double> v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = g0[i] + 1e-3 * std::sqrt(dot(g0, g0) / double(n)) * std::sin(double(i * i % 1009));
  double k = 0;
  for (int turn = 0; turn < 6; ++turn) {
    const double longest = largest_triple(v);
    if (longest == 0) break;
    const double h = 1e-4 * w.how.max_step / 0.1 / longest, length = h * std::sqrt(dot(v, v));
    for (std::size_t i = 0; i < n; ++i) w.x[i] = x0[i] + h * v[i];
    w.evaluate();
    for (std::size_t i = 0; i < n; ++i) v[i] = w.g[i] - g0[i];
    k = std::max(k, std::sqrt(dot(v, v)) / length);
  }
  std::copy(x0.begin(), x0.end(), w.x.begin());
  w.g = g0, w.e = e0;
  return k;
}

/// FIRE 2.0 with unit masses; the longest time step is a fixed part of the stiffest period, so that no atom can be lost. The period is
/// measured again whenever the forces have fallen tenfold.
Descended fire(Walker& w) {
  const std::size_t n = w.x.size();
  constexpr double grow = 1.1, shrink = 0.5, alpha_start = 0.25, alpha_shrink = 0.99;
  constexpr int delay = 20, patience = 2000;
  if (w.done()) return w.result("");
  double measured_at = w.residual(), dt_max = 1 / std::sqrt(stiffness(w)), dt = 0.1 * dt_max, alpha = alpha_start;
  if (!std::isfinite(dt_max)) return w.result("the forces do not change with the positions");
  int uphill = 0, downhill = 0;
  std::vector<double> v(n, 0);
  while (!w.done()) {
    const double power = -dot(w.g, v);
    if (power > 0) {
      uphill = 0;
      if (++downhill > delay) dt = std::min(dt * grow, dt_max), alpha *= alpha_shrink;
    } else {
      downhill = 0;
      if (++uphill > patience) return w.result("fire goes uphill again and again");
      if (w.evaluations > delay) dt = std::max(dt * shrink, 0.002 * dt_max), alpha = alpha_start;
      for (std::size_t i = 0; i < n; ++i) w.x[i] -= 0.5 * dt * v[i], v[i] = 0;
    }
    for (std::size_t i = 0; i < n; ++i) v[i] -= dt * w.g[i];
    const double mix = alpha * std::sqrt(dot(v, v) / dot(w.g, w.g));
    for (std::size_t i = 0; i < n; ++i) v[i] = (1 - alpha) * v[i] - mix * w.g[i];
    const double longest = dt * largest_triple(v), cut = longest > w.how.max_step ? w.how.max_step / longest : 1;
    for (std::size_t i = 0; i < n; ++i) v[i] *= cut, w.x[i] += dt * v[i];
    w.evaluate();
    if (!w.finite()) throw NumericalError(fmt::format("relax: forces must stay finite, got an energy of {} in fire", w.e));
    if (const double now = w.residual(); now < 0.1 * measured_at && !w.done()) {
      measured_at = now;
      const double longer = 1 / std::sqrt(stiffness(w));
      if (std::isfinite(longer)) dt = std::min(dt, longer), dt_max = longer;
    }
  }
  return w.result("");
}

}  // namespace

double dot(std::span<const double> a, std::span<const double> b) {
  const std::size_t n = a.size(), count = blocks(n);
  if (count <= 1) return short_dot(a.data(), b.data(), n);
  std::vector<double> part(count);
  for_blocks(n, [&](std::size_t k, std::size_t from, std::size_t to) { part[k] = short_dot(&a[from], &b[from], to - from); });
  double sum = 0;
  for (const double p : part) sum += p;
  return sum;
}

void add(std::span<double> y, double a, std::span<const double> x) {
  for_blocks(y.size(), [&](std::size_t, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) y[i] += a * x[i];
  });
}

double largest_triple(std::span<const double> x) {
  double most = 0;
  for (std::size_t i = 0; i + 2 < x.size(); i += 3) most = std::max(most, x[i] * x[i] + x[i + 1] * x[i + 1] + x[i + 2] * x[i + 2]);
  return std::sqrt(most);
}

void CurvatureMemory::keep(std::vector<double> step, std::vector<double> change) {
  const double sy = dot(step, change), yy = dot(change, change), ss = dot(step, step);
  if (!(sy > 1e-10 * std::sqrt(ss * yy)) || !(yy > 0)) return;
  if (pairs_.size() == limit_) pairs_.pop_front();
  pairs_.push_back({std::move(step), std::move(change), sy, sy / yy});
}

void CurvatureMemory::apply(std::span<double> v) const {
  if (pairs_.empty()) return;
  std::vector<double> a(pairs_.size());
  for (std::size_t k = pairs_.size(); k-- > 0;) {
    a[k] = dot(pairs_[k].step, v) / pairs_[k].curvature;
    add(v, -a[k], pairs_[k].change);
  }
  for (double& c : v) c *= pairs_.back().scale;
  for (std::size_t k = 0; k < pairs_.size(); ++k) add(v, a[k] - dot(pairs_[k].change, v) / pairs_[k].curvature, pairs_[k].step);
}

Descended descend(Function& function, std::span<double> x, const Descent& how, CurvatureMemory& memory, Context& context) {
  Walker w(function, x, how, context);
  if (how.method == Method::fire) return fire(w);
  if (how.method == Method::newton) return newton(w);
  return lbfgs(w, memory);
}

}  // namespace heteroglass::landscape
