#include "relaxation/master_curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/error.hpp"
#include "relaxation/shift_law.hpp"
#include "relaxation/shift_seed.hpp"
#include "relaxation/superpose.hpp"
#include "relaxation/van_gurp_palmen.hpp"

namespace heteroglass::relaxation {
namespace {

constexpr double ln10 = std::numbers::ln10;
constexpr double degree = 180 / std::numbers::pi;

/// ln a at the reference temperature as a combination of the ln a of isotherms.
struct ReferencePoint {
  double temperature = 0;
  std::size_t nearest = 0;
  std::vector<double> weight;  ///< (isotherms), sums to 1
  std::vector<double> linear;  ///< the same with one neighbour fewer: the difference is the error of interpolation
  bool interpolated = false;
};

/// Lagrange weights in 1/T through the `count` isotherms around T.
std::vector<double> lagrange(const Isotherms& data, double t, std::size_t count) {
  std::vector<std::size_t> order(data.list.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return std::abs(data.list[a].temperature - t) < std::abs(data.list[b].temperature - t); });
  order.resize(std::min(count, order.size()));
  std::vector<double> w(data.list.size(), 0);
  for (std::size_t a : order) {
    w[a] = 1;
    for (std::size_t b : order)
      if (b != a) w[a] *= (1 / t - 1 / data.list[b].temperature) / (1 / data.list[a].temperature - 1 / data.list[b].temperature);
  }
  return w;
}

ReferencePoint reference_point(const Isotherms& data, const MasterCurveOptions& o, Context& context) {
  ReferencePoint r;
  const std::size_t n = data.list.size();
  if (!o.reference_temperature) {
    r.nearest = n / 2, r.temperature = data.list[r.nearest].temperature;
  } else {
    r.temperature = *o.reference_temperature;
    const double low = data.list.front().temperature - o.temperature_tolerance,
                 high = data.list.back().temperature + o.temperature_tolerance;
    if (r.temperature < low || r.temperature > high)
      throw InputError(
          fmt::format("--reference-temperature: must lie within the isotherms, {:.2f} K to {:.2f} K, got {} K", low, high, r.temperature));
    for (std::size_t k = 0; k < n; ++k)
      if (std::abs(data.list[k].temperature - r.temperature) < std::abs(data.list[r.nearest].temperature - r.temperature)) r.nearest = k;
  }
  r.weight.assign(n, 0), r.weight[r.nearest] = 1, r.linear = r.weight;
  // A tenth of the tolerance: 373 K for an isotherm measured at 372.96 K is that isotherm.
  if (std::abs(data.list[r.nearest].temperature - r.temperature) <= 0.1 * o.temperature_tolerance) return r;
  r.interpolated = true;
  r.weight = lagrange(data, r.temperature, 3), r.linear = lagrange(data, r.temperature, 2);
  context.warn(
      fmt::format("no isotherm was measured at the reference temperature {:.2f} K (nearest: {:.2f} K): ln a there is interpolated in 1/T",
                  r.temperature, data.list[r.nearest].temperature));
  return r;
}

std::vector<double> vertical_by_density(const Isotherms& data, const MasterCurveOptions& o, std::size_t reference) {
  std::vector<double> ln_b;
  const double t0 = data.list[reference].temperature;
  for (const Isotherm& i : data.list) {
    const double density = 1 - o.expansion * (i.temperature - t0);
    if (density <= 0)
      throw InputError(fmt::format("--expansion: must leave a positive density at {:.1f} K, got {}/K", i.temperature, o.expansion));
    ln_b.push_back(std::log(i.temperature * density / t0));
  }
  return ln_b;
}

std::vector<double> temperatures(const Isotherms& data) {
  std::vector<double> t;
  for (const Isotherm& i : data.list) t.push_back(i.temperature);
  return t;
}

/// By hand or by closed form.
std::vector<double> start_shifts(const Isotherms& data, const MasterCurveOptions& o) {
  if (o.start.empty()) return closed_form_shifts(data);
  if (o.start.size() != data.list.size())
    throw InputError(fmt::format("--start: must have one value for each of the {} isotherms, got {}", data.list.size(), o.start.size()));
  std::vector<double> ln_a;
  for (double log10_a : o.start) ln_a.push_back(ln10 * log10_a);
  return ln_a;
}

/// Adds what an error of each temperature does to the differences of ln a from the reference.
void add_temperature_errors(const Isotherms& data, double error, std::size_t reference, Superposition& s) {
  const std::size_t n = s.ln_a.size();
  std::vector<double> each(n);
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t low = k == 0 ? 0 : k - 1, high = std::min(k + 1, n - 1);
    each[k] = error * (s.ln_a[high] - s.ln_a[low]) / (data.list[high].temperature - data.list[low].temperature);
  }
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t l = 0; l < n; ++l)
      if (k != reference && l != reference) s.covariance(k, l) += each[reference] * each[reference] + (k == l ? each[k] * each[k] : 0);
  for (std::size_t k = 0; k < n; ++k) s.ln_a_error[k] = std::sqrt(s.covariance(k, k));
}

