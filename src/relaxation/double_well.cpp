#include "relaxation/double_well.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::relaxation {
namespace {

constexpr double k = constants::boltzmann;

double ln_cosh(double x) { return std::abs(x) + std::log1p(std::exp(-2 * std::abs(x))) - std::numbers::ln2; }

/// One state of the glass.
struct State {
  double ln_tau = 0, ln_tau_error = 0, ln_loss = 0, ln_loss_error = 0;
};

/// D/2kT = arcosh sqrt(G''_0/G''_max).
double half_asymmetry(double ln_loss0, double ln_loss) {
  const double x = ln_loss0 - ln_loss;
  return x > 0 ? std::acosh(std::exp(x / 2)) : 0;
}

std::vector<State> states(const Curve& c) {
  const CurveColumn *tau = c.find("relaxation_time"), *f = c.find("peak_frequency"), *loss = c.find("loss_maximum");
  if (!loss || (!tau && !f))
    throw InputError(fmt::format("{}: a series must have loss_maximum and relaxation_time or peak_frequency, got {} column(s)", c.source,
                                 c.columns.size()));
  const CurveColumn *tau_error = c.find("relaxation_time_error"), *loss_error = c.find("loss_maximum_error");
  std::vector<State> out;
  for (std::size_t i = 0; i < c.size(); ++i) {
    const double t = tau ? tau->values[i] : 1 / (2 * std::numbers::pi * f->values[i]);
    if (!(t > 0) || !std::isfinite(t) || !(loss->values[i] > 0))
      throw InputError(
          fmt::format("{}: time and loss of row {} must be positive, got {:g} s and {:g} GPa", c.source, i + 1, t, loss->values[i]));
    out.push_back({std::log(t), tau_error ? tau_error->values[i] / t : 0, std::log(loss->values[i]),
                   loss_error ? loss_error->values[i] / loss->values[i] : 0});
  }
  if (out.size() < 2) throw InputError(fmt::format("{}: a series must have at least 2 states, got {}", c.source, out.size()));
  return out;
}

bool with_errors(const std::vector<State>& s) {
  return std::ranges::all_of(s, [](const State& i) { return i.ln_tau_error > 0 || i.ln_loss_error > 0; });
}

/// ln tau = b - a x, x = ln(G''/G_u); error of x counts through the slope.
numeric::LeastSquares line(const std::vector<State>& s, double ln_modulus) {
  const bool known = with_errors(s);
  numeric::LeastSquaresSettings settings;
  settings.known_errors = known;
  const State &first = s.front(), &last = s.back();
  const double dx = last.ln_loss - first.ln_loss, a = dx != 0 ? -(last.ln_tau - first.ln_tau) / dx : 1;
  return numeric::least_squares(
      {{"slope", a}, {"intercept", first.ln_tau + a * (first.ln_loss - ln_modulus)}}, s.size(),
      [&](std::span<const double> p, std::span<double> r, double*) {
        for (std::size_t i = 0; i < s.size(); ++i)
          r[i] = (s[i].ln_tau - p[1] + p[0] * (s[i].ln_loss - ln_modulus)) /
                 (known ? std::hypot(s[i].ln_tau_error, p[0] * s[i].ln_loss_error) : 1);
      },
      settings);
}

/// The whole of (2.11) with U = a D; ln tau0 and ln G''_0, one of them fixed.
numeric::LeastSquares whole(const std::vector<State>& s, double slope, double intercept_0, const DoubleWellOptions& o) {
  const bool known = with_errors(s);
  double highest = -1e300;
  for (const State& i : s) highest = std::max(highest, i.ln_loss);
  // b = ln 2 tau0 + a ln 4 G''_0 gives the missing one to begin with (G_u = 1 GPa).
  const double ln_tau0 = o.tau0 ? std::log(*o.tau0) : intercept_0 - std::numbers::ln2 - slope * std::log(4 * *o.loss0);
  const double ln_loss0 =
      o.loss0 ? std::log(*o.loss0) : std::max((intercept_0 - std::numbers::ln2 - ln_tau0) / slope - std::log(4), highest + 0.1);
  numeric::LeastSquaresSettings settings;
  settings.known_errors = known;
  return numeric::least_squares(
      {{"ratio", slope, 1e-3, 1e3},
       {"ln_tau0", ln_tau0, -80, 20, o.tau0.has_value()},
       {"ln_loss0", ln_loss0, highest + 1e-9, 100, o.loss0.has_value()}},
      s.size(),
      [&](std::span<const double> p, std::span<double> r, double*) {
        for (std::size_t i = 0; i < s.size(); ++i) {
          const double d = half_asymmetry(p[2], s[i].ln_loss);
          const double model = p[1] + (2 * p[0] + 1) * d - ln_cosh(d);
          r[i] = (s[i].ln_tau - model) / (known ? std::hypot(s[i].ln_tau_error, p[0] * s[i].ln_loss_error) : 1);
        }
      },
      settings);
}

/// U and D of each state.
void fill_wells(const std::vector<State>& s, double t, double tau0_error, double loss0_error, DoubleWell& out) {
  const double ln_tau0 = std::log(out.tau0.value), ln_loss0 = std::log(out.loss0.value), kt = k * t;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i].ln_loss > ln_loss0)
      throw InputError(fmt::format("loss maximum of row {}: must not exceed G''_0 = {:g} GPa, got {:g} GPa", i + 1, out.loss0.value,
                                   std::exp(s[i].ln_loss)));
    const double d = half_asymmetry(ln_loss0, s[i].ln_loss);
    // d (D/2kT) / d ln(G''_0/G'') = 1/(2 tanh d);   U/kT = ln(tau/tau0) + ln cosh d - d
    const double slope = 0.5 / std::tanh(std::max(d, 1e-9)), x_error = std::hypot(s[i].ln_loss_error, loss0_error);
    out.asymmetry.push_back(2 * kt * d), out.asymmetry_error.push_back(2 * kt * slope * x_error);
    out.barrier.push_back(kt * (s[i].ln_tau - ln_tau0 + ln_cosh(d) - d));
    const double by_d = (std::tanh(d) - 1) * slope * x_error;
    out.barrier_error.push_back(kt * std::sqrt(s[i].ln_tau_error * s[i].ln_tau_error + tau0_error * tau0_error + by_d * by_d));
  }
}

