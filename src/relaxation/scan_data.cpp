#include "relaxation/scan_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/error.hpp"
#include "numeric/parabola.hpp"

namespace heteroglass::relaxation {
namespace {

double spread(const std::vector<double>& v) {
  const auto [low, high] = std::minmax_element(v.begin(), v.end());
  return *high - *low;
}

/// omega of every row: a column, or the frequency that the whole curve has.
std::vector<double> omegas(const Curve& c) {
  const double turn = 2 * std::numbers::pi;
  if (const CurveColumn* w = c.find("angular_frequency")) return w->values;
  std::vector<double> out;
  if (const CurveColumn* f = c.find("frequency"))
    for (const double v : f->values) out.push_back(turn * v);
  else if (const auto hertz = c.property("frequency", "Hz"))
    out.assign(c.size(), turn * *hertz);
  else
    throw InputError(
        fmt::format("{}: must have a column of frequency, or one frequency by --property frequency=1Hz, got neither", c.source));
  return out;
}

template <class T> void reorder(std::vector<T>& v, const std::vector<std::size_t>& order) {
  if (v.empty()) return;
  std::vector<T> out;
  for (const std::size_t i : order) out.push_back(v[i]);
  v = out;
}

}  // namespace

const ColumnRoles& scan_roles() {
  static const ColumnRoles roles = {
      {"temperature", "K", "temperature", false, {"temp", "t", "sampletemperature"}},
      {"frequency", "Hz", "frequency", false, {"f", "freq", "nu", "reducedfrequency"}},
      {"angular_frequency", "rad/s", "angular frequency", false, {"omega", "w", "freq", "frequency", "angfreq", "reducedangularfrequency"}},
      {"storage",
       "GPa",
       "storage modulus",
       false,
       {"storagemodulus", "e'", "g'", "m'", "estor", "gstor", "eprime", "gprime", "masterstorage"}},
      {"loss",
       "GPa",
       "loss modulus",
       false,
       {"lossmodulus", "e''", "g''", "m''", "eloss", "gloss", "edoubleprime", "gdoubleprime", "masterloss"}},
      {"loss_tangent",
       "1",
       "tan delta, when there is no loss modulus",
       false,
       {"tand", "tandelta", "tan(delta)", "tan_delta", "dampingfactor"}},
      {"storage_error", "GPa", "standard error of the storage modulus", false, {"storageerror"}},
      {"loss_error", "GPa", "standard error of the loss modulus", false, {"losserror"}},
  };
  return roles;
}

Scan scan(const Curve& c, Context& context) {
  Scan out;
  out.source = c.source;
  const CurveColumn *storage = c.find("storage"), *loss = c.find("loss"), *tangent = c.find("loss_tangent"),
                    *temperature = c.find("temperature");
  const CurveColumn *storage_error = c.find("storage_error"), *loss_error = c.find("loss_error");
  out.has_storage = storage, out.has_loss = loss || (tangent && storage);
  if (!storage && !loss)
    throw InputError(fmt::format("{}: must have a column storage or loss, got neither; name them with --columns", c.source));
  const std::vector<double> omega = omegas(c);
  const double whole = c.property("temperature", "K").value_or(NAN);
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < c.size(); ++i) {
    const double s = storage ? storage->values[i] : 0, l = loss ? loss->values[i] : tangent && storage ? tangent->values[i] * s : 0;
    if ((storage && !(s > 0)) || !(l >= 0) || !(omega[i] > 0)) {
      ++left_out;
      continue;
    }
    out.points.push_back({omega[i], temperature ? temperature->values[i] : whole, {s, l}});
    if (storage_error) out.storage_error.push_back(storage_error->values[i]);
    if (loss_error) out.loss_error.push_back(loss_error->values[i]);
  }
  if (left_out)
    context.warn(fmt::format("{}: {} rows left out whose storage modulus or frequency is not positive, or whose loss is negative", c.source,
                             left_out));
  if (out.points.size() < 4) throw InputError(fmt::format("{}: must have at least 4 usable rows, got {}", c.source, out.points.size()));

