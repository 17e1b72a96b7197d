#include "relaxation/nonaffine_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "numeric/least_squares.hpp"
#include "relaxation/nonaffine_spectrum.hpp"

namespace heteroglass::relaxation {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Data {
  std::vector<double> omega, loss, error;
  Poles modes;
};

/// Poles of the modes in rad/s, at most 300 of them: neighbours in ln L are joined, their strengths added.
Poles gathered(const std::vector<double>& frequency, const std::vector<double>& strength) {
  Poles p;
  double low = INFINITY, high = 0;
  for (const double f : frequency)
    if (f > 0) low = std::min(low, f), high = std::max(high, f);
  if (!(high > 0)) throw InputError("mode_frequency: must hold positive frequencies, got none");
  constexpr std::size_t bins = 300;
  const double width = std::log(high / low * (1 + 1e-9)) / bins;
  std::vector<double> s(bins, 0), sl(bins, 0);
  for (std::size_t k = 0; k < frequency.size(); ++k) {
    if (!(frequency[k] > 0)) continue;
    if (strength[k] < 0) throw InputError(fmt::format("mode_strength: must not be negative, got {} GPa", strength[k]));
    const auto b = width > 0 ? std::min(bins - 1, static_cast<std::size_t>(std::log(frequency[k] / low) / width)) : 0;
    const double omega = 2e12 * std::numbers::pi * frequency[k];
    s[b] += strength[k], sl[b] += strength[k] * omega * omega;
  }
  for (std::size_t b = 0; b < bins; ++b)
    if (s[b] > 0) p.square.push_back(sl[b] / s[b]), p.strength.push_back(s[b]);
  if (p.strength.empty()) throw InputError("mode_strength: some must be positive, got none");
  return p;
}

/// Strength ~ w^2 dw to w_D: <L> = 3/5 w_D^2.
Poles debye(double total, double mean_square) {
  Poles p;
  constexpr int n = 300;
  const double top = std::sqrt(mean_square * 5 / 3);
  for (int k = 0; k < n; ++k) {
    const double x = (k + 0.5) / n;
    p.square.push_back(top * top * x * x), p.strength.push_back(total * 3 * x * x / n);
  }
  return p;
}

Poles debye_like(const Poles& modes) {
  double total = 0, square = 0;
  for (std::size_t k = 0; k < modes.square.size(); ++k) total += modes.strength[k], square += modes.strength[k] * modes.square[k];
  return debye(total, square / total);
}

Data read(std::span<const Curve> curves) {
  Data d;
  bool modes = false;
  for (const Curve& c : curves) {
    if (c.find("mode_frequency") && c.find("mode_strength")) {
      d.modes = gathered(c.at("mode_frequency").values, c.at("mode_strength").values);
      modes = true;
    } else if (c.find("omega") && c.find("loss")) {
      const auto& w = c.at("omega").values;
      const auto& y = c.at("loss").values;
      for (std::size_t k = 0; k < w.size(); ++k) {
        if (!(w[k] > 0)) throw InputError(fmt::format("{}: omega must be positive, got {} rad/s", c.source, w[k]));
        if (!(y[k] > 0)) throw InputError(fmt::format("{}: loss must be positive, got {} GPa", c.source, y[k]));
        d.omega.push_back(w[k]), d.loss.push_back(y[k]);
        if (const CurveColumn* e = c.find("loss_error")) d.error.push_back(e->values[k]);
      }
    }
  }
  if (!modes)
    throw InputError(
        "nonaffine_fit: one file must hold mode_frequency and mode_strength (curves_mode_frequency.csv of `relaxation nonaffine -o`), "
        "got none");
  if (d.omega.size() < 8)
    throw InputError(fmt::format("nonaffine_fit: one file must hold omega and loss, at least 8 points, got {}", d.omega.size()));
  if (d.error.size() != d.omega.size()) d.error.clear();
  return d;
}

/// What is fitted: logarithms of scale, friction, tau; b.
struct Model {
  std::string name;
  const Poles* poles;
  std::string kernel;
};

MemoryKernel kernel_of(const Model& m, std::span<const double> p) {
  if (m.kernel == "constant") return MemoryKernel::constant(std::exp(p[1]));
  return MemoryKernel::stretched_from_friction(std::exp(p[1]), std::exp(p[2]), m.kernel == "exponential" ? 1.0 : std::min(p[3], 0.9999));
}

std::vector<double> curve_of(const Model& m, std::span<const double> p, const std::vector<double>& omega) {
  const MemoryKernel kernel = kernel_of(m, p);
  std::vector<double> y;
  for (const double w : omega) y.push_back(std::exp(p[0]) * modulus(*m.poles, kernel, w).imag());
  return y;
}

struct Fitted {
  numeric::LeastSquares result;
  bool good = false;
};

/// Several starts in tau and b: the misfit has more than one minimum.
Fitted fit_model(const Model& m, const Data& d, const NonaffineFitOptions& o) {
  const auto top = static_cast<std::size_t>(std::max_element(d.loss.begin(), d.loss.end()) - d.loss.begin());
  double total = 0, weighted = 0;
  for (std::size_t k = 0; k < m.poles->square.size(); ++k)
    total += m.poles->strength[k], weighted += m.poles->strength[k] * std::log(m.poles->square[k]);
  const double middle = std::exp(weighted / total), peak = d.omega[top];
  const double friction = middle / peak, scale = 2 * d.loss[top] / total;
  Fitted best;
  const bool constant = m.kernel == "constant", simple = m.kernel != "stretched";
  for (const double reduced : constant ? std::vector<double>{1}
                              : o.tau  ? std::vector<double>{*o.tau * peak}
                                       : std::vector<double>{0.01, 1, 100})
    for (const double weak : constant ? std::vector<double>{1} : std::vector<double>{1, 0.01})
      for (const double b : simple ? std::vector<double>{1} : o.beta ? std::vector<double>{*o.beta} : std::vector<double>{0.3, 0.7}) {
        const std::vector<numeric::Parameter> parameters = {
            {"scale", std::log(scale / weak), std::log(scale) - 12, std::log(scale) + 12, false},
            {"friction", std::log(friction * std::max(1.0, reduced) * weak), std::log(friction) - 25, std::log(friction) + 25, false},
            {"tau", std::log(reduced / peak), std::log(1 / peak) - 25, std::log(1 / peak) + 25, constant || o.tau.has_value()},
            {"beta", b, 0.1, 1, simple || o.beta.has_value()}};
        try {
          numeric::LeastSquares r = numeric::least_squares(parameters, d.omega.size(),
                                                           [&](std::span<const double> p, std::span<double> residual, double*) {
                                                             const std::vector<double> y = curve_of(m, p, d.omega);
                                                             for (std::size_t k = 0; k < y.size(); ++k)
                                                               residual[k] =
                                                                   (y[k] - d.loss[k]) / (d.error.empty() ? d.loss[k] : d.error[k]);
                                                           },
                                                           {.known_errors = !d.error.empty()});
          if (!best.good || r.chi2 < best.result.chi2) best = {std::move(r), true};
        } catch (const NumericalError&) {
          // this start leads nowhere
        }
      }
  return best;
}

Measured exponential(const numeric::LeastSquares& r, std::size_t k, const std::string& note) {
  const double v = std::exp(r.value[k]);
  return {v, r.error[k] > 0 ? v * r.error[k] : nan, r.error[k] > 0 ? note : "kept, or not part of the model"};
}

void evaluate(const NonaffineFitOptions& o, NonaffineFit& out) {
  const double top = 2e12 * std::numbers::pi * o.debye_frequency;
  const Poles p = debye(1, 0.6 * top * top);
  const MemoryKernel kernel =
      o.tau ? MemoryKernel::stretched_from_friction(o.friction, *o.tau, o.beta.value_or(0.5)) : MemoryKernel::constant(o.friction);
  out.omega = o.omega;
  const double rate = 0.6 * top * top / o.friction;
  for (int k = 0; out.omega.size() < 81 && o.omega.empty(); ++k) out.omega.push_back(rate * std::pow(10, -4 + 0.1 * k));
  for (const double w : out.omega) out.fit.push_back(modulus(p, kernel, w).imag());
  out.scale = {1, 0, "given"}, out.friction = {kernel.friction(), 0, "given"}, out.nu0 = {kernel.nu0(), 0, "given"};
  out.tau = {o.tau.value_or(nan), 0, "given"}, out.beta = {o.beta.value_or(nan), 0, "given"};
  out.best = "not fitted", out.verdict = "the loss of a Debye spectrum of unit strength";
}

}  // namespace