/// A value with the relative error of an option; none where that is 0.
Measured carried(double value, double relative, const char* how, const char* why_none) {
  if (!(relative > 0)) return {value, NAN, why_none};
  return {value, value * relative, how};
}

Measured given(double value, double relative) { return carried(value, relative, "given", "given without an error"); }

DoubleWell formula(const DoubleWellOptions& o) {
  if (!o.barrier || !o.asymmetry || !o.temperature || !o.tau0 || !o.loss0)
    throw InputError("--barrier, --asymmetry, --temperature, --tau0, --loss0: must all be given when there is no file, got fewer");
  const double d = *o.asymmetry / (2 * k * *o.temperature);
  DoubleWell out;
  const double tau = *o.tau0 * std::exp(*o.barrier / (k * *o.temperature) + d - ln_cosh(d)), loss = *o.loss0 * std::exp(-2 * ln_cosh(d));
  out.relaxation_time = carried(tau, o.tau0_error, "of ln tau0 only", "formula at exact values; --tau0-error gives that of tau0");
  out.loss_maximum = carried(loss, o.loss0_error, "of ln G''_0 only", "formula at exact values; --loss0-error gives that of G''_0");
  out.tau0 = given(*o.tau0, o.tau0_error), out.loss0 = given(*o.loss0, o.loss0_error);
  for (Measured* m : {&out.slope, &out.intercept, &out.ratio}) m->note = "needs a series";
  return out;
}

}  // namespace