/// Refers shifts and their covariance to the reference temperature.
void move_reference(const ReferencePoint& r, Superposition& s) {
  if (!r.interpolated) return;
  const std::size_t n = s.ln_a.size();
  const auto dot = [&](const std::vector<double>& w, const std::vector<double>& v) {
    return std::inner_product(w.begin(), w.end(), v.begin(), 0.0);
  };
  const double at = dot(r.weight, s.ln_a), interpolation = at - dot(r.linear, s.ln_a), b_at = dot(r.weight, s.ln_b);
  std::vector<double> cw(n, 0);
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t l = 0; l < n; ++l) cw[k] += s.covariance(k, l) * r.weight[l];
  const double ww = dot(r.weight, cw) + interpolation * interpolation;
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t l = 0; l < n; ++l) s.covariance(k, l) += ww - cw[k] - cw[l];
  for (std::size_t k = 0; k < n; ++k) s.ln_a[k] -= at, s.ln_b[k] -= b_at, s.ln_a_error[k] = std::sqrt(std::max(s.covariance(k, k), 0.0));
}

/// Standard deviation over resamplings of ln a referred to the reference temperature.
std::vector<double> bootstrap_errors(const ReferencePoint& r, const Matrix& sample) {
  std::vector<double> sd(sample.columns, NAN);
  if (sample.rows < 2) return sd;
  for (std::size_t k = 0; k < sample.columns; ++k) {
    double sum = 0, square = 0;
    for (std::size_t d = 0; d < sample.rows; ++d) {
      double value = sample(d, k);
      for (std::size_t l = 0; l < sample.columns; ++l) value -= r.weight[l] * sample(d, l);
      sum += value, square += value * value;
    }
    const auto n = static_cast<double>(sample.rows);
    sd[k] = std::sqrt(std::max(square - sum * sum / n, 0.0) / (n - 1));
  }
  return sd;
}

/// Residuals where another isotherm has data too, per isotherm, and whether the chain of isotherms has no gap.
struct Overlap {
  std::vector<double> residual;  ///< root mean square
  std::vector<double> ratio;     ///< to the noise of the channel
};

