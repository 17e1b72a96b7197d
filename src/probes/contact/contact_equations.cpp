#include "probes/contact/contact_equations.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "core/vector_clones.hpp"

namespace heteroglass::probes {
namespace {

constexpr std::size_t most = contact_parameters;
constexpr std::size_t lanes = 8;  // sums side by side, always as many, so that results do not depend on the processor's width

/// Duration over which the load rose from zero to the first point, at the rate of the first points.
double time_before(const LoadHistory& h) {
  const std::size_t k = std::min<std::size_t>(10, h.load.size() - 1);
  const double rate = (h.load[k] - h.load[0]) / (h.time[k] - h.time[0]);
  return rate > 0 ? std::max(0.0, h.load[0] / rate) : 0;
}

/// Factors of one step of the recursion: e, (1 - e)/x, and their derivatives by ln t_c.
struct Step {
  double e, g, de, dg;
  explicit Step(double x) {
    e = std::exp(-x);
    if (x < 1e-3) {
      g = 1 - x * (0.5 - x / 6), dg = x * (0.5 - x * (1.0 / 3 - x / 8));
    } else {
      g = (1 - e) / x, dg = (1 - e * (1 + x)) / x;
    }
    de = e * x;
  }
};

/// Steps of time that differ by rounding only are one.
bool same_step(double a, double b) { return std::abs(a - b) <= 1e-9 * b; }

/// w = (a q)^(2/3), zero where q is not positive (load noise below the memory term: no depth can be had).
HETEROGLASS_VECTOR_CLONES void two_thirds(const double* q, double a, double* w, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const double x = a * (q[i] > 0 ? q[i] : 0.0);
    // a third of the exponent: 3 % off at most, then 2e-5, then 1e-14
    const std::uint64_t third = (((std::bit_cast<std::uint64_t>(x) >> 32) * 0xAAAAAAABULL) >> 33) + 715094163ULL;
    double y = std::bit_cast<double>(third << 32);
    for (int k = 0; k < 2; ++k) {
      const double cube = y * y * y;
      y *= (cube + 2 * x) / (2 * cube + x);
    }
    w[i] = x > 1e-200 ? y * y : 0;
  }
}

/// Sums of the normal equations over points in `lanes` columns.
struct Sums {
  double rss[lanes] = {}, b[most][lanes] = {}, a[most][most][lanes] = {};
};

HETEROGLASS_VECTOR_CLONES void accumulate(const double* depth, const double* q, const double* w, const double* e, const double* slope,
                                          double h0, double f, std::size_t n, Sums& s) {
  for (std::size_t begin = 0; begin < n; begin += lanes) {
    const std::size_t count = n - begin < lanes ? n - begin : lanes;
    double d[most][lanes] = {}, r[lanes] = {};
    for (std::size_t l = 0; l < count; ++l) {
      const std::size_t i = begin + l;
      const double by_q = q[i] > 0 ? (2.0 / 3) * w[i] / q[i] : 0.0;
      r[l] = depth[i] - h0 - w[i];
      d[0][l] = 1, d[1][l] = (2.0 / 3) * w[i], d[2][l] = -by_q * f * slope[i], d[3][l] = -by_q * e[i];
    }
    for (std::size_t l = 0; l < lanes; ++l) s.rss[l] += r[l] * r[l];
    for (std::size_t j = 0; j < most; ++j) {
      for (std::size_t l = 0; l < lanes; ++l) s.b[j][l] += d[j][l] * r[l];
      for (std::size_t k = 0; k <= j; ++k)
        for (std::size_t l = 0; l < lanes; ++l) s.a[j][k][l] += d[j][l] * d[k][l];
    }
  }
}

double total(const double (&x)[lanes]) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum;
}

}  // namespace