const ColumnRoles& DoubleWellOptions::columns() {
  static const ColumnRoles roles = {
      {"loss_maximum", "GPa", "height of the beta loss peak", true, {"gmax", "g''max", "e''max", "m''max", "lossmax", "peakheight"}},
      {"relaxation_time", "s", "of the beta peak", false, {"tau", "taubeta"}},
      {"peak_frequency", "Hz", "of the loss maximum, tau = 1/(2 pi f)", false, {"fmax", "frequencymax", "frequency", "f"}},
      {"aging_time", "s", "time of annealing", false, {"ta", "annealingtime", "time", "t"}},
      {"relaxation_time_error", "s", "standard error", false, {"tauerror"}},
      {"loss_maximum_error", "GPa", "standard error", false, {"losserror", "lossmaxerror"}},
  };
  return roles;
}

const Fields& DoubleWellOptions::fields() {
  using O = DoubleWellOptions;
  static const Fields table = {
      field<&O::barrier>("barrier", "eV", "U, from the upper well").non_negative(),
      field<&O::asymmetry>("asymmetry", "eV", "D, energy of the upper over the lower well").non_negative(),
      field<&O::temperature>("temperature", "K", "of the test; unset: from the file").positive(),
      field<&O::tau0>("tau0", "s", "time of an attempt").positive(),
      field<&O::loss0>("loss0", "GPa", "G''_0, the loss maximum of symmetric wells").positive(),
      field<&O::tau0_error>("tau0_error", "1", "standard error of ln tau0").non_negative(),
      field<&O::loss0_error>("loss0_error", "1", "standard error of ln G''_0").non_negative(),
      field<&O::unrelaxed_modulus>("unrelaxed_modulus", "GPa", "G_u, which moves the intercept b only").positive(),
  };
  return table;
}

const Fields& DoubleWell::fields() {
  using R = DoubleWell;
  static const Fields table = {
      field<&R::relaxation_time>("relaxation_time", "s", "tau_beta of the two wells given"),
      field<&R::loss_maximum>("loss_maximum", "GPa", "G''_max of the two wells given"),
      field<&R::slope>("slope", "1", "a of ln tau = b - a ln(G''_max/G_u)"),
      field<&R::intercept>("intercept", "1", "b, tau in s"),
      field<&R::ratio>("ratio", "1", "U/D by the whole of (2.11); with tau0 and G''_0 given, dU/dD of the states"),
      field<&R::tau0>("tau0", "s", "time of an attempt, given or fitted"),
      field<&R::loss0>("loss0", "GPa", "G''_0, given or fitted"),
      field<&R::aging_time>("aging_time", "s", "of the states").exact("as read"),
      field<&R::loss>("loss", "GPa", "loss maximum of the states").exact("see loss_error").log_axis(),
      field<&R::loss_error>("loss_error", "GPa", "as read; 0 where not given").error_for("loss"),
      field<&R::tau>("tau", "s", "relaxation time of the states").over("loss", Plot::points).log_axis(),
      field<&R::tau_error>("tau_error", "s", "as read; 0 where not given").error_for("tau"),
      field<&R::tau_line>("tau_line", "s", "line of slope -a through them")
          .over("loss")
          .with("tau")
          .exact("see slope, intercept")
          .log_axis(),
      field<&R::asymmetry>("asymmetry", "eV", "D of the states").exact("see asymmetry_error"),
      field<&R::asymmetry_error>("asymmetry_error", "eV", "from the errors of the loss and of G''_0").error_for("asymmetry"),
      field<&R::barrier>("barrier", "eV", "U of the states").over("asymmetry", Plot::points),
      field<&R::barrier_error>("barrier_error", "eV", "from the errors of tau, loss, tau0 and G''_0").error_for("barrier"),
  };
  return table;
}

