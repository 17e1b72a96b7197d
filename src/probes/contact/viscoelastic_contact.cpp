#include "probes/contact/viscoelastic_contact.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "probes/contact/contact_equations.hpp"

namespace heteroglass::probes {
namespace {

constexpr double mn_per_gpa = 1e6;  // [nm^2] 1 mN / 1 GPa
constexpr std::size_t grid_points = 16;
constexpr double two_sided = 1.959964;  // standard deviations of a 95 % interval

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
  std::vector<ContactPoint> at;
  std::vector<double> rss;
  double points = 1, lowest = 0;
};

ContactPoint start(ContactEquations& equations, ContactModel model, double fraction, Grid& grid) {
  ContactPoint best;
  best.ln_t = std::log(equations.duration());
  if (model == ContactModel::hertz) {
    equations.linear(best);
    return best;
  }
  const Thinned thin(equations.history(), 160);
  ContactEquations thinned(thin.history, model);
  grid.points = static_cast<double>(thin.load.size() - thin.history.first);
  double least = std::numeric_limits<double>::infinity();
  const double low = std::log(0.3 * equations.step()), high = std::log(5 * equations.duration());
  const std::vector<double> fractions =
      model == ContactModel::zener ? std::vector<double>{0.1, 0.3, 0.6, 0.9} : std::vector<double>{fraction};
  for (std::size_t k = 0; k < grid_points; ++k)
    for (const double f : fractions) {
      grid.at.push_back({0, 0, low + (high - low) * static_cast<double>(k) / (grid_points - 1), f});
      grid.rss.push_back(thinned.linear(grid.at.back()));
      if (grid.rss.back() < least) least = grid.rss.back(), best = grid.at.back();
    }
  grid.lowest = low;
  best.f = std::isfinite(least) ? best.f : fraction;
  equations.linear(best);
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

/// A^-1 [s_h^2 A + s_P^2 sum g g^T] A^-1, s_P the noise of the load, s_h what is left of the scatter for the depth; grown by the
/// correlation of residuals. `plain`: standard error of ln t_c if all noise were alike and independent.
bool propagated(ContactEquations& equations, const ContactPoint& p, std::span<const std::size_t> which, double inflation,
                ContactCovariance& out, double& plain) {
  const LoadHistory& h = equations.history();
  const ContactNormal n = equations.normal(p);
  ContactCovariance inverse{};
  for (const std::size_t j : which) {
    ContactNormal unit = n;
    unit.b = {}, unit.b[j] = 1;
    ContactVector x{};
    if (!solve(unit, which, 0, x)) return false;
    for (std::size_t k = 0; k < contact_parameters; ++k) inverse[k][j] = x[k];
  }
  const double freedom = static_cast<double>(h.load.size() - h.first - which.size());
  ContactCovariance response{};
  double direct = 0;
  const bool noisy = h.load_noise > 1e-7 * std::abs(h.load.back());
  if (noisy) response = equations.load_response(p, direct);
  const double load = noisy ? h.load_noise * h.load_noise : 0;
  const double depth = std::max(n.rss / freedom - load * direct / freedom, 0.05 * n.rss / freedom);
  plain = std::sqrt(n.rss / freedom * inverse[2][2]);
  out = {};
  for (const std::size_t j : which)
    for (const std::size_t k : which) {
      out[j][k] += inflation * depth * inverse[j][k];
      for (const std::size_t a : which)
        for (const std::size_t b : which) out[j][k] += load * inverse[j][a] * response[a][b] * inverse[b][k];
    }
  return true;
}

/// The zero of the load is known to `error` only: what a fit with another zero gives, added to the covariance.
void add_offset(const LoadHistory& h, ContactModel model, const ContactPoint& best, std::span<const std::size_t> which, double error,
                ContactCovariance& covariance) {
  std::vector<double> load(h.load.begin(), h.load.end());
  for (double& v : load) v -= error;
  LoadHistory moved = h;
  moved.load = load;
  ContactEquations equations(moved, model);
  ContactPoint p = best;
  equations.descend(p, which, 4);
  const ContactVector change = {p.h0 - best.h0, p.ln_a - best.ln_a, p.ln_t - best.ln_t, p.f - best.f};
  for (std::size_t j = 0; j < contact_parameters; ++j)
    for (std::size_t k = 0; k < contact_parameters; ++k) covariance[j][k] += change[j] * change[k];
}

/// The profile of ln t_c: how far it may go before chi^2 rises by 1.96^2, and where h_0 and A go meanwhile.
class Profile {
 public:
  /// @param slope of the other parameters along ln t_c at the optimum @param ratio points over those of the grid
  Profile(ContactEquations& equations, const ContactPoint& best, const ContactVector& slope, double rss, double unit, double ratio)
      : equations_(equations),
        best_(best),
        p_(best),
        slope_(slope),
        others_(equations.which().begin(), equations.which().end()),
        rss_(rss),
        unit_(unit),
        ratio_(ratio) {
    std::erase(others_, std::size_t{2});
  }

  double contact_change() const { return contact_; }
  double compliance_change() const { return compliance_; }

  /// On one side; infinite when the bound of t_c does not reach the rise.
  double end(double error, double side) {
    const double limit = side > 0 ? equations_.high() - best_.ln_t : best_.ln_t - equations_.low();
    double inside = 0, inside_rise = 0, outside = 0, outside_rise = 0, x = std::min(two_sided * error, limit);
    for (int i = 0; i < 12; ++i) {
      const double z = rise_near(side * x);
      if (std::abs(z - two_sided) < 0.1) return best_.ln_t + side * x * (two_sided / z);  // z is all but linear here
      if (z < two_sided) {
        inside = x, inside_rise = z;
        if (x >= limit) return side * std::numeric_limits<double>::infinity();
      } else {
        outside = x, outside_rise = z;
      }
      if (outside == 0) {
        x = std::min(limit, z > 0.05 ? x * std::clamp(two_sided / z, 1.05, 3.0) : 3 * x);
      } else {
        x = inside + (outside - inside) * std::clamp((two_sided - inside_rise) / (outside_rise - inside_rise), 0.05, 0.95);
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
      if (rise() > two_sided) continue;
      low = std::min(low, ln_t <= grid.lowest + 1e-9 ? -std::numeric_limits<double>::infinity() : ln_t), high = std::max(high, ln_t);
    }
  }

 private:
  /// From the straight continuation of the other parameters.
  double rise_near(double distance) {
    const double reach = std::clamp(distance, -0.5, 0.5);
    p_ = {best_.h0 + slope_[0] * reach, best_.ln_a + slope_[1] * reach, best_.ln_t + distance,
          std::clamp(best_.f + slope_[3] * reach, 0.0, 1.0)};
    return rise();
  }
  double rise() {
    const double z = std::sqrt(std::max(0.0, equations_.settled(p_, others_, unit_) - rss_) / unit_);
    if (z < two_sided + 0.02)
      contact_ = std::max(contact_, std::abs(p_.h0 - best_.h0)), compliance_ = std::max(compliance_, std::abs(p_.ln_a - best_.ln_a));
    return z;
  }

  ContactEquations& equations_;
  ContactPoint best_, p_;
  ContactVector slope_;
  std::vector<std::size_t> others_;
  double rss_, unit_, ratio_, contact_ = 0, compliance_ = 0;
};

/// Interval of t_c from its profile; errors grow where it is wider than they say.
void set_interval(ContactEquations& equations, const ContactPoint& p, const Grid& grid, const ContactVector& slope, double unit,
                  ContactFit& fit) {
  Profile profile(equations, p, slope, fit.rss, unit, static_cast<double>(fit.points) / grid.points);
  const double scale = fit.resolved ? std::clamp(fit.ln_time_error, 1e-12, 3.0) : 1;
  double low = profile.end(scale, -1), high = profile.end(scale, 1);
  profile.widen(grid, low, high);
  fit.time_interval = {std::exp(low), std::exp(high)};
  const double width = (high - low) / (2 * two_sided);
  fit.resolved = fit.resolved && width < 1;
  if (width > 1.2 * fit.ln_time_error) fit.ln_time_error = width;
  const double contact = profile.contact_change() / two_sided, compliance = profile.compliance_change() / two_sided;
  if (contact > 1.2 * fit.contact_depth_error) fit.contact_depth_error = contact;
  if (compliance > 1.2 * fit.ln_compliance_error) fit.ln_compliance_error = compliance;
}

}  // namespace

double hertz_factor(double poisson, double radius) { return 0.375 * (1 - poisson) * mn_per_gpa / std::sqrt(1e3 * radius); }
double tip_factor(double tip_modulus, double radius) { return 0.75 * mn_per_gpa / (tip_modulus * std::sqrt(1e3 * radius)); }

ContactModel contact_model(const std::string& name) {
  if (name == "hertz") return ContactModel::hertz;
  return name == "zener" ? ContactModel::zener : ContactModel::kelvin;
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
  ContactEquations equations(h, model);
  ContactFit fit;
  Grid grid;
  ContactPoint p = start(equations, model, model == ContactModel::hertz ? 0 : fixed_fraction, grid);
  fit.rss = equations.descend(p, equations.which(), 60, &fit.converged).rss;
  const std::size_t parameters = equations.which().size();
  fit.points = h.load.size() - h.first;
  const auto count = static_cast<double>(fit.points);
  fit.residual_sd = std::sqrt(fit.rss / (count - static_cast<double>(parameters)));
  fit.bic = count * std::log(fit.rss / count + 1e-300) + static_cast<double>(parameters + 1) * std::log(count);
  set_correlation(equations.residuals(p), fit);
  fit.contact_depth = p.h0, fit.compliance = std::exp(p.ln_a), fit.relaxation_time = std::exp(p.ln_t), fit.fraction = p.f;
  ContactCovariance covariance{};
  double plain = 0;
  std::vector<std::size_t> which(equations.which().begin(), equations.which().end());
  fit.resolved = model != ContactModel::hertz && p.ln_t > equations.low() + 1e-6 && p.ln_t < equations.high() - 1e-6;
  if (!fit.resolved || !propagated(equations, p, which, fit.inflation, covariance, plain)) {
    fit.resolved = false;
    which = {0, 1};
    if (!propagated(equations, p, which, fit.inflation, covariance, plain))
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
  const double unit = fit.rss / count * (fit.resolved && plain > 0 ? std::pow(fit.ln_time_error / plain, 2) : fit.inflation);
  ContactVector slope{};
  for (std::size_t k = 0; k < contact_parameters && fit.resolved; ++k) slope[k] = covariance[k][2] / covariance[2][2];
  set_interval(equations, p, grid, slope, std::max(unit, 1e-300), fit);
  return fit;
}

}  // namespace heteroglass::probes