bool solve(const ContactNormal& n, std::span<const std::size_t> which, double damping, ContactVector& x) {
  const std::size_t m = which.size();
  std::array<std::array<double, most>, most> l{};
  std::array<double, most> y{};
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double s = n.a[which[i]][which[j]] * (i == j ? 1 + damping : 1);
      for (std::size_t k = 0; k < j; ++k) s -= l[i][k] * l[j][k];
      if (i == j && !(s > 1e-14 * n.a[which[i]][which[i]])) return false;
      l[i][j] = i == j ? std::sqrt(s) : s / l[j][j];
    }
    y[i] = n.b[which[i]];
    for (std::size_t k = 0; k < i; ++k) y[i] -= l[i][k] * y[k];
    y[i] /= l[i][i];
  }
  for (std::size_t i = m; i-- > 0;) {
    for (std::size_t k = i + 1; k < m; ++k) y[i] -= l[k][i] * y[k];
    y[i] /= l[i][i];
  }
  x = {};
  for (std::size_t i = 0; i < m; ++i) x[which[i]] = y[i];
  return true;
}

ContactEquations::ContactEquations(const LoadHistory& h, ContactModel model) : h_(h), which_({0, 1}) {
  if (model != ContactModel::hertz) which_.push_back(2);
  if (model == ContactModel::zener) which_.push_back(3);
  duration_ = step_ = h.time.back() - h.time.front();
  for (std::size_t i = 1; i < h.time.size(); ++i) step_ = std::min(step_, h.time[i] - h.time[i - 1]);
  low_ = std::log(0.02 * step_), high_ = std::log(50 * duration_);
  const std::size_t n = h.load.size();
  e_.assign(n, 0), slope_.assign(n, 0), q_.resize(n), w_.resize(n);
}

/// E, its slope, q and w at p.
void ContactEquations::evaluate(const ContactPoint& p) {
  const bool memory = p.f != 0 || which_.size() > 3;
  if (memory && memory_of_ != p.ln_t) memory_integral(h_, std::exp(p.ln_t), e_, &slope_), memory_of_ = p.ln_t;
  const std::size_t n = h_.load.size();
  for (std::size_t i = h_.first; i < n; ++i) q_[i] = h_.load[i] - p.f * e_[i];
  two_thirds(q_.data() + h_.first, std::exp(p.ln_a), w_.data() + h_.first, n - h_.first);
}

ContactNormal ContactEquations::normal(const ContactPoint& p) {
  evaluate(p);
  Sums s;
  const std::size_t o = h_.first;
  accumulate(h_.depth.data() + o, q_.data() + o, w_.data() + o, e_.data() + o, slope_.data() + o, p.h0, p.f, h_.load.size() - o, s);
  ContactNormal n;
  n.rss = total(s.rss);
  for (std::size_t j = 0; j < most; ++j) {
    n.b[j] = total(s.b[j]);
    for (std::size_t k = 0; k <= j; ++k) n.a[j][k] = total(s.a[j][k]);
  }
  return n;
}

ContactNormal ContactEquations::descend(ContactPoint& p, std::span<const std::size_t> which, int iterations, bool* converged) {
  ContactNormal n = normal(p);
  double damping = 1e-4;
  if (converged) *converged = false;
  for (int i = 0; i < iterations; ++i) {
    ContactVector x{};
    if (!solve(n, which, damping, x)) return n;
    ContactPoint next = p;
    next.h0 += x[0], next.ln_a += std::clamp(x[1], -2.0, 2.0);
    next.ln_t = std::clamp(p.ln_t + std::clamp(x[2], -1.5, 1.5), low_, high_);
    next.f = which.back() == 3 ? std::clamp(p.f + x[3], 0.0, 1.0) : p.f;
    double gain = 0;  // what the quadratic model promises
    for (const std::size_t j : which) gain += x[j] * n.b[j];
    if (gain < 1e-9 * n.rss + 1e-300) {
      if (converged) *converged = true;
      return n;
    }
    const ContactNormal trial = normal(next);
    if (trial.rss <= n.rss) {
      const bool done = n.rss - trial.rss < 1e-9 * n.rss;
      p = next, n = trial, damping = std::max(damping / 10, 1e-12);
      if (done) {
        if (converged) *converged = true;
        return n;
      }
    } else {
      damping = std::max(damping * 10, 1e-6);
      if (damping > 1e8) return n;
    }
  }
  return n;
}