DoubleWell double_well(std::span<const Curve> curves, const DoubleWellOptions& o, Context& context) {
  if (curves.empty()) return formula(o);
  const Curve& c = curves[0];
  const std::vector<State> s = states(c);
  DoubleWell out;
  for (Measured* m : {&out.relaxation_time, &out.loss_maximum}) m->note = "see the states";
  if (const CurveColumn* t = c.find("aging_time")) out.aging_time = t->values;
  const double ln_modulus = std::log(o.unrelaxed_modulus);
  const numeric::LeastSquares l = line(s, ln_modulus);
  const std::string how = with_errors(s) ? "covariance of the given errors"
                          : s.size() > 2 ? "scatter about the line"
                                         : "two states without errors leave none";
  out.slope = {l.value[0], l.error[0], how}, out.intercept = {l.value[1], l.error[1], how};
  if (s.size() == 2 && !with_errors(s)) out.slope.error = out.intercept.error = NAN;
  for (const State& i : s) {
    out.loss.push_back(std::exp(i.ln_loss)), out.loss_error.push_back(out.loss.back() * i.ln_loss_error);
    out.tau.push_back(std::exp(i.ln_tau)), out.tau_error.push_back(out.tau.back() * i.ln_tau_error);
    out.tau_line.push_back(std::exp(l.value[1] - l.value[0] * (i.ln_loss - ln_modulus)));
  }
  const std::optional<double> temperature = o.temperature ? o.temperature : c.property("temperature", "K");
  out.ratio.note = out.tau0.note = out.loss0.note = "needs --tau0 or --loss0";
  if (!o.tau0 && !o.loss0) {
    context.warn("without --tau0 or --loss0 the wells themselves are not known: only the slope a and the intercept b are given");
    return out;
  }
  if (!temperature) throw InputError(fmt::format("{}: the temperature of the test must be given (--temperature 343K), got none", c.source));
  double tau0_error = o.tau0_error, loss0_error = o.loss0_error;
  if (o.tau0) out.tau0 = given(*o.tau0, o.tau0_error);
  if (o.loss0) out.loss0 = given(*o.loss0, o.loss0_error);
  if (!o.tau0 || !o.loss0) {
    if (s.size() < 3)
      throw InputError(
          fmt::format("{}: with one of --tau0 and --loss0 the other must be fitted to at least 3 states, got {}", c.source, s.size()));
    const numeric::LeastSquares f = whole(s, l.value[0], l.value[1] + l.value[0] * (-ln_modulus), o);
    if (!f.converged) context.warn("the fit of (2.11) did not settle: " + f.message);
    out.ratio = {f.value[0], f.error[0], how};
    tau0_error = std::hypot(tau0_error, f.error[1]), loss0_error = std::hypot(loss0_error, f.error[2]);
    if (!o.tau0) out.tau0 = {std::exp(f.value[1]), std::exp(f.value[1]) * f.error[1], how};
    if (!o.loss0) out.loss0 = {std::exp(f.value[2]), std::exp(f.value[2]) * f.error[2], how};
  }
  fill_wells(s, *temperature, tau0_error, loss0_error, out);
  if (o.tau0 && o.loss0) {
    std::vector<State> wells;
    for (std::size_t i = 0; i < s.size(); ++i) {
      // G''_0 and tau0 move all states together: only the errors of the states themselves bear on the slope.
      const double x_error = k * *temperature * s[i].ln_loss_error / std::tanh(std::max(out.asymmetry[i] / (2 * k * *temperature), 1e-9));
      wells.push_back({out.barrier[i], k * *temperature * s[i].ln_tau_error, out.asymmetry[i], x_error});
    }
    const numeric::LeastSquares f = line(wells, 0);
    out.ratio = {-f.value[0], s.size() > 2 || with_errors(s) ? f.error[0] : NAN, how};
  }
  if (out.asymmetry.front() < 4 * k * *temperature)
    context.warn(fmt::format("D = {:.3g} eV is not large against 2kT = {:.3g} eV: the slope a is not U/D; see ratio", out.asymmetry.front(),
                             2 * k * *temperature));
  return out;
}

const Analysis& double_well_analysis() {
  static const Analysis entry =
      analysis<&double_well>("relaxation", "double_well", "barrier and asymmetry of beta relaxation from a series of aging",
                             {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019), equations 2.9-2.12", "10.1016/j.pmatsci.2019.04.005"},
                              {"Dyre, Olsen, Phys. Rev. Lett. 91, 155703 (2003)", "10.1103/PhysRevLett.91.155703"}});
  return entry;
}

}  // namespace heteroglass::relaxation