NonaffineFit nonaffine_fit(std::span<const Curve> curves, const NonaffineFitOptions& o, Context& context) {
  NonaffineFit out;
  if (curves.empty()) {
    evaluate(o, out);
    return out;
  }
  const Data d = read(curves);
  const Poles flat = debye_like(d.modes);
  const std::vector<Model> models = {{"modes, stretched", &d.modes, "stretched"},  {"modes, exponential", &d.modes, "exponential"},
                                     {"modes, constant", &d.modes, "constant"},    {"debye, stretched", &flat, "stretched"},
                                     {"debye, exponential", &flat, "exponential"}, {"debye, constant", &flat, "constant"}};
  std::vector<Fitted> fits;
  for (std::size_t k = 0; k < models.size(); ++k) {
    context.check_cancelled();
    context.progress(static_cast<double>(k) / static_cast<double>(models.size()), models[k].name);
    fits.push_back(fit_model(models[k], d, o));
  }
  if (!fits[0].good) throw NumericalError("nonaffine_fit: no start led to a fit of the modes with the stretched kernel");

  std::size_t best = 0;
  for (std::size_t k = 1; k < fits.size(); ++k)
    if (fits[k].good && fits[k].result.aicc < fits[best].result.aicc) best = k;
  TableColumn name{"model", "1", "spectrum and kernel", true, {}, {}}, parameters{"parameters", "1", "free", false, {}, {}},
      rms{"rms_residual", "1", "relative, or in standard errors", false, {}, {}}, aicc{"aicc", "1", "", false, {}, {}},
      worse{"aicc_over_best", "1", "above 10: measurably worse", false, {}, {}};
  for (std::size_t k = 0; k < models.size(); ++k) {
    if (!fits[k].good) continue;
    const numeric::LeastSquares& r = fits[k].result;
    name.text.push_back(models[k].name), parameters.number.push_back(r.free_parameters);
    rms.number.push_back(std::sqrt(r.chi2 / static_cast<double>(d.omega.size())));
    aicc.number.push_back(r.aicc), worse.number.push_back(r.aicc - fits[best].result.aicc);
  }
  out.models.columns = {name, parameters, rms, aicc, worse};
  out.best = models[best].name;
  const auto over = [&](std::size_t k) { return fits[k].good ? fits[k].result.aicc - fits[0].result.aicc : INFINITY; };
  out.verdict = over(3) > 10 && std::min(over(1), over(2)) > 10
                    ? "the modes and the stretched memory are both needed: every control is measurably worse"
                : over(3) > 10                    ? "the soft modes are needed; a simpler kernel does as well"
                : std::min(over(1), over(2)) > 10 ? "the stretched memory is needed; a Debye spectrum does as well"
                                                  : "the data do not decide between the modes and the controls";

  const numeric::LeastSquares& r = fits[0].result;
  const std::string note = d.error.empty() ? "covariance scaled by the misfit" : "covariance";
  out.scale = exponential(r, 0, note), out.friction = exponential(r, 1, note), out.tau = exponential(r, 2, note);
  out.beta = {r.value[3], r.error[3] > 0 ? r.error[3] : nan, r.error[3] > 0 ? note : "kept"};
  out.nu0 = {kernel_of(models[0], r.value).nu0(), nan, "follows from friction, tau and beta"};
  out.converged = r.converged, out.aicc = r.aicc;
  if (!r.converged) context.warn("the fit did not converge: " + r.message);
  for (std::size_t k = 0; k < 4; ++k)
    if (r.at_bound[k])
      context.warn(
          fmt::format("{} of the stretched kernel ended at its bound", std::vector<std::string>{"scale", "friction", "tau", "beta"}[k]));
  const double misfit = std::sqrt(fits[best].result.chi2 / static_cast<double>(d.omega.size()));
  if (misfit > (d.error.empty() ? 0.2 : 5))
    context.warn(fmt::format(
        "no model describes the data: the best misses them by {:.2g} {} (root mean square); its parameters and errors mean little", misfit,
        d.error.empty() ? "of their size" : "standard errors"));
  // Where nu0 is far below L the modes follow the strain: M'' = A sum s/L w Re nu, the kernel alone, of which only A nu0 is known.
  double total = 0, weighted = 0;
  for (std::size_t k = 0; k < d.modes.square.size(); ++k) total += d.modes.strength[k], weighted += d.modes.strength[k] / d.modes.square[k];
  if (out.nu0.value * weighted / total < 0.3 || r.condition > 1e12 || r.error[0] > 1)
    context.warn("the data hardly depend on the modes: only the product of scale and nu0 is known, not the two; friction goes with them");
  out.omega = d.omega, out.loss = d.loss, out.fit = curve_of(models[0], r.value, d.omega);
  for (std::size_t k = 0; k < d.loss.size(); ++k)
    out.residual.push_back((out.fit[k] - d.loss[k]) / (d.error.empty() ? d.loss[k] : d.error[k]));
  const auto control = [&](std::size_t k) {
    return fits[k].good ? curve_of(models[k], fits[k].result.value, d.omega) : std::vector<double>(d.omega.size(), nan);
  };
  out.control_debye = control(3), out.control_exponential = control(1), out.control_constant = control(2);
  return out;
}

