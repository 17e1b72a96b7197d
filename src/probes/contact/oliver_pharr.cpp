#include "probes/contact/oliver_pharr.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace heteroglass::probes {
namespace {

constexpr double gpa = 1e6;  // 1 mN/nm^2 in GPa

/// P = B (h - h_p)^m by Gauss-Newton with halved steps, in ln B, h_p, m. Depths are divided by the largest.
struct PowerLaw {
  double ln_b = 0, h_p = 0, m = 1.5;
  std::array<std::array<double, 3>, 3> covariance{};
  bool good = false;
};

bool solve3(std::array<std::array<double, 3>, 3> a, std::array<double, 3> b, std::array<double, 3>& x) {
  for (std::size_t i = 0; i < 3; ++i) {
    if (!(std::abs(a[i][i]) > 1e-300)) return false;
    for (std::size_t r = i + 1; r < 3; ++r) {
      const double f = a[r][i] / a[i][i];
      for (std::size_t c = i; c < 3; ++c) a[r][c] -= f * a[i][c];
      b[r] -= f * b[i];
    }
  }
  for (std::size_t i = 3; i-- > 0;) {
    for (std::size_t c = i + 1; c < 3; ++c) b[i] -= a[i][c] * x[c];
    x[i] = b[i] / a[i][i];
  }
  return std::isfinite(x[0]) && std::isfinite(x[1]) && std::isfinite(x[2]);
}

struct Equations {
  std::array<std::array<double, 3>, 3> a{};
  std::array<double, 3> b{};
  double rss = INFINITY;
};

Equations equations(const PowerLaw& p, const std::vector<double>& h, const std::vector<double>& load) {
  Equations e;
  e.rss = 0;
  for (std::size_t i = 0; i < h.size(); ++i) {
    const double x = h[i] - p.h_p;
    if (!(x > 0)) {
      e.rss = INFINITY;
      return e;
    }
    const double ln = std::log(x), model = std::exp(p.ln_b + p.m * ln), r = load[i] - model;
    const std::array<double, 3> d = {model, -p.m * model / x, model * ln};
    e.rss += r * r;
    for (std::size_t j = 0; j < 3; ++j) {
      e.b[j] += d[j] * r;
      for (std::size_t k = 0; k < 3; ++k) e.a[j][k] += d[j] * d[k];
    }
  }
  return e;
}

PowerLaw power_law(const std::vector<double>& h, const std::vector<double>& load) {
  PowerLaw p;
  // straight line first: h_p a little below where it meets zero
  double x = 0, y = 0, xx = 0, xy = 0;
  const auto n = static_cast<double>(h.size());
  for (std::size_t i = 0; i < h.size(); ++i) x += h[i], y += load[i], xx += h[i] * h[i], xy += h[i] * load[i];
  const double slope = (n * xy - x * y) / (n * xx - x * x), zero = (x - y / slope) / n;
  const double lowest = *std::min_element(h.begin(), h.end());
  if (!(slope > 0)) return p;
  p.h_p = std::min(zero - 0.3 * (x / n - zero), lowest - 1e-3);
  p.ln_b = std::log(y / n) - p.m * std::log(x / n - p.h_p);
  Equations e = equations(p, h, load);
  double damping = 1e-3;
  for (int i = 0; i < 100; ++i) {
    std::array<double, 3> step{};
    Equations damped = e;
    for (std::size_t k = 0; k < 3; ++k) damped.a[k][k] *= 1 + damping;
    if (!solve3(damped.a, damped.b, step)) return p;
    PowerLaw next = p;
    next.ln_b += step[0], next.h_p += step[1], next.m = std::clamp(p.m + step[2], 1.0, 6.0);
    const Equations trial = equations(next, h, load);
    if (trial.rss <= e.rss) {
      const bool done = e.rss - trial.rss < 1e-10 * e.rss;
      p = next, e = trial, damping = std::max(damping / 10, 1e-12);
      if (done) break;
    } else if ((damping *= 10) > 1e9) {
      break;
    }
  }
  p.good = p.m > 0 && std::isfinite(p.ln_b);
  for (std::size_t j = 0; j < 3 && p.good; ++j) {
    std::array<double, 3> unit{}, column{};
    unit[j] = e.rss / (n - 3);
    p.good = solve3(e.a, unit, column);
    for (std::size_t k = 0; k < 3; ++k) p.covariance[k][j] = column[k];
  }
  return p;
}

/// What the constants of a power law give.
struct Read {
  double h_max, stiffness, epsilon, h_c, area, h_it, e_r, e_it;
};

/// @param unit [nm] of the depths of the fit @param shift [nm] by which the point of contact lies higher
Read read(const PowerLaw& p, double p_max, double unit, const Tip& tip, const UnloadingSettings& s, double shift = 0) {
  Read r{};
  const double above = std::exp((std::log(p_max) - p.ln_b) / p.m) * unit;  // h_max - h_p
  r.h_max = p.h_p * unit + above + shift, r.stiffness = p.m * p_max / above;
  r.epsilon = s.epsilon.value_or(intercept_factor(p.m));
  r.h_c = r.h_max - r.epsilon * p_max / r.stiffness;
  r.area = r.h_c > 0 ? tip.area_at(r.h_c) : NAN;
  r.h_it = p_max / r.area * gpa;
  r.e_r = std::sqrt(std::numbers::pi) * r.stiffness / (2 * s.beta * std::sqrt(r.area)) * gpa;
  r.e_it = r.e_r < s.tip_modulus ? (1 - s.poisson * s.poisson) / (1 / r.e_r - 1 / s.tip_modulus) : NAN;
  return r;
}

double work(const ContactCurve& c, std::size_t from, std::size_t to) {
  double w = 0;
  for (std::size_t i = from + 1; i <= to; ++i) w += (c.depth[i] - c.depth[i - 1]) * (c.load[i] + c.load[i - 1]) / 2;
  return w;
}

}  // namespace