double ContactEquations::settled(ContactPoint& p, std::span<const std::size_t> which, double unit) {
  double rss = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 5; ++i) {
    const ContactNormal n = normal(p);
    ContactVector x{};
    if (!solve(n, which, 0, x)) return std::min(rss, n.rss);
    double gain = 0;
    for (const std::size_t j : which) gain += x[j] * n.b[j];
    if (n.rss > rss) break;  // the quadratic model failed: the descent with damping goes on from there
    rss = n.rss;
    if (gain < 0.02 * unit) return rss - gain;
    p.h0 += x[0], p.ln_a += std::clamp(x[1], -2.0, 2.0), p.f = std::clamp(p.f + x[3], 0.0, 1.0);
  }
  return descend(p, which, 8).rss;
}

std::vector<double> ContactEquations::residuals(const ContactPoint& p) {
  evaluate(p);
  std::vector<double> r;
  r.reserve(h_.load.size() - h_.first);
  for (std::size_t i = h_.first; i < h_.load.size(); ++i) r.push_back(h_.depth[i] - p.h0 - w_[i]);
  return r;
}

double ContactEquations::linear(ContactPoint& p) {
  p.ln_a = 0;
  evaluate(p);
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
  for (std::size_t i = h_.first; i < h_.load.size(); ++i) {
    const double u = w_[i], d = h_.depth[i];
    ++n, x += u, y += d, xx += u * u, xy += u * d, yy += d * d;
  }
  const double sxx = xx - x * x / n, sxy = xy - x * y / n, slope = sxy / sxx;
  if (!(slope > 0)) return std::numeric_limits<double>::infinity();
  p.h0 = (y - slope * x) / n, p.ln_a = 1.5 * std::log(slope);
  return yy - y * y / n - slope * sxy;
}

ContactCovariance ContactEquations::load_response(const ContactPoint& p, double& direct) {
  evaluate(p);
  const double t_c = std::exp(p.ln_t);
  ContactCovariance sum{};
  direct = 0;
  ContactVector lambda{}, later{};  // adjoint of E_i; g times it at the next point
  double last = -1;
  Step step(0);
  for (std::size_t i = h_.load.size(); i-- > 0;) {
    const double dt = i > 0 ? h_.time[i] - h_.time[i - 1] : time_before(h_);
    if (!same_step(dt, last)) step = Step(dt / t_c), last = dt;
    const double by_q = i >= h_.first && q_[i] > 0 ? (2.0 / 3) * w_[i] / q_[i] : 0;
    const ContactVector d = {1, (2.0 / 3) * w_[i], -by_q * p.f * slope_[i], -by_q * e_[i]};
    ContactVector g{};
    for (std::size_t k = 0; k < most; ++k) {
      const double v = by_q > 0 ? d[k] * by_q : 0;
      lambda[k] += v;
      const double now = step.g * lambda[k];
      g[k] = v - p.f * (now - later[k]);
      lambda[k] *= step.e, later[k] = now;
    }
    direct += by_q * by_q * ((1 - p.f) * (1 - p.f) + p.f * p.f * std::min(1.0, dt / t_c) / 2);
    for (std::size_t j = 0; j < most; ++j)
      for (std::size_t k = 0; k < most; ++k) sum[j][k] += g[j] * g[k];
  }
  return sum;
}

void memory_integral(const LoadHistory& h, double t_c, std::vector<double>& e, std::vector<double>* slope) {
  const std::size_t n = h.load.size();
  e.resize(n);
  if (slope) slope->resize(n);
  const double before = time_before(h);
  const Step first(before / t_c);
  double value = h.load[0] * first.g, derivative = h.load[0] * first.dg, last = -1;
  e[0] = value;
  if (slope) (*slope)[0] = derivative;
  Step step(0);
  for (std::size_t i = 1; i < n; ++i) {
    const double dt = h.time[i] - h.time[i - 1], dp = h.load[i] - h.load[i - 1];
    if (!same_step(dt, last)) step = Step(dt / t_c), last = dt;
    derivative = step.e * derivative + step.de * value + dp * step.dg;
    value = step.e * value + dp * step.g;
    e[i] = value;
    if (slope) (*slope)[i] = derivative;
  }
}

}  // namespace heteroglass::probes