const ColumnRoles& NonaffineFitOptions::columns() {
  static const ColumnRoles roles = {
      {"omega", "rad/s", "angular frequency of the loss", false, {"frequency", "f", "w", "angularfrequency"}},
      {"loss", "GPa", "loss modulus", false, {"lossmodulus", "e''", "g''", "shearloss"}},
      {"loss_error", "GPa", "its standard error", false, {}},
      {"mode_frequency", "THz", "of the modes, as relaxation nonaffine writes them", false, {}},
      {"mode_strength", "GPa", "of the modes", false, {}},
  };
  return roles;
}

const Fields& NonaffineFitOptions::fields() {
  static const Fields table = {
      field<&NonaffineFitOptions::beta>("beta", "1", "exponent of the memory, kept instead of fitted").range(0.1, 1),
      field<&NonaffineFitOptions::tau>("tau", "s", "time of the memory, kept instead of fitted").positive(),
      field<&NonaffineFitOptions::friction>("friction", "1/s", "nu(0), without files").positive(),
      field<&NonaffineFitOptions::debye_frequency>("debye_frequency", "THz", "of the spectrum without files").positive(),
      field<&NonaffineFitOptions::omega>("omega", "rad/s", "angular frequencies without files; unset: around the peak"),
  };
  return table;
}

