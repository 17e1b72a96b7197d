#include "relaxation/kramers_kronig.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "numeric/covariance_factor.hpp"
#include "relaxation/response_models.hpp"
#include "relaxation/scan_data.hpp"

namespace heteroglass::relaxation {
namespace {

/// Elements: first those beyond the window, which nothing holds, so that the band says what they could do; then a grid over it.
struct Elements {
  std::vector<double> log_tau;
  std::size_t beyond = 0;

  double storage(double w, std::size_t k) const { return 1 / (1 + std::exp(-2 * (std::log(w) + log_tau[k]))); }
  double loss(double w, std::size_t k) const { return 0.5 / std::cosh(std::log(w) + log_tau[k]); }
};

struct Smooth {
  std::vector<double> x;  ///< constant (storage only) and elements
  Matrix covariance;
  double noise = 0;  ///< relative scatter of the data about it
};

/// Second differences of the elements after the first `free`, and a trace of their size so that the prior is proper.
Matrix penalty(std::size_t free, std::size_t n) {
  Matrix d(free + n, free + n);
  for (std::size_t k = 0; k + 2 < n; ++k) {
    const double c[3] = {1, -2, 1};
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = 0; b < 3; ++b) d(free + k + a, free + k + b) += c[a] * c[b];
  }
  for (std::size_t k = 0; k < n; ++k) d(free + k, free + k) += 1e-4;
  return d;
}

/// Ridge regression with the weight of the penalty from the evidence, the noise integrated out.
Smooth regularised(const Matrix& a, const std::vector<double>& y, std::size_t first, double top) {
  const std::size_t n = a.rows, m = a.columns;
  Matrix normal(m, m);
  std::vector<double> right(m, 0);
  double yy = 0;
  for (std::size_t i = 0; i < n; ++i) {
    yy += y[i] * y[i];
    for (std::size_t p = 0; p < m; ++p) {
      right[p] += a(i, p) * y[i];
      for (std::size_t q = 0; q <= p; ++q) normal(p, q) += a(i, p) * a(i, q);
    }
  }
  double scale = 0;
  for (std::size_t p = first; p < m; ++p) scale = std::max(scale, normal(p, p));
  const Matrix d = penalty(first, m - first);
  double best = -INFINITY;
  Smooth out;
  for (double power = -12; power <= 3; power += 0.5) {
    const double lambda = scale * std::pow(10, power);
    Matrix h = normal;
    for (std::size_t p = 0; p < m; ++p)
      for (std::size_t q = 0; q <= p; ++q) h(p, q) += lambda * d(p, q);
    // Elements beyond the window may be as large as the modulus, but not larger: noise of 0.3 % over that size.
    for (std::size_t p = 0; p < first; ++p) h(p, p) += std::pow(3e-3 / top, 2);
    try {
      const numeric::CovarianceFactor factor(h);
      const std::vector<double> x = factor.solve(right);
      double left = yy;
      for (std::size_t p = 0; p < m; ++p) left -= x[p] * right[p];
      left = std::max(left, 1e-14 * yy);
      const double rows = static_cast<double>(n - first), evidence = -0.5 * rows * std::log(left) - 0.5 * factor.log_determinant() +
                                                                     0.5 * static_cast<double>(m - first) * std::log(lambda);
      if (evidence <= best) continue;
      best = evidence;
      out.x = x, out.covariance = factor.inverse();
      for (double& v : out.covariance.values) v *= left / rows;
    } catch (const NumericalError&) {
      continue;  // this weight is too small for the rounding of the matrix
    }
  }
  if (out.x.empty()) throw NumericalError("kramers_kronig: no weight of the penalty gave a solution");
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double v = y[i];
    for (std::size_t p = 0; p < m; ++p) v -= a(i, p) * out.x[p];
    squares += v * v;
  }
  out.noise = std::sqrt(squares / static_cast<double>(n));
  return out;
}

struct Predicted {
  std::vector<double> value, band;
  double noise = 0;
};