Overlap overlap(const Isotherms& data, const Superposition& s, const std::vector<double>& noise) {
  const std::size_t n = data.list.size();
  std::vector<double> low(n), high(n);
  for (std::size_t k = 0; k < n; ++k) {
    low[k] = data.list[k].x.front() + data.direction() * s.ln_a[k];
    high[k] = data.list[k].x.back() + data.direction() * s.ln_a[k];
  }
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return low[a] < low[b]; });
  for (std::size_t i = 1, reach = order[0]; i < n; ++i) {
    if (low[order[i]] > high[reach])
      throw InputError(fmt::format("isotherms at {:.2f} K and {:.2f} K: shifted curves must overlap, got a gap of {:.2f} decades",
                                   data.list[reach].temperature, data.list[order[i]].temperature, (low[order[i]] - high[reach]) / ln10));
    if (high[order[i]] > high[reach]) reach = order[i];
  }
  Overlap out;
  for (std::size_t k = 0; k < n; ++k) {
    double square = 0, scaled = 0, count = 0;
    for (std::size_t i = 0; i < data.list[k].x.size(); ++i) {
      const double u = data.list[k].x[i] + data.direction() * s.ln_a[k];
      bool shared = false;
      for (std::size_t l = 0; l < n; ++l) shared = shared || (l != k && u >= low[l] && u <= high[l]);
      if (!shared) continue;
      for (std::size_t c = 0; c < noise.size(); ++c) {
        const double e = s.residual[k][c][i];
        square += e * e, scaled += e * e / std::max(noise[c] * noise[c], 1e-300), ++count;
      }
    }
    out.residual.push_back(count > 0 ? std::sqrt(square / count) : NAN);
    out.ratio.push_back(count > 0 ? std::sqrt(scaled / count) : NAN);
  }
  return out;
}

/// Arrays of the result that belong to a channel.
struct Slots {
  std::vector<double>*points, *points_error, *curve, *curve_error;
};
Slots slots(MasterCurve& m, const std::string& channel) {
  if (channel == "storage") return {&m.storage, &m.storage_error, &m.curve_storage, &m.curve_storage_error};
  if (channel == "loss") return {&m.loss, &m.loss_error, &m.curve_loss, &m.curve_loss_error};
  if (channel == "modulus") return {&m.modulus, &m.modulus_error, &m.curve_modulus, &m.curve_modulus_error};
  return {&m.compliance, &m.compliance_error, &m.curve_compliance, &m.curve_compliance_error};
}

/// `moved`: u of the fit minus u at the reference temperature.
void fill_curves(const Isotherms& data, const Superposition& s, double moved, double b_moved, MasterCurve& m) {
  const bool frequency = data.domain == Domain::frequency;
  const double vertical = data.domain == Domain::creep ? -1 : 1;
  struct Row {
    double u;
    std::size_t k, i;
  };
  std::vector<Row> rows;
  for (std::size_t k = 0; k < data.list.size(); ++k)
    for (std::size_t i = 0; i < data.list[k].x.size(); ++i) rows.push_back({data.list[k].x[i] + data.direction() * s.ln_a[k], k, i});
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.u < b.u; });
  std::vector<double>& points = frequency ? m.reduced_frequency : m.reduced_time;
  std::vector<double>& grid = frequency ? m.curve_frequency : m.curve_time;
  for (const Row& r : rows) points.push_back(std::exp(r.u));
  const double low = rows.front().u, high = rows.back().u;
  const auto count = static_cast<std::size_t>(std::ceil((high - low) / ln10 * 10)) + 1;
  for (std::size_t j = 0; j < count; ++j)
    grid.push_back(std::exp(low + (high - low) * static_cast<double>(j) / static_cast<double>(count - 1)));
  for (std::size_t c = 0; c < data.channels.size(); ++c) {
    const Slots to = slots(m, data.channels[c]);
    for (const Row& r : rows) {
      to.points->push_back(std::exp(data.list[r.k].y[c][r.i] - vertical * s.ln_b[r.k]));
      to.points_error->push_back(to.points->back() * s.residual_rms[c]);
    }
    for (double x : grid) {
      const double u = std::log(x) + moved;
      to.curve->push_back(std::exp(s.curve(c, u) + vertical * b_moved));
      to.curve_error->push_back(to.curve->back() * s.curve_error(c, u));
    }
  }
}