  std::vector<double> log_omega, kelvin;
  for (const ScanPoint& p : out.points) log_omega.push_back(std::log(p.omega)), kelvin.push_back(p.temperature);
  const bool hot = std::isfinite(kelvin.front()) && spread(kelvin) > 5, wide = spread(log_omega) > 0.05;
  if (hot && wide)
    throw InputError(fmt::format(
        "{}: frequency and temperature both change along the curve ({:.3g} K); cut it with --split or --step, or choose rows with --range",
        c.source, spread(kelvin)));
  if (!hot && !wide)
    throw InputError(fmt::format("{}: neither frequency nor temperature changes along the curve: there is nothing to fit", c.source));
  out.thermal = hot;
  out.omega = std::exp(std::accumulate(log_omega.begin(), log_omega.end(), 0.0) / static_cast<double>(log_omega.size()));
  out.temperature = std::accumulate(kelvin.begin(), kelvin.end(), 0.0) / static_cast<double>(kelvin.size());
  if (!hot) {
    std::vector<std::size_t> order(out.points.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return out.points[a].omega < out.points[b].omega; });
    reorder(out.points, order), reorder(out.storage_error, order), reorder(out.loss_error, order);
    for (ScanPoint& p : out.points) p.temperature = out.temperature;
    out.omega = NAN;
  }
  return out;
}

double crystallisation(const Scan& s) {
  if (!s.thermal || !s.has_storage) return NAN;
  std::vector<ScanPoint> p = s.points;
  std::stable_sort(p.begin(), p.end(), [](const ScanPoint& a, const ScanPoint& b) { return a.temperature < b.temperature; });
  const double first = p.front().modulus.real();
  std::size_t low = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p[i].modulus.real() < p[low].modulus.real()) low = i;
  double high = p[low].modulus.real();
  int above = 0;  // rows after the minimum that are clearly above it: one bad row is no crystal
  for (std::size_t i = low; i < p.size(); ++i) {
    high = std::max(high, p[i].modulus.real());
    above += p[i].modulus.real() > p[low].modulus.real() + 0.05 * (first - p[low].modulus.real());
  }
  const double fall = first - p[low].modulus.real();
  return fall > 0.2 * first && high - p[low].modulus.real() > 0.1 * fall && above >= 3 ? p[low].temperature : NAN;
}

std::vector<LossMaximum> loss_maxima(const Scan& s) {
  std::vector<ScanPoint> p = s.points;
  std::stable_sort(p.begin(), p.end(), [](const ScanPoint& a, const ScanPoint& b) { return a.temperature < b.temperature; });
  const std::size_t n = p.size(), half = std::clamp<std::size_t>(n / 20, 3, 20);
  std::vector<double> smooth(n, 0);  // means of five, so that noise on a broad top is not several maxima
  for (std::size_t i = 2; i + 2 < n; ++i)
    for (std::size_t k = i - 2; k <= i + 2; ++k) smooth[i] += p[k].modulus.imag() / 5;
  std::vector<LossMaximum> out;
  for (std::size_t i = half + 2; i + half + 2 < n; ++i) {
    bool top = true;
    for (std::size_t k = i - half; k <= i + half; ++k) top = top && smooth[k] <= smooth[i];
    // The edges must be below the top by more than what is left of the noise.
    if (!top || !(std::max(smooth[i - half], smooth[i + half]) < 0.998 * smooth[i])) continue;
    std::size_t from = i, to = i;  // the part above 0.88 of the top
    while (from > 2 && (i - from < 3 || smooth[from - 1] > 0.88 * smooth[i]) && i - from < n / 5) --from;
    while (to + 3 < n && (to - i < 3 || smooth[to + 1] > 0.88 * smooth[i]) && to - i < n / 5) ++to;
    std::vector<double> x, y;
    for (std::size_t k = from; k <= to; ++k) x.push_back(p[k].temperature), y.push_back(std::log(std::max(p[k].modulus.imag(), 1e-300)));
    const std::vector<double> error(x.size(), 1);
    const numeric::Vertex v = numeric::parabola(x, y, error);
    double squares = 0;
    for (std::size_t k = 0; k < x.size(); ++k)
      squares += std::pow(y[k] - v.value.value - v.curvature * std::pow(x[k] - v.position.value, 2), 2);
    const double scatter = std::sqrt(squares / static_cast<double>(x.size() - 3));
    if (!v.inside || !(v.curvature < 0)) continue;
    out.push_back({v.position.value, std::max(scatter, 1e-12) * v.position.error, p[i].modulus.imag()});
  }
  std::sort(out.begin(), out.end(), [](const LossMaximum& a, const LossMaximum& b) { return a.loss > b.loss; });
  return out;
}

}  // namespace heteroglass::relaxation
