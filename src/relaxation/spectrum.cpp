#include "relaxation/spectrum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "numeric/maximum_entropy.hpp"
#include "relaxation/discrete_lines.hpp"
#include "relaxation/isotherms.hpp"
#include "relaxation/spectrum_data.hpp"

namespace heteroglass::relaxation {
namespace {

const char* const credible = "standard deviation of posterior samples";

/// Integral of the grid part of each sample over the points that count, as value and spread.
Measured integral(const numeric::LinearProblem& p, const numeric::Inversion& inv, const std::vector<bool>& count, double scale) {
  const auto sum = [&](const auto& x) {
    double s = 0;
    for (std::size_t j = 0; j < p.smooth; ++j)
      if (count[j]) s += x(j) * p.step * (j == 0 || j + 1 == p.smooth ? 0.5 : 1);
    return s * scale;
  };
  Measured m{sum([&](std::size_t j) { return inv.x[j]; }), NAN, "no samples"};
  if (inv.samples.rows < 2) return m;
  double total = 0, square = 0;
  for (std::size_t i = 0; i < inv.samples.rows; ++i) {
    const double v = sum([&](std::size_t j) { return inv.samples(i, j); });
    total += v, square += v * v;
  }
  const auto n = static_cast<double>(inv.samples.rows);
  m.error = std::sqrt(std::max(square - total * total / n, 0.0) / (n - 1)), m.note = credible;
  return m;
}

/// One column beyond the spectrum as a result.
Measured extra(const numeric::LinearProblem& p, const numeric::Inversion& inv, std::size_t which, double scale) {
  const std::size_t j = p.smooth + which;
  return {inv.x[j] * scale, inv.error[j] * scale, credible};
}

std::vector<double> times(const std::vector<double>& v, double factor) {
  std::vector<double> out;
  out.reserve(v.size());
  for (double x : v) out.push_back(x * factor);
  return out;
}

/// Splits the weighted model into the channels' arrays, in their units.
void fill_fit(const SpectrumData& d, const std::vector<double>& model, Spectrum& out) {
  std::size_t row = 0;
  for (const Measurement& m : d.list) {
    std::vector<double>*x = &out.scan_temperature, *y = &out.scan, *fit = &out.scan_fit;
    if (m.channel == "storage") x = &out.angular_frequency, y = &out.storage, fit = &out.storage_fit;
    if (m.channel == "loss") x = &out.angular_frequency, y = &out.loss, fit = &out.loss_fit;
    if (m.channel == "modulus") x = &out.time, y = &out.modulus, fit = &out.modulus_fit;
    if (m.channel == "compliance") x = &out.time, y = &out.compliance, fit = &out.compliance_fit;
    *x = m.x;
    for (std::size_t i = 0; i < m.x.size(); ++i, ++row)
      y->push_back(m.y[i] + d.offset), fit->push_back(model[row] / m.weight[i] + d.offset);
  }
}

/// Energies of times, or the scan's own; densities per eV relative to `total`.
void fill_energies(const SpectrumData& d, const SpectrumOptions& o, const std::vector<double>& grid, const numeric::Inversion& inv,
                   double total, Spectrum& out) {
  double factor = d.scale / total;
  if (d.energies()) {
    out.energy = grid;
  } else {
    if (!o.tau0 || !o.temperature) return;
    const double kt = constants::boltzmann * *o.temperature;
    for (double tau : grid) out.energy.push_back(kt * std::log(tau / *o.tau0));
    factor /= kt;
  }
  const auto first = static_cast<std::ptrdiff_t>(grid.size());
  const auto part = [&](const std::vector<double>& v) { return times({v.begin(), v.begin() + first}, factor); };
  out.energy_spectrum = part(inv.x), out.energy_spectrum_error = part(inv.error);
  out.energy_spectrum_low = part(inv.low), out.energy_spectrum_high = part(inv.high);
}

void fill_plateaus(const SpectrumData& d, const numeric::LinearProblem& p, const numeric::Inversion& inv, Spectrum& out) {
  if (d.extra.plateau && !d.energies()) (d.creep() ? out.glassy_compliance : out.plateau) = extra(p, inv, 0, d.scale);
  if (d.extra.flow) {
    const double longest = d.list[0].x.back();
    out.fluidity = extra(p, inv, d.extra.plateau ? 1 : 0, d.scale / longest);
  }
}

/// Times and strengths of the exact Havriliak-Negami spectrum.
Spectrum formula(const SpectrumOptions& o) {
  Spectrum s;
  if (o.alpha * o.gamma > 1) throw InputError(fmt::format("--gamma: alpha gamma must not exceed 1, got {}", o.alpha * o.gamma));
  if (o.alpha == 1 && o.gamma == 1)
    throw InputError("--alpha, --gamma: must be given without a file (at 1, 1 the spectrum is one line), got 1, 1");
  for (int j = -60; j <= 30; ++j) {
    // Half a step aside: the Cole-Davidson spectrum is infinite at its relaxation time.
    const double x = std::pow(10, (j + 0.5) / 10.0), h = o.strength * havriliak_negami_spectrum(x, o.alpha, o.gamma);
    s.tau.push_back(x * o.relaxation_time), s.spectrum.push_back(h);
    s.spectrum_error.push_back(0), s.spectrum_low.push_back(h), s.spectrum_high.push_back(h), s.inside.push_back(1),
        s.resolution.push_back(0);
  }
  s.strength = {o.strength, 0, "as given"};
  s.lambda.note = s.misfit.note = s.plateau.note = "no data";
  return s;
}

void discrete(const SpectrumData& d, const SpectrumOptions& o, const std::vector<double>& grid, Spectrum& out) {
  const DiscreteLines l = discrete_lines(d.list, grid, d.extra, d.heating, d.scale);
  auto& place = out.lines.add_number(d.energies() ? "energy" : "tau", d.energies() ? "eV" : "s", "of the line").number;
  place = l.tau;
  out.lines.add_number(d.energies() ? "energy_error" : "tau_error", d.energies() ? "eV" : "s").number = l.tau_error;
  const std::string unit = d.energies() ? (d.list[0].channel == "heat" ? "J/g" : "1") : d.creep() ? "1/GPa" : "GPa";
  out.lines.add_number("strength", unit, "of the line").number = l.strength;
  out.lines.add_number("strength_error", unit).number = l.strength_error;
  double total = 0, variance = 0;
  for (std::size_t i = 0; i < l.tau.size(); ++i) {
    total += l.strength[i], variance += l.strength_error[i] * l.strength_error[i];
    const double low = std::max(l.strength[i] - 1.96 * l.strength_error[i], 0.0), high = l.strength[i] + 1.96 * l.strength_error[i];
    if (d.energies()) continue;
    out.tau.push_back(l.tau[i]), out.inside.push_back(l.tau[i] >= d.from && l.tau[i] <= d.to), out.resolution.push_back(0);
    (d.creep() ? out.retardation : out.spectrum).push_back(l.strength[i]);
    (d.creep() ? out.retardation_error : out.spectrum_error).push_back(l.strength_error[i]);
    (d.creep() ? out.retardation_low : out.spectrum_low).push_back(low);
    (d.creep() ? out.retardation_high : out.spectrum_high).push_back(high);
  }
  const Measured sum{total, std::sqrt(variance), "covariance"};
  if (d.list[0].channel == "heat") out.heat = sum;
  if (d.list[0].channel == "deficit") out.concentration = sum;
  if (!d.energies() && !d.creep()) out.strength = sum;
  for (std::size_t e = 0; e < l.extra.size(); ++e) {
    const Measured m{l.extra[e] * d.scale, l.extra_error[e] * d.scale, "covariance"};
    if (e == 0 && d.extra.plateau && !d.energies()) (d.creep() ? out.glassy_compliance : out.plateau) = m;
    if (d.extra.flow && e == d.extra.count() - 1) out.fluidity = {m.value / d.list[0].x.back(), m.error / d.list[0].x.back(), m.note};
  }
  out.lambda = {0, NAN, "discrete lines are not smoothed"};
  out.misfit = {l.noise, NAN, o.weights == "relative" && !d.energies() ? "relative" : "of the largest value"};
  out.degrees_of_freedom = static_cast<double>(2 * l.tau.size() + d.extra.count());
  fill_fit(d, l.fit, out);
}

numeric::Inversion inverted(const numeric::LinearProblem& p, const SpectrumOptions& o, double width) {
  numeric::InversionSettings s;
  s.choice = o.lambda ? "fixed" : o.smoothness, s.lambda = o.lambda.value_or(0);
  s.adaptive = o.adaptive, s.width = width;
  s.samples = o.samples, s.seed = static_cast<std::uint64_t>(o.seed);
  if (o.method == "tikhonov") return numeric::invert(p, s);
  // The default of maximum entropy: flat, with the sum that a smooth solution has.
  numeric::InversionSettings plain;
  plain.samples = 0, plain.adaptive = o.adaptive, plain.width = width;
  const numeric::Inversion smooth = numeric::invert(p, plain);
  double sum = 0;
  for (std::size_t j = 0; j < p.smooth; ++j) sum += smooth.x[j];
  std::vector<double> standard(p.a.columns, std::max(sum / static_cast<double>(p.smooth), 1e-12));
  for (std::size_t j = p.smooth; j < standard.size(); ++j) standard[j] = std::max(smooth.x[j], 1e-6);
  if (s.choice != "fixed") s.choice = "evidence";
  return numeric::maximum_entropy(p, standard, s);
}

}  // namespace

const ColumnRoles& SpectrumOptions::columns() {
  static const ColumnRoles roles = [] {
    ColumnRoles r = modulus_roles();
    r.push_back({"reference", "GPa", "modulus of the relaxed or crystalline state at the same temperatures", false, {"referencemodulus"}});
    r.push_back({"heat_flow", "W/g", "heat flow of a scan", false, {"heatflow", "dsc", "hf"}});
    r.push_back(
        {"reference_heat_flow", "W/g", "heat flow of the relaxed state at the same temperatures", false, {"referenceheatflow", "rescan"}});
    return r;
  }();
  return roles;
}

Spectrum spectrum(std::span<const Curve> curves, const SpectrumOptions& o, Context& context) {
  if (curves.empty()) return formula(o);
  if (curves.size() > 1)
    throw InputError(fmt::format("{}: a spectrum must come from one curve (--step chooses it), got {}", curves[0].source, curves.size()));
  const SpectrumData d = spectrum_data(curves[0], o, context);
  const std::vector<double> grid = spectrum_grid(d, o);
  Spectrum out;
  if (o.method == "discrete") {
    discrete(d, o, grid, out);
    return out;
  }
  const numeric::LinearProblem p = spectrum_problem(d.list, grid, d.extra, d.heating, d.scale);
  const numeric::Inversion inv = inverted(p, o, d.energies() ? constants::boltzmann * d.list[0].x.back() : 0.7);
  out.lambda = {inv.lambda, inv.lambda * inv.ln_lambda_error, o.lambda || o.smoothness != "evidence" ? "held" : "width of the evidence"};
  if (inv.lambda_at_end)
    context.warn(fmt::format("lambda = {:.3g} lies at the end of the range searched: the data ask for no smoothing, or for nothing but it",
                             inv.lambda));
  out.misfit = {inv.noise, NAN, o.weights == "relative" && !d.energies() ? "relative" : "of the largest value"};
  if (inv.noise > 0.1 && o.weights == "relative" && !d.energies())
    context.warn(fmt::format("the spectrum misses the data by {:.0f} %: {}", 100 * inv.noise,
                             d.list.size() > 1 ? "M' and M'' may contradict each other (relaxation/kramers_kronig)"
                                               : "no sum of exponentials describes them (the step may not have begun at time zero)"));
  out.degrees_of_freedom = inv.degrees;
  out.lambda_grid = inv.lambda_grid, out.ln_evidence = inv.ln_evidence;
  for (double r : inv.resolution) out.resolution.push_back(d.energies() ? r : r / std::numbers::ln10);

  std::vector<bool> inside, all(grid.size(), true);
  for (double g : grid) inside.push_back(g >= d.from * (1 - 1e-9) && g <= d.to * (1 + 1e-9)), out.inside.push_back(inside.back());
  const auto part = [&](const std::vector<double>& v) {
    return times({v.begin(), v.begin() + static_cast<std::ptrdiff_t>(grid.size())}, d.scale);
  };
  const Measured covered = integral(p, inv, inside, d.scale), whole = integral(p, inv, all, d.scale);
  if (d.list[0].channel == "heat") out.heat = covered;
  if (d.list[0].channel == "deficit") out.concentration = covered;
  if (!d.energies()) {
    out.tau = grid;
    auto& h = d.creep() ? out.retardation : out.spectrum;
    h = part(inv.x);
    (d.creep() ? out.retardation_error : out.spectrum_error) = part(inv.error);
    (d.creep() ? out.retardation_low : out.spectrum_low) = part(inv.low);
    (d.creep() ? out.retardation_high : out.spectrum_high) = part(inv.high);
    if (!d.creep()) out.strength = covered;
    const double outside = whole.value > 0 ? 1 - covered.value / whole.value : 0;
    if (outside > 0.2)
      context.warn(fmt::format(
          "{:.0f} % of the spectrum lies at times outside {:.3g} s to {:.3g} s, where the data do not determine it (see inside)",
          100 * outside, d.from, d.to));
  }
  fill_plateaus(d, p, inv, out);
  const double total = d.energies() ? (d.list[0].channel == "heat" ? whole.value : 1)
                                    : whole.value + (d.creep()                       ? 0
                                                     : std::isnan(out.plateau.value) ? 0
                                                                                     : out.plateau.value);
  fill_energies(d, o, grid, inv, total, out);
  std::vector<double> model(p.b.size(), 0);
  for (std::size_t i = 0; i < model.size(); ++i)
    for (std::size_t j = 0; j < inv.x.size(); ++j) model[i] += p.a(i, j) * inv.x[j];
  fill_fit(d, model, out);
  return out;
}

const Analysis& spectrum_analysis() {
  static const Analysis entry =
      analysis<&spectrum>("relaxation", "spectrum", "spectrum of relaxation times or activation energies with lambda, band and resolution",
                          {{"Honerkamp, Weese, Rheol. Acta 32, 65 (1993)", "10.1007/BF00396678"},
                           {"Wahba, Ann. Stat. 13, 1378 (1985)", "10.1214/aos/1176349743"},
                           {"Hansen, O'Leary, SIAM J. Sci. Comput. 14, 1487 (1993)", "10.1137/0914086"},
                           {"Skilling, Bryan, Mon. Not. R. Astron. Soc. 211, 111 (1984)", "10.1093/mnras/211.1.111"},
                           {"Primak, Phys. Rev. 100, 1677 (1955)", "10.1103/PhysRev.100.1677"}});
  return entry;
}

}  // namespace heteroglass::relaxation