/// Warns where superposition fails; true where it holds.
bool judge(const Isotherms& data, const MasterCurveOptions& o, const Overlap& shared, const VanGurpPalmen& vgp, Context& context) {
  bool holds = true;
  for (std::size_t k = 0; k < data.list.size(); ++k) {
    if (std::isnan(shared.ratio[k]) || shared.ratio[k] <= 3 || shared.residual[k] <= o.tolerance) continue;
    holds = false;
    context.warn(
        fmt::format("superposition fails at {:.2f} K: its overlap misses the master curve by {:.2g} (relative), {:.1f} times the noise",
                    data.list[k].temperature, shared.residual[k], shared.ratio[k]));
  }
  if (vgp.known() && vgp.residual > 3 * vgp.noise && vgp.residual > o.tolerance / 2) {
    holds = false;
    context.warn(fmt::format(
        "superposition fails: at equal |M*| the loss angles of neighbouring isotherms differ by {:.2g} deg, {:.1f} times the noise",
        vgp.residual * degree, vgp.residual / vgp.noise));
  }
  if (!holds && o.vertical == "none") context.warn("the moduli may shift with temperature too: try --vertical free");
  return holds;
}

MasterCurve formula(const MasterCurveOptions& o) {
  if (o.temperatures.empty() || !o.reference_temperature)
    throw InputError("--temperatures and --reference-temperature: must be given when there is no file, got none");
  MasterCurve m;
  m.reference_temperature = *o.reference_temperature, m.superposition_holds = true;
  for (double t : o.temperatures) {
    const double d = t - m.reference_temperature;
    if (o.wlf_c2 + d <= 0)
      throw InputError(fmt::format("--temperatures: must lie above {} K, where the WLF equation diverges, got {} K",
                                   m.reference_temperature - o.wlf_c2, t));
    m.temperature.push_back(t), m.log10_a.push_back(-o.wlf_c1 * d / (o.wlf_c2 + d)), m.ln_a.push_back(ln10 * m.log10_a.back());
    m.ln_a_error.push_back(0), m.log10_a_error.push_back(0), m.ln_b.push_back(0), m.ln_b_error.push_back(0);
  }
  m.activation_energy.note = m.kink_temperature.note = m.energy_below.note = "no data";
  m.noise.note = m.van_gurp_palmen_residual.note = "no data";
  return m;
}

}  // namespace