double Tip::area_at(double h) const {
  if (shape == "sphere") return std::numbers::pi * (2e3 * radius * h - h * h);
  if (shape == "berkovich") return 24.494 * h * h;
  if (shape == "vickers") return 24.504 * h * h;
  if (shape == "cube-corner") return 2.598 * h * h;
  double a = 0, power = 2;
  for (const double c : area) a += c * std::pow(h, power), power /= 2;
  return a;
}

std::string Tip::text() const {
  if (shape == "sphere") return fmt::format("sphere of radius {:g} um: pi (2 R h_c - h_c^2)", radius);
  if (shape == "function") return fmt::format("sum of c_k h_c^(2, 1, 1/2, ...), c = {:g} for h_c in nm", fmt::join(area, ", "));
  return fmt::format("ideal {} tip: {:g} h_c^2", shape, area_at(1));
}

double intercept_factor(double m) {
  if (!(m > 1.0001)) return 1;
  const double a = m / (2 * (m - 1)), b = 1 / (2 * (m - 1));
  return m * (1 - 2 * std::exp(std::lgamma(a) - std::lgamma(b)) * (m - 1) / std::sqrt(std::numbers::pi));
}

OliverPharr oliver_pharr(const ContactCurve& c, double contact_depth, double contact_error, const Tip& tip, const UnloadingSettings& s) {
  OliverPharr r;
  r.p_max = c.load[c.hold_end], r.h_max = c.depth[c.hold_end] - contact_depth;
  if (c.has_hold) {  // the mean of its last tenth
    const std::size_t begin = c.hold_end - (c.hold_end - c.load_end) / 10;
    r.p_max = 0;
    for (std::size_t i = begin; i <= c.hold_end; ++i) r.p_max += c.load[i] / static_cast<double>(c.hold_end + 1 - begin);
  }
  if (c.has_hold) r.c_it = (c.depth[c.hold_end] - c.depth[c.load_end]) / (c.depth[c.load_end] - contact_depth);
  if (!c.has_unloading) {
    r.why = "the curve has no unloading";
    return r;
  }
  const double unit = r.h_max;
  std::vector<double> h, load;
  for (std::size_t i = c.hold_end; i <= c.unload_end; ++i)
    if (c.load[i] <= s.from * r.p_max && c.load[i] >= s.to * r.p_max)
      h.push_back((c.depth[i] - contact_depth) / unit), load.push_back(c.load[i]);
  if (h.size() < 6) {
    r.why = fmt::format("{} points of the unloading lie between {:g} and {:g} of the largest load, 6 are needed", h.size(), s.to, s.from);
    return r;
  }
  const PowerLaw p = power_law(h, load);
  if (!p.good) {
    r.why = "the unloading does not fall with the depth";
    return r;
  }
  const Read best = read(p, r.p_max, unit, tip, s);
  r.h_max = best.h_max, r.stiffness = best.stiffness, r.m = p.m, r.h_p = p.h_p * unit;
  r.epsilon = best.epsilon, r.h_c = best.h_c, r.h_r = r.h_max - r.p_max / r.stiffness, r.area = best.area;
  if (!(r.area > 0)) {
    r.why = fmt::format("the contact area at h_c = {:.4g} nm is not positive", r.h_c);
    return r;
  }
  r.done = true;
  r.h_it = best.h_it, r.e_r = best.e_r, r.e_it = best.e_it;
  // by differences: from the covariance of the three constants, and from the point of contact, which moves h_max and h_p alike
  std::array<std::array<double, 3>, 3> slope{};
  for (std::size_t k = 0; k < 3; ++k) {
    const double step = 0.01 * std::sqrt(p.covariance[k][k]) + 1e-12;
    PowerLaw moved = p;
    (k == 0 ? moved.ln_b : k == 1 ? moved.h_p : moved.m) += step;
    const Read x = read(moved, r.p_max, unit, tip, s);
    slope[0][k] = (x.stiffness - best.stiffness) / step, slope[1][k] = (x.h_it - best.h_it) / step,
    slope[2][k] = (x.e_it - best.e_it) / step;
  }
  const auto error = [&](std::size_t q, double of_contact) {
    double variance = of_contact * of_contact;
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < 3; ++k) variance += slope[q][j] * slope[q][k] * p.covariance[j][k];
    return std::sqrt(std::max(variance, 0.0));
  };
  const Read moved = read(p, r.p_max, unit, tip, s, contact_error);
  r.stiffness_error = error(0, 0), r.h_it_error = error(1, moved.h_it - best.h_it), r.e_it_error = error(2, moved.e_it - best.e_it);
  const double total = work(c, c.contact, c.hold_end);
  if (total > 0) r.n_it = -work(c, c.hold_end, c.unload_end) / total;
  return r;
}

}  // namespace heteroglass::probes