/// Fits `from` (storage or loss) and predicts the other part.
Predicted predict(const std::vector<double>& w, const std::vector<double>& from, bool from_storage, const Elements& e, double size) {
  const std::size_t n = w.size(), m = e.log_tau.size(), first = from_storage ? 1 : 0;
  double top = 0;
  for (const double v : from) top = std::max(top, std::abs(v));
  Matrix a(n, first + m);
  std::vector<double> y(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = 1 / std::max(std::abs(from[i]), 1e-3 * top);
    y[i] = from[i] * weight;
    if (first) a(i, 0) = weight;
    for (std::size_t k = 0; k < m; ++k) a(i, first + k) = weight * (from_storage ? e.storage(w[i], k) : e.loss(w[i], k));
  }
  const Smooth s = regularised(a, y, first + e.beyond, size);
  Predicted out;
  out.noise = s.noise;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> row(first + m, 0);
    for (std::size_t k = 0; k < m; ++k) row[first + k] = from_storage ? e.loss(w[i], k) : e.storage(w[i], k);
    double value = 0, variance = 0;
    for (std::size_t p = 0; p < row.size(); ++p) {
      value += row[p] * s.x[p];
      double inner = 0;
      for (std::size_t q = 0; q < row.size(); ++q) inner += s.covariance(p, q) * row[q];
      variance += row[p] * inner;
    }
    out.value.push_back(value), out.band.push_back(std::sqrt(std::max(variance, 0.0)));
  }
  return out;
}

/// (pi/2) dM'/d ln w by a straight line through five neighbours.
std::vector<double> local_loss(const std::vector<double>& w, const std::vector<double>& storage) {
  std::vector<double> out;
  for (std::size_t i = 0; i < w.size(); ++i) {
    const std::size_t from = i < 2 ? 0 : i - 2, to = std::min(w.size(), i + 3);
    double x1 = 0, x2 = 0, y1 = 0, xy = 0;
    const auto n = static_cast<double>(to - from);
    for (std::size_t k = from; k < to; ++k) {
      const double x = std::log(w[k] / w[i]);
      x1 += x, x2 += x * x, y1 += storage[k], xy += x * storage[k];
    }
    out.push_back(std::numbers::pi / 2 * (n * xy - x1 * y1) / (n * x2 - x1 * x1));
  }
  return out;
}

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

Scan formula(const KramersKronigOptions& o) {
  Scan s;
  s.source = "formula";
  const Process p(Shape::havriliak_negami, std::vector{o.alpha, o.gamma});
  for (int i = -40; i <= 40; ++i) {
    const double w = std::pow(10, i / 10.0) / o.tau;
    s.points.push_back({w, NAN, 1.0 - p.susceptibility(w * o.tau)});
  }
  return s;
}

}  // namespace

const ColumnRoles& KramersKronigOptions::columns() { return scan_roles(); }

const Fields& KramersKronigOptions::fields() {
  using O = KramersKronigOptions;
  static const Fields table = {
      field<&O::elements_per_decade>("elements_per_decade", "1", "density of the elements").range(2, 20),
      field<&O::tolerance>(
          "tolerance", "1",
          "deviation that is no verdict, relative to the loss (plus a tenth of its maximum) or to the range of the storage modulus")
          .range(0, 1),
      field<&O::tau>("tau", "s", "without a file: time of a Havriliak-Negami process").positive(),
      field<&O::alpha>("alpha", "1", "without a file: its broadening").range(0.02, 1),
      field<&O::gamma>("gamma", "1", "without a file: its asymmetry").range(0.02, 1),
  };
  return table;
}

const Fields& KramersKronig::fields() {
  using R = KramersKronig;
  static const Fields table = {
      field<&R::verdict>("verdict", "", "consistent, inconsistent, or no power"),
      field<&R::fraction_off>("fraction_off", "1", "part of the points off by more than 3 errors and the tolerance").exact("a count"),
      field<&R::rms_loss>("rms_loss", "1", "root mean square of M'' over its prediction from M', less 1").exact("of these data"),
      field<&R::rms_storage>("rms_storage", "1", "the same of M' from M'', over the range of M'").exact("of these data"),
      field<&R::noise_storage>("noise_storage", "1", "relative scatter of M' about its own elements").exact("of these data"),
      field<&R::noise_loss>("noise_loss", "1", "relative scatter of M''").exact("of these data"),
      field<&R::omega>("omega", "rad/s", "angular frequencies").log_axis().exact("as measured"),
      field<&R::loss>("loss", "GPa", "M'' measured").over("omega", Plot::points).log_axis().exact("as measured"),
      field<&R::loss_predicted>("loss_predicted", "GPa", "M'' from M'").over("omega").with("loss"),
      field<&R::loss_band>("loss_band", "GPa", "its error").error_for("loss_predicted"),
      field<&R::loss_local>("loss_local", "GPa", "(pi/2) dM'/d ln w").over("omega").with("loss").exact("a difference of the data"),
      field<&R::storage>("storage", "GPa", "M' measured").over("omega", Plot::points).exact("as measured"),
      field<&R::storage_predicted>("storage_predicted", "GPa", "M' from M'', with a fitted constant").over("omega").with("storage"),
      field<&R::storage_band>("storage_band", "GPa", "its error").error_for("storage_predicted"),
  };
  return table;
}