MasterCurve master_curve(std::span<const Curve> curves, const MasterCurveOptions& o, Context& context) {
  if (curves.empty()) return formula(o);
  const Isotherms data = isotherms(curves, o.temperature_tolerance, context);
  if (data.list.size() < 2)
    throw InputError(fmt::format("{}: superposition must have at least 2 isotherms, got {} at {:.2f} K", curves[0].source, data.list.size(),
                                 data.list.empty() ? NAN : data.list[0].temperature));
  const ReferencePoint reference = reference_point(data, o, context);
  SuperposeSettings settings;
  settings.reference = reference.nearest, settings.free_vertical = o.vertical == "free";
  settings.bootstrap = o.bootstrap, settings.seed = static_cast<std::uint64_t>(o.seed);
  settings.start_ln_a = start_shifts(data, o);
  if (o.vertical == "density") settings.fixed_ln_b = vertical_by_density(data, o, reference.nearest);
  if (o.follow != "all") {
    const auto at = std::find(data.channels.begin(), data.channels.end(), o.follow);
    if (at == data.channels.end())
      throw InputError(fmt::format("--follow: must be a column of the data ({}), got {}", fmt::join(data.channels, ", "), o.follow));
    settings.follow = static_cast<std::size_t>(at - data.channels.begin());
  }
  const std::vector<double> noise = ordinate_noise(data);
  Superposition s;
  Overlap shared;
  try {
    s = superpose(data, settings, context);
    shared = overlap(data, s, noise);
  } catch (const InputError& e) {
    // A loss modulus that contradicts the storage modulus (inertia of the instrument) can pull isotherms apart.
    if (settings.follow || data.channels.size() < 2) throw;
    context.warn(
        fmt::format("storage and loss cannot be superposed together ({}): the shifts follow {} alone", e.what(), data.channels[0]));
    settings.follow = 0;
    s = superpose(data, settings, context);
    shared = overlap(data, s, noise);
  }
  if (!s.converged) context.warn("the joint fit of all isotherms did not settle; shifts may be those of a local optimum");
  const double a_before = s.ln_a[reference.nearest], b_before = s.ln_b[reference.nearest];
  MasterCurve m;
  VanGurpPalmen vgp;
  if (data.channels.size() == 2) vgp = van_gurp_palmen(data, s.ln_b, noise);
  m.superposition_holds = judge(data, o, shared, vgp, context) && s.converged;
  if (o.temperature_error > 0) add_temperature_errors(data, o.temperature_error, reference.nearest, s);
  const ShiftLaws laws = shift_laws({temperatures(data), s.ln_a, s.covariance, reference.nearest}, reference.temperature);
  m.laws = laws.parameters, m.law_models = laws.models, m.law = laws.best;
  m.activation_energy = laws.activation_energy, m.kink_temperature = laws.kink_temperature, m.energy_below = laws.energy_below;
  m.law_temperature = laws.curve_temperature, m.law_ln_a = laws.curve_ln_a;
  if (laws.chi2_per_freedom > 3)
    context.warn(
        fmt::format("no law describes the shift factors within their errors (best: {}, chi^2 = {:.1f} per degree of freedom): its "
                    "parameters depend on the range of temperatures",
                    laws.best, laws.chi2_per_freedom));
  move_reference(reference, s);
  m.reference_temperature = reference.temperature;
  m.overlap_residual = shared.residual;
  m.noise = {*std::max_element(noise.begin(), noise.end()), NAN, "an estimate of scatter itself"};
  m.van_gurp_palmen_residual = {NAN, NAN, data.channels.size() == 2 ? "no common |M*|" : "needs storage and loss"};
  if (vgp.known()) m.van_gurp_palmen_residual = {vgp.residual * degree, vgp.noise * degree, "expected from the noise"};
  m.complex_modulus = vgp.modulus, m.loss_angle = vgp.angle,
  m.loss_angle_error.assign(vgp.angle.size(), vgp.noise * degree / std::numbers::sqrt2);
  for (std::size_t k = 0; k < data.list.size(); ++k) {
    m.temperature.push_back(data.list[k].temperature);
    m.log10_a.push_back(s.ln_a[k] / ln10), m.log10_a_error.push_back(s.ln_a_error[k] / ln10);
  }
  m.ln_a = s.ln_a, m.ln_a_error = s.ln_a_error, m.ln_a_bootstrap = bootstrap_errors(reference, s.sample), m.ln_a_covariance = s.covariance;
  m.ln_b = s.ln_b, m.ln_b_error = s.ln_b_error;
  const double moved = data.direction() * (a_before - s.ln_a[reference.nearest]);
  fill_curves(data, s, moved, b_before - s.ln_b[reference.nearest], m);
  return m;
}

const Analysis& master_curve_analysis() {
  static const Analysis entry = analysis<&master_curve>(
      "relaxation", "master_curve", "time-temperature superposition: shift factors with errors, master curve, where it fails",
      {{"Gergesova, Zupancic, Saprunov, Emri, J. Rheol. 55, 1 (2011)", "10.1122/1.3503529"},
       {"Eilers, Marx, Stat. Sci. 11, 89 (1996)", "10.1214/ss/1038425655"},
       {"Lennon, McKinley, Swan, Data-Centric Eng. 4, e13 (2023)", "10.1017/dce.2023.3"},
       {"Williams, Landel, Ferry, J. Am. Chem. Soc. 77, 3701 (1955)", "10.1021/ja01619a008"}});
  return entry;
}

}  // namespace heteroglass::relaxation
