#include "probes/viscoelastic_contact.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace heteroglass::probes {
namespace {

constexpr double mn_per_gpa = 1e6;  // [nm^2] 1 mN / 1 GPa

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

constexpr std::size_t most = 4;  // parameters: h_0, ln A, ln t_c, f

/// Normal equations of a model at one point in parameter space.
struct Normal {
  std::array<std::array<double, most>, most> a{};
  std::array<double, most> b{};
  double rss = std::numeric_limits<double>::infinity();
};

struct Parameters {
  double h0 = 0, ln_a = 0, ln_t = 0, f = 0;
};

/// Solves the symmetric system of the `which` parameters with damped diagonal; false when it is singular.
bool solve(const Normal& n, std::span<const std::size_t> which, double damping, std::array<double, most>& x) {
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

class Fitter {
 public:
  Fitter(const LoadHistory& h, ContactModel model) : h_(h) {
    which_ = {0, 1};
    if (model != ContactModel::hertz) which_.push_back(2);
    if (model == ContactModel::zener) which_.push_back(3);
    const double duration = h.time.back() - h.time.front();
    double step = duration;
    for (std::size_t i = 1; i < h.time.size(); ++i) step = std::min(step, h.time[i] - h.time[i - 1]);
    step_ = step, duration_ = duration;
    low_ = std::log(0.02 * step), high_ = std::log(50 * duration);
  }

  double step() const { return step_; }
  double duration() const { return duration_; }
  double low() const { return low_; }
  double high() const { return high_; }
  const std::vector<std::size_t>& which() const { return which_; }

  Normal normal(const Parameters& p) {
    Normal n;
    const double t_c = std::exp(p.ln_t), a = std::exp(p.ln_a);
    const bool memory = p.f != 0 || which_.size() > 3;
    if (memory) memory_integral(h_, t_c, e_, &slope_);
    n.rss = 0;
    for (std::size_t i = h_.first; i < h_.load.size(); ++i) {
      const double e = memory ? e_[i] : 0, q = h_.load[i] - p.f * e;
      if (!(q > 0)) {  // load noise below the memory term: no depth can be had
        n.rss += (h_.depth[i] - p.h0) * (h_.depth[i] - p.h0), n.a[0][0] += 1, n.b[0] += h_.depth[i] - p.h0;
        continue;
      }
      const double root = std::cbrt(a * q), w = root * root, r = h_.depth[i] - p.h0 - w, by_q = (2.0 / 3) * w / q;
      const std::array<double, most> d = {1, (2.0 / 3) * w, memory ? -by_q * p.f * slope_[i] : 0, memory ? -by_q * e : 0};
      n.rss += r * r;
      for (std::size_t j = 0; j < most; ++j) {
        n.b[j] += d[j] * r;
        for (std::size_t k = 0; k <= j; ++k) n.a[j][k] += d[j] * d[k];
      }
    }
    return n;
  }

  /// Derivatives of the depth of a fitted point by the parameters, and by P - f E.
  struct Row {
    std::array<double, most> d{};
    double by_q = 0;
  };
  std::vector<Row> rows(const Parameters& p) {
    const double a = std::exp(p.ln_a);
    const bool memory = p.f != 0 || which_.size() > 3;
    if (memory) memory_integral(h_, std::exp(p.ln_t), e_, &slope_);
    std::vector<Row> out;
    out.reserve(h_.load.size() - h_.first);
    for (std::size_t i = h_.first; i < h_.load.size(); ++i) {
      const double e = memory ? e_[i] : 0, q = h_.load[i] - p.f * e;
      Row r;
      r.d[0] = 1;
      if (q > 0) {
        const double root = std::cbrt(a * q), w = root * root;
        r.by_q = (2.0 / 3) * w / q;
        r.d = {1, (2.0 / 3) * w, memory ? -r.by_q * p.f * slope_[i] : 0, memory ? -r.by_q * e : 0};
      }
      out.push_back(r);
    }
    return out;
  }

  /// Levenberg-Marquardt in the parameters `which`. @return normal equations at the end
  Normal descend(Parameters& p, std::span<const std::size_t> which, int iterations, bool* converged = nullptr) {
    Normal n = normal(p);
    double damping = 1e-4;
    if (converged) *converged = false;
    for (int i = 0; i < iterations; ++i) {
      std::array<double, most> x{};
      if (!solve(n, which, damping, x)) return n;
      Parameters next = p;
      next.h0 += x[0], next.ln_a += std::clamp(x[1], -2.0, 2.0);
      next.ln_t = std::clamp(p.ln_t + std::clamp(x[2], -1.5, 1.5), low_, high_);
      next.f = which.back() == 3 ? std::clamp(p.f + x[3], 0.0, 1.0) : p.f;
      double gain = 0;  // what the quadratic model promises
      for (const std::size_t j : which) gain += x[j] * n.b[j];
      if (gain < 1e-9 * n.rss + 1e-300) {
        if (converged) *converged = true;
        return n;
      }
      const Normal trial = normal(next);
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

  std::vector<double> residuals(const Parameters& p) {
    std::vector<double> r;
    const std::vector<double> d = contact_depth(h_, std::exp(p.ln_a), std::exp(p.ln_t), p.f);
    for (std::size_t i = h_.first; i < h_.load.size(); ++i) r.push_back(h_.depth[i] - p.h0 - d[i]);
    return r;
  }

 private:
  const LoadHistory& h_;
  std::vector<std::size_t> which_;
  double step_ = 0, duration_ = 0, low_ = 0, high_ = 0;
  std::vector<double> e_, slope_;
};

/// h_0 and A by a straight line of depth against (P - f E)^(2/3).
double linear_start(const LoadHistory& h, Parameters& p) {
  std::vector<double> e(h.load.size(), 0);
  if (p.f != 0) memory_integral(h, std::exp(p.ln_t), e);
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
  for (std::size_t i = h.first; i < h.load.size(); ++i) {
    const double root = std::cbrt(std::max(0.0, h.load[i] - p.f * e[i])), u = root * root, d = h.depth[i];
    ++n, x += u, y += d, xx += u * u, xy += u * d, yy += d * d;
  }
  const double sxx = xx - x * x / n, sxy = xy - x * y / n, slope = sxy / sxx;
  if (!(slope > 0)) return std::numeric_limits<double>::infinity();
  p.h0 = (y - slope * x) / n, p.ln_a = 1.5 * std::log(slope);
  return yy - y * y / n - slope * sxy;
}

/// About `points` of the points.
struct Thinned {
  std::vector<double> time, load, depth;
  LoadHistory history;
  Thinned(const LoadHistory& h, std::size_t points) {
    const std::size_t stride = std::max<std::size_t>(1, h.load.size() / points);
    for (std::size_t i = 0; i < h.load.size(); i += stride) {
      if (i >= h.first && history.first == 0 && h.first > 0) history.first = time.size();
      time.push_back(h.time[i]), load.push_back(h.load[i]), depth.push_back(h.depth[i]);
    }
    history.time = time, history.load = load, history.depth = depth;
  }
};

/// Sums of squares over a grid of t_c, of some of the points.
struct Grid {
  std::vector<Parameters> at;
  std::vector<double> rss;
  double points = 1;
};

Parameters start(const LoadHistory& h, ContactModel model, double fraction, const Fitter& fitter, Grid& grid) {
  Parameters best;
  best.ln_t = std::log(fitter.duration());
  if (model == ContactModel::hertz) {
    linear_start(h, best);
    return best;
  }
  const Thinned thin(h, 250);
  grid.points = static_cast<double>(thin.load.size() - thin.history.first);
  double least = std::numeric_limits<double>::infinity();
  const double low = std::log(0.3 * fitter.step()), high = std::log(5 * fitter.duration());
  const std::vector<double> fractions =
      model == ContactModel::zener ? std::vector<double>{0.1, 0.3, 0.6, 0.9} : std::vector<double>{fraction};
  for (const double f : fractions)
    for (int k = 0; k < 18; ++k) {
      Parameters p{0, 0, low + (high - low) * k / 17, f};
      grid.at.push_back(p), grid.rss.push_back(linear_start(thin.history, grid.at.back()));
      if (grid.rss.back() < least) least = grid.rss.back(), best = grid.at.back();
    }
  best.f = std::isfinite(least) ? best.f : fraction;
  linear_start(h, best);
  return best;
}

/// Sum of correlations of the residuals, by which variances grow; 1 for white ones.
void set_correlation(const std::vector<double>& r, ContactFit& fit) {
  const auto n = static_cast<double>(r.size());
  const auto correlation = [&](std::size_t lag) {
    double s = 0;
    for (std::size_t i = lag; i < r.size(); ++i) s += r[i] * r[i - lag];
    return s / std::max(fit.rss, 1e-300);
  };
  fit.correlation = correlation(1);
  if (fit.correlation < 3 / std::sqrt(n)) return;
  std::size_t stride = 1;  // long correlations need not be summed lag by lag
  for (std::size_t lag = 1; lag < r.size() / 4; lag += stride) {
    const double c = correlation(lag);
    if (c < 2 / std::sqrt(n)) break;
    fit.inflation += 2 * c * static_cast<double>(stride);
    if (lag >= 16 * stride) stride *= 2;
  }
}

using Covariance = std::array<std::array<double, most>, most>;

/// How the fitted parameters answer to the load of each point: g_j = sum_i d_i dh_i/dP_j, by the recursion of E run backwards; their
/// sum of squares. `direct`: sum of (dh_i/dP)^2 of what the load of a point does to its own residual.
Covariance load_response(Fitter& fitter, const LoadHistory& h, const Parameters& p, double& direct) {
  const std::vector<Fitter::Row> rows = fitter.rows(p);
  const double t_c = std::exp(p.ln_t);
  Covariance sum{};
  direct = 0;
  std::array<double, most> lambda{}, later{};  // adjoint of E_i; g times it at the next point
  double last = -1;
  Step step(0);
  for (std::size_t i = h.load.size(); i-- > 0;) {
    const bool fitted = i >= h.first;
    const double dt = i > 0 ? h.time[i] - h.time[i - 1] : time_before(h);
    if (dt != last) step = Step(dt / t_c), last = dt;
    std::array<double, most> g{}, now{};
    for (std::size_t k = 0; k < most; ++k) {
      const double v = fitted ? rows[i - h.first].d[k] * rows[i - h.first].by_q : 0;
      lambda[k] += v;
      now[k] = step.g * lambda[k];
      g[k] = v - p.f * (now[k] - later[k]);
      lambda[k] *= step.e;
    }
    if (fitted) direct += std::pow(rows[i - h.first].by_q, 2) * ((1 - p.f) * (1 - p.f) + p.f * p.f * std::min(1.0, dt / t_c) / 2);
    later = now;
    for (std::size_t j = 0; j < most; ++j)
      for (std::size_t k = 0; k < most; ++k) sum[j][k] += g[j] * g[k];
  }
  return sum;
}

/// A^-1 [s_h^2 A + s_P^2 sum g g^T] A^-1, s_P the noise of the load, s_h what is left of the scatter for the depth; grown by the
/// correlation of residuals.
bool propagated(Fitter& fitter, const LoadHistory& h, const Parameters& p, std::span<const std::size_t> which, double inflation,
                Covariance& out) {
  const Normal n = fitter.normal(p);
  Covariance inverse{};
  for (const std::size_t j : which) {
    Normal unit = n;
    unit.b = {}, unit.b[j] = 1;
    std::array<double, most> x{};
    if (!solve(unit, which, 0, x)) return false;
    for (std::size_t k = 0; k < most; ++k) inverse[k][j] = x[k];
  }
  const double freedom = static_cast<double>(h.load.size() - h.first - which.size());
  Covariance response{};
  double direct = 0;
  if (h.load_noise > 0) response = load_response(fitter, h, p, direct);
  const double load = h.load_noise * h.load_noise, depth = std::max(n.rss / freedom - load * direct / freedom, 0.05 * n.rss / freedom);
  out = {};
  for (const std::size_t j : which)
    for (const std::size_t k : which) {
      out[j][k] += inflation * depth * inverse[j][k];
      for (const std::size_t a : which)
        for (const std::size_t b : which) out[j][k] += load * inverse[j][a] * response[a][b] * inverse[b][k];
    }
  return true;
}

/// Standard error of ln t_c if all noise were alike and independent; 0 when it has none.
double plain_error(Fitter& fitter, const Parameters& p, double count) {
  Normal n = fitter.normal(p);
  n.b = {}, n.b[2] = n.rss / count;
  std::array<double, most> x{};
  return solve(n, fitter.which(), 0, x) ? std::sqrt(x[2]) : 0;
}

/// The zero of the load is known to `error` only: what a fit with another zero gives, added to the covariance.
void add_offset(const LoadHistory& h, ContactModel model, Parameters p, std::span<const std::size_t> which, double error,
                Covariance& covariance) {
  std::vector<double> load(h.load.begin(), h.load.end());
  for (double& v : load) v -= error;
  LoadHistory moved = h;
  moved.load = load;
  Fitter fitter(moved, model);
  const Parameters before = p;
  fitter.descend(p, which, 5);
  const std::array<double, most> change = {p.h0 - before.h0, p.ln_a - before.ln_a, p.ln_t - before.ln_t, p.f - before.f};
  for (std::size_t j = 0; j < most; ++j)
    for (std::size_t k = 0; k < most; ++k) covariance[j][k] += change[j] * change[k];
}

/// The profile of ln t_c: how far it may go before chi^2 rises by 1.96^2, and where h_0 and A go meanwhile.
class Profile {
 public:
  /// @param ratio points over those of the grid
  Profile(Fitter& fitter, const Parameters& best, double rss, double unit, double ratio)
      : fitter_(fitter), best_(best), p_(best), others_(fitter.which()), rss_(rss), unit_(unit), ratio_(ratio) {
    std::erase(others_, std::size_t{2});
  }

  double contact_change() const { return contact_; }
  double compliance_change() const { return compliance_; }

  /// On one side; infinite when the bound of t_c does not reach the rise.
  double end(double error, double side) {
    const double limit = side > 0 ? fitter_.high() - best_.ln_t : best_.ln_t - fitter_.low();
    double inside = 0, inside_rise = 0, outside = 0, outside_rise = 0, x = std::min(target * error, limit);
    p_ = best_;
    for (int i = 0; i < 12; ++i) {
      const double z = rise(best_.ln_t + side * x);
      if (std::abs(z - target) < 0.01) break;
      if (z < target) {
        inside = x, inside_rise = z;
        if (x >= limit) return side * std::numeric_limits<double>::infinity();
      } else {
        outside = x, outside_rise = z;
      }
      if (outside == 0) {
        x = std::min(limit, z > 0.05 ? x * std::clamp(target / z, 1.05, 3.0) : 3 * x);
      } else {
        x = inside + (outside - inside) * std::clamp((target - inside_rise) / (outside_rise - inside_rise), 0.05, 0.95);
      }
    }
    return best_.ln_t + side * x;
  }

  /// A second valley: points of the grid, seen to be low there, that are low for all points too.
  void widen(const Grid& grid, double& low, double& high) {
    const double least = *std::min_element(grid.rss.begin(), grid.rss.end());
    for (std::size_t i = 0; i < grid.at.size(); ++i) {
      const double ln_t = grid.at[i].ln_t;
      if ((ln_t >= low && ln_t <= high) || !((grid.rss[i] - least) * ratio_ < 20 * unit_)) continue;
      p_ = grid.at[i];
      if (rise(ln_t) > target) continue;
      low = std::min(low, i % 18 == 0 ? -std::numeric_limits<double>::infinity() : ln_t), high = std::max(high, ln_t);
    }
  }

 private:
  static constexpr double target = 1.959964;

  double rise(double ln_t) {
    p_.ln_t = ln_t;
    const double z = std::sqrt(std::max(0.0, fitter_.descend(p_, others_, 4).rss - rss_) / unit_);
    if (z < target + 0.02)
      contact_ = std::max(contact_, std::abs(p_.h0 - best_.h0)), compliance_ = std::max(compliance_, std::abs(p_.ln_a - best_.ln_a));
    return z;
  }

  Fitter& fitter_;
  Parameters best_, p_;
  std::vector<std::size_t> others_;
  double rss_, unit_, ratio_, contact_ = 0, compliance_ = 0;
};

/// Interval of t_c from its profile; errors grow where it is wider than they say.
void set_interval(Fitter& fitter, const Parameters& p, const Grid& grid, double unit, ContactFit& fit) {
  Profile profile(fitter, p, fit.rss, unit, static_cast<double>(fit.points) / grid.points);
  const double scale = fit.resolved ? std::clamp(fit.ln_time_error, 1e-12, 3.0) : 1;
  double low = profile.end(scale, -1), high = profile.end(scale, 1);
  profile.widen(grid, low, high);
  fit.time_interval = {std::exp(low), std::exp(high)};
  const double width = (high - low) / 3.92;
  fit.resolved = fit.resolved && width < 1;
  if (width > 1.2 * fit.ln_time_error) fit.ln_time_error = width;
  if (profile.contact_change() > 1.2 * 1.96 * fit.contact_depth_error) fit.contact_depth_error = profile.contact_change() / 1.96;
  if (profile.compliance_change() > 1.2 * 1.96 * fit.ln_compliance_error) fit.ln_compliance_error = profile.compliance_change() / 1.96;
}

}  // namespace

double hertz_factor(double poisson, double radius) { return 0.375 * (1 - poisson) * mn_per_gpa / std::sqrt(1e3 * radius); }
double tip_factor(double tip_modulus, double radius) { return 0.75 * mn_per_gpa / (tip_modulus * std::sqrt(1e3 * radius)); }

ContactModel contact_model(const std::string& name) {
  if (name == "hertz") return ContactModel::hertz;
  return name == "zener" ? ContactModel::zener : ContactModel::kelvin;
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
    if (dt != last) step = Step(dt / t_c), last = dt;
    derivative = step.e * derivative + step.de * value + dp * step.dg;
    value = step.e * value + dp * step.g;
    e[i] = value;
    if (slope) (*slope)[i] = derivative;
  }
}

std::vector<double> contact_depth(const LoadHistory& h, double compliance, double t_c, double fraction) {
  std::vector<double> e(h.load.size(), 0);
  if (fraction != 0) memory_integral(h, t_c, e);
  for (std::size_t i = 0; i < e.size(); ++i) {
    const double root = std::cbrt(std::max(0.0, compliance * (h.load[i] - fraction * e[i])));
    e[i] = root * root;
  }
  return e;
}

ContactFit fit_contact(const LoadHistory& h, ContactModel model, double fixed_fraction, double load_error) {
  Fitter fitter(h, model);
  ContactFit fit;
  Grid grid;
  Parameters p = start(h, model, model == ContactModel::hertz ? 0 : fixed_fraction, fitter, grid);
  fit.rss = fitter.descend(p, fitter.which(), 60, &fit.converged).rss;
  const std::size_t parameters = fitter.which().size();
  fit.points = h.load.size() - h.first;
  const auto count = static_cast<double>(fit.points);
  fit.residual_sd = std::sqrt(fit.rss / (count - static_cast<double>(parameters)));
  fit.bic = count * std::log(fit.rss / count + 1e-300) + static_cast<double>(parameters + 1) * std::log(count);
  set_correlation(fitter.residuals(p), fit);
  fit.contact_depth = p.h0, fit.compliance = std::exp(p.ln_a), fit.relaxation_time = std::exp(p.ln_t), fit.fraction = p.f;
  Covariance covariance;
  std::vector<std::size_t> which = fitter.which();
  fit.resolved = model != ContactModel::hertz && p.ln_t > fitter.low() + 1e-6 && p.ln_t < fitter.high() - 1e-6;
  if (!fit.resolved || !propagated(fitter, h, p, which, fit.inflation, covariance)) {
    fit.resolved = false;
    which = {0, 1};
    if (!propagated(fitter, h, p, which, fit.inflation, covariance))
      for (auto& row : covariance) row.fill(NAN);
  }
  if (load_error > 0) add_offset(h, model, p, which, load_error, covariance);
  fit.contact_depth_error = std::sqrt(covariance[0][0]), fit.ln_compliance_error = std::sqrt(covariance[1][1]);
  if (model == ContactModel::hertz) {
    fit.relaxation_time = 0;
    return fit;
  }
  fit.ln_time_error = fit.resolved ? std::sqrt(covariance[2][2]) : NAN, fit.covariance_ln = fit.resolved ? covariance[1][2] : NAN;
  if (model == ContactModel::zener) fit.fraction_error = fit.resolved ? std::sqrt(covariance[3][3]) : NAN;
  // the profile rises by the same amount that the errors above say, whatever they are made of
  const double plain = plain_error(fitter, p, count);
  const double unit = fit.rss / count * (fit.resolved && plain > 0 ? std::pow(fit.ln_time_error / plain, 2) : fit.inflation);
  set_interval(fitter, p, grid, std::max(unit, 1e-300), fit);
  return fit;
}

}  // namespace heteroglass::probes