KramersKronig kramers_kronig(std::span<const Curve> curves, const KramersKronigOptions& o, Context& context) {
  const Scan s = curves.empty() ? formula(o) : scan(curves[0], context);
  if (s.thermal)
    throw InputError(fmt::format("{}: Kramers-Kronig relations need frequencies at one temperature, got a temperature scan", s.source));
  if (!s.has_storage || !s.has_loss) throw InputError(fmt::format("{}: must have both storage and loss, got one of them", s.source));
  if (s.points.size() < 8) throw InputError(fmt::format("{}: must have at least 8 frequencies, got {}", s.source, s.points.size()));
  KramersKronig out;
  for (const ScanPoint& p : s.points)
    out.omega.push_back(p.omega), out.storage.push_back(p.modulus.real()), out.loss.push_back(p.modulus.imag());
  const double decade = std::numbers::ln10, low = std::log(out.omega.front()) - 0.4 * decade,
               high = std::log(out.omega.back()) + 0.4 * decade;
  Elements e;
  for (const double distance : {0.6, 1.5})
    e.log_tau.push_back(-(low - distance * decade)), e.log_tau.push_back(-(high + distance * decade));
  e.beyond = e.log_tau.size();
  const int count = static_cast<int>(std::ceil((high - low) / decade * o.elements_per_decade));
  for (int k = 0; k <= count; ++k) e.log_tau.push_back(-(low + (high - low) * k / count));

  const double size = *std::max_element(out.storage.begin(), out.storage.end());
  const Predicted loss = predict(out.omega, out.storage, true, e, size);
  Predicted storage = predict(out.omega, out.loss, false, e, size);
  out.noise_storage = loss.noise, out.noise_loss = storage.noise;
  double shift = 0, weight = 0;
  for (std::size_t i = 0; i < out.omega.size(); ++i) {
    const double w = 1 / (storage.band[i] * storage.band[i] + std::pow(out.noise_storage * out.storage[i], 2) + 1e-300);
    shift += w * (out.storage[i] - storage.value[i]), weight += w;
  }
  for (double& v : storage.value) v += shift / weight;
  out.loss_predicted = loss.value, out.loss_band = loss.band, out.storage_predicted = storage.value, out.storage_band = storage.band;
  out.loss_local = local_loss(out.omega, out.storage);

  const auto [least, most] = std::minmax_element(out.storage.begin(), out.storage.end());
  const double range = *most - *least, peak = *std::max_element(out.loss.begin(), out.loss.end()),
               n = static_cast<double>(out.omega.size());
  double off = 0;
  for (std::size_t i = 0; i < out.omega.size(); ++i) {
    const double dl = out.loss[i] - loss.value[i], ds = out.storage[i] - storage.value[i];
    const double el = std::hypot(loss.band[i], out.noise_loss * out.loss[i]),
                 es = std::hypot(storage.band[i], out.noise_storage * out.storage[i]);
    off += (std::abs(dl) > 3 * el && std::abs(dl) > o.tolerance * (out.loss[i] + 0.1 * peak)) +
           (std::abs(ds) > 3 * es && std::abs(ds) > o.tolerance * range);
    out.rms_loss += std::pow(dl / std::max(out.loss[i], 1e-300), 2) / n, out.rms_storage += std::pow(ds / std::max(range, 1e-300), 2) / n;
  }
  out.rms_loss = std::sqrt(out.rms_loss), out.rms_storage = std::sqrt(out.rms_storage);
  out.fraction_off = off / (2 * n);
  const bool flat = !(peak > 0) || range < 1e-9 * size;
  const bool weak = flat || (median(loss.band) > 0.5 * median(out.loss) && median(storage.band) > 0.5 * range);
  out.verdict = weak ? "no power" : out.fraction_off > 0.1 ? "inconsistent" : "consistent";
  if (weak) context.warn("the frequencies cover too little, or the noise is too large: neither part says much of the other");
  if (out.verdict == "inconsistent")
    context.warn(
        fmt::format("M' and M'' contradict each other at {:.0f} % of the points: the response is not linear and stationary, or a part is "
                    "wrong (machine compliance, units)",
                    100 * out.fraction_off));
  return out;
}

const Analysis& kramers_kronig_analysis() {
  static const Analysis entry = analysis<&kramers_kronig>(
      "relaxation", "kramers_kronig", "consistency of measured storage and loss moduli, with error bands and a verdict",
      {{"Booij, Thoone, Rheol. Acta 21, 15 (1982)", "10.1007/BF01520701"},
       {"Schoenleber, Klotz, Ivers-Tiffee, Electrochim. Acta 131, 20 (2014)", "10.1016/j.electacta.2014.01.034"}});
  return entry;
}

}  // namespace heteroglass::relaxation