const Fields& NonaffineFit::fields() {
  static const Fields table = {
      field<&NonaffineFit::scale>("scale", "1", "measured relaxation strength over that of the modes"),
      field<&NonaffineFit::friction>("friction", "1/s", "nu(0)"),
      field<&NonaffineFit::tau>("tau", "s", "time of the memory"),
      field<&NonaffineFit::beta>("beta", "1", "exponent b of the memory"),
      field<&NonaffineFit::nu0>("nu0", "1/s^2", "amplitude of the memory"),
      field<&NonaffineFit::best>("best", "", "model with the smallest AICc"),
      field<&NonaffineFit::verdict>("verdict", "", "whether the controls fail"),
      field<&NonaffineFit::models>("models", "", "spectrum and kernel, fitted alike").exact("misfits"),
      field<&NonaffineFit::omega>("omega", "rad/s", "angular frequency").log_axis(),
      field<&NonaffineFit::loss>("loss", "GPa", "measured").over("omega", Plot::points).log_axis().exact("data"),
      field<&NonaffineFit::fit>("fit", "GPa", "modes with the stretched memory").over("omega").with("loss").exact("see the parameters"),
      field<&NonaffineFit::control_debye>("control_debye", "GPa", "Debye spectrum with the stretched memory")
          .over("omega")
          .with("loss")
          .exact("a control"),
      field<&NonaffineFit::control_exponential>("control_exponential", "GPa", "modes with the exponential memory")
          .over("omega")
          .with("loss")
          .exact("a control"),
      field<&NonaffineFit::control_constant>("control_constant", "GPa", "modes with a constant friction")
          .over("omega")
          .with("loss")
          .exact("a control"),
      field<&NonaffineFit::residual>("residual", "1", "of fit, relative or in standard errors")
          .over("omega", Plot::points)
          .exact("a residual"),
      field<&NonaffineFit::converged>("converged", "", "the fit of the modes with the stretched memory"),
      field<&NonaffineFit::aicc>("aicc", "1", "of that fit").exact("a criterion"),
  };
  return table;
}

const Analysis& nonaffine_fit_analysis() {
  static const Analysis entry = analysis<&nonaffine_fit>(
      "relaxation", "nonaffine_fit", "a measured loss by the modes of a glass with memory friction, beside controls",
      {{"Cui, Yang, Qiao, Jiang, Dai, Wang, Zaccone, Phys. Rev. B 96, 094203 (2017)", "10.1103/PhysRevB.96.094203"},
       {"Burnham, Anderson, Sociol. Methods Res. 33, 261 (2004)", "10.1177/0049124104268644"}});
  return entry;
}

}  // namespace heteroglass::relaxation
